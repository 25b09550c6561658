//! `unknown-app`: every app that somebody names is there.

use bakehouse_manifest::Fix;

use super::did_you_mean;
use crate::diagnostics::Diagnostic;
use crate::model::{AppRef, Model};

/// Of more apps than this, the help does not list the slugs.
const MAX_LISTED: usize = 8;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    // Apps may be missing because the host manifest could not be read.
    if !model.host.is_whole {
        return;
    }
    for reference in references(model).filter(|reference| !may_be_known(model, reference)) {
        let message = format!("no app has the slug or alias `{}`", reference.name);
        let fix = Fix::of(&reference.name, names(model));
        let diagnostic = Diagnostic::error("unknown-app", reference.place, message).help(help(model, reference));
        diagnostics.push(diagnostic.fix(fix));
    }
}

/// Every name by which somebody speaks of an app.
fn references(model: &Model) -> impl Iterator<Item = &AppRef> {
    let selected = model.host.selections.iter().flat_map(|selection| &selection.apps).filter(|app| app.name != "@core");
    let routes =
        model.apps.iter().flat_map(|app| &app.routes).flat_map(|route| route.preload.iter().chain(&route.overrides));
    let edges = model.apps.iter().flat_map(|app| app.requires.iter().chain(&app.uses));
    model.host.core.iter().chain(selected).chain(edges).chain(routes)
}

/// Whether an app has the name, or one of which not all could be read may have it.
fn may_be_known(model: &Model, reference: &AppRef) -> bool {
    let others = || model.apps.iter().filter(|app| app.file != reference.place.file);
    model.target(reference).is_some() || others().any(|app| app.may_be_called(&reference.name))
}

/// The slugs, then the aliases.
fn names(model: &Model) -> impl Iterator<Item = &str> {
    let aliases = model.apps.iter().flat_map(|app| &app.aliases).map(|alias| alias.value.as_str());
    model.apps.iter().map(|app| app.slug.value.as_str()).chain(aliases)
}

fn help(model: &Model, reference: &AppRef) -> String {
    let slugs = || model.apps.iter().map(|app| app.slug.value.as_str());
    let near = did_you_mean(&reference.name, names(model));
    match model.apps.len() {
        _ if !near.is_empty() => near,
        0 => "there are no apps".to_owned(),
        1..=MAX_LISTED => format!("the apps are `{}`", slugs().collect::<Vec<_>>().join("`, `")),
        n => format!("write the slug or an alias of one of the {n} apps"),
    }
}
