//! `unknown-app`: every app that somebody names is there.

use super::did_you_mean;
use crate::diagnostics::Diagnostic;
use crate::model::{AppRef, Model};

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    // The names of an app whose manifest is not whole may be in what could not be read.
    if model.apps.iter().any(|app| !app.is_whole) {
        return;
    }
    let mut look_up = |references: &[AppRef]| {
        for reference in references.iter().filter(|reference| model.target(reference).is_none()) {
            let known = model.apps.iter().flat_map(|app| {
                std::iter::once(app.slug.value.as_str()).chain(app.aliases.iter().map(|alias| alias.value.as_str()))
            });
            let message = format!("no app has the slug or alias `{}`", reference.name);
            let help = did_you_mean(&reference.name, known);
            diagnostics.push(Diagnostic::error("unknown-app", reference.place, message).help(help));
        }
    };
    look_up(&model.host.core);
    for selection in &model.host.selections {
        let apps: Vec<AppRef> = selection.apps.iter().filter(|app| app.name != "@core").cloned().collect();
        look_up(&apps);
    }
    for app in &model.apps {
        look_up(&app.requires);
        look_up(&app.uses);
        for route in &app.routes {
            look_up(&route.preload);
            look_up(&route.overrides);
        }
    }
}
