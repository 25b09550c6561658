//! `name-taken`: no two apps claim one slug or alias, and no app claims one twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostics::Diagnostic;
use crate::model::{App, Model, Placed};

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for (taken, first) in clashes(model) {
        let (owner, name) = first;
        if owner.folder == taken.0.folder {
            diagnostics.push(claimed_twice(taken, name));
            continue;
        }
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

fn claimed_twice((app, again): Claim<'_>, first: &Placed<String>) -> Diagnostic {
    let message = format!("app `{}` claims the name `{}` twice", app.slug.value, again.value);
    Diagnostic::error("name-taken", again.place, message).also(first.place, "claimed first").help("take the alias out")
}

type Claim<'a> = (&'a App, &'a Placed<String>);

/// Each claim on a name that is claimed already, with the claim that goes first: a slug before an alias, then by order.
fn clashes(model: &Model) -> Vec<(Claim<'_>, Claim<'_>)> {
    // A folder's name, which stands in for a slug that is missing, claims nothing.
    let slugs = model.apps.iter().filter(|app| app.has_slug).map(|app| (app, &app.slug));
    let aliases = model.apps.iter().flat_map(|app| app.aliases.iter().map(move |alias| (app, alias)));
    let mut owners: HashMap<&str, Claim<'_>> = HashMap::new();
    let mut clashes = Vec::new();
    for claim in slugs.chain(aliases) {
        match owners.entry(&claim.1.value) {
            Entry::Vacant(free) => _ = free.insert(claim),
            Entry::Occupied(owner) => clashes.push((claim, *owner.get())),
        }
    }
    clashes
}

/// Whether two different apps claim one name: what else they share follows from that, and is not told as well.
pub(super) fn share_a_name(a: &App, b: &App) -> bool {
    a.folder != b.folder && names(a).any(|name| names(b).any(|other| other.value == name.value))
}

fn names(app: &App) -> impl Iterator<Item = &Placed<String>> {
    std::iter::once(&app.slug).chain(&app.aliases)
}
