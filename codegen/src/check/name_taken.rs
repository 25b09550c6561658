//! `name-taken`: no two apps claim one slug or alias.

use std::collections::HashMap;

use crate::diagnostics::Diagnostic;
use crate::model::{App, Model, Placed};

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for (taken, first) in clashes(model) {
        let (owner, name) = first;
        let message = format!("name `{}` is claimed by two apps", name.value);
        let help = format!("app `{}` keeps it; give the other one another slug or alias", owner.slug.value);
        diagnostics.push(
            Diagnostic::error("name-taken", taken.1.place, message)
                .label(format!("claimed by app `{}`, folder `{}`", taken.0.slug.value, taken.0.folder))
                .also(name.place, format!("claimed first by app `{}`, folder `{}`", owner.slug.value, owner.folder))
                .help(help),
        );
    }
}

type Claim<'a> = (&'a App, &'a Placed<String>);

/// Each claim on a name that another app has, with the claim that goes first: a slug before an alias, then by order.
fn clashes(model: &Model) -> Vec<(Claim<'_>, Claim<'_>)> {
    let slugs = model.apps.iter().map(|app| (app, &app.slug));
    let aliases = model.apps.iter().flat_map(|app| app.aliases.iter().map(move |alias| (app, alias)));
    let mut owners: HashMap<&str, Claim<'_>> = HashMap::new();
    let mut clashes = Vec::new();
    for claim in slugs.chain(aliases) {
        let owner = *owners.entry(&claim.1.value).or_insert(claim);
        if owner.0.folder != claim.0.folder {
            clashes.push((claim, owner));
        }
    }
    clashes
}

/// Whether two apps claim one name: what else they share follows from that, and is not told as well.
pub(super) fn share_a_name(a: &App, b: &App) -> bool {
    let names = |app: &App| -> Vec<String> {
        std::iter::once(&app.slug).chain(&app.aliases).map(|name| name.value.clone()).collect()
    };
    let others = names(b);
    names(a).iter().any(|name| others.contains(name))
}
