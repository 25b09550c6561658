//! `heavy-core`: a short list of core apps does not pull in most of the store through `requires`. Those apps would all
//! be loaded at start, which nobody sees from the list.

use std::collections::BTreeSet;

use crate::diagnostics::Diagnostic;
use crate::model::Model;

/// Of fewer apps, most are soon reached.
const MIN_APPS: usize = 8;

/// The most edges that are shown.
const MAX_SHOWN: usize = 3;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let listed: BTreeSet<usize> = model.targets(&model.host.core).into_iter().collect();
    let n_apps = model.apps.len();
    // Whoever lists most apps wants most apps.
    if n_apps < MIN_APPS || listed.is_empty() || listed.len() * 2 > n_apps {
        return;
    }
    let requires = model.requires();
    let pulled = reached(&requires, listed.iter().copied()).len() - listed.len();
    if pulled * 2 <= n_apps {
        return;
    }
    let heaviest = model.host.core.iter().max_by_key(|core| weight(model, &requires, core));
    let Some(place) = heaviest.map(|core| core.place) else { return };
    let message = format!("{} core apps pull in {pulled} more of {n_apps} apps through `requires`", listed.len());
    let diagnostic = Diagnostic::warning("heavy-core", place, message).label("pulls in the most");
    diagnostics.push(
        with_edges(model, &requires, diagnostic)
            .help("turn these `requires` into `uses` where the app can start without the other"),
    );
}

/// The apps that are loaded once some are, those among them.
fn reached(requires: &[Vec<usize>], from: impl Iterator<Item = usize>) -> BTreeSet<usize> {
    let mut open: Vec<usize> = from.collect();
    let mut seen: BTreeSet<usize> = open.iter().copied().collect();
    while let Some(app) = open.pop() {
        open.extend(requires.get(app).into_iter().flatten().copied().filter(|required| seen.insert(*required)));
    }
    seen
}

fn weight(model: &Model, requires: &[Vec<usize>], core: &crate::model::AppRef) -> usize {
    model.target(core).map_or(0, |app| reached(requires, std::iter::once(app)).len())
}

/// Shows the edges by which the core apps reach the most.
fn with_edges(model: &Model, requires: &[Vec<usize>], diagnostic: Diagnostic) -> Diagnostic {
    let core = model.targets(&model.host.core).into_iter().filter_map(|app| model.apps.get(app));
    let mut edges: Vec<_> = core
        .flat_map(|app| app.requires.iter().map(move |edge| (app, edge)))
        .map(|(app, edge)| (weight(model, requires, edge), app, edge))
        .collect();
    edges.sort_by_key(|(weight, ..)| std::cmp::Reverse(*weight));
    edges.into_iter().take(MAX_SHOWN).fold(diagnostic, |diagnostic, (weight, app, edge)| {
        let more = match weight {
            0 | 1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        diagnostic.also(edge.place, format!("`{}` loads `{}`{more}", app.slug.value, edge.name))
    })
}
