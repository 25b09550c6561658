//! `requires-circle`: what is loaded before an app is not loaded behind it.

use crate::diagnostics::Diagnostic;
use crate::graph;
use crate::model::{App, Model};
use crate::source::Place;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let edges: Vec<Vec<usize>> = model.apps.iter().map(|app| model.targets(&app.requires)).collect();
    for group in graph::groups(&edges) {
        let Some(circle) = graph::circle(&edges, &group, group.first().copied().unwrap_or(0)) else { continue };
        let slugs: Vec<_> = circle.iter().chain(circle.first()).map(|idx| slug(model, *idx)).collect();
        let cuts = graph::cuts(&edges, &group);
        let Some(place) = cuts.first().and_then(|(from, to)| place(model, *from, *to)) else { continue };
        if let [itself] = circle.as_slice() {
            let message = format!("app `{}` requires itself", slug(model, *itself));
            diagnostics.push(Diagnostic::error("requires-circle", place, message).help("take the name out"));
            continue;
        }
        let message = format!("`requires` goes in a circle: {}", slugs.join(" -> "));
        let mut diagnostic = Diagnostic::error("requires-circle", place, message).label("closes the circle");
        for (from, to) in circle.iter().zip(circle.iter().cycle().skip(1)) {
            let also = self::place(model, *from, *to).filter(|also| *also != place);
            if let Some(also) = also {
                diagnostic = diagnostic.also(also, format!("`{}` requires `{}`", slug(model, *from), slug(model, *to)));
            }
        }
        diagnostics.push(diagnostic.help(help(model, &cuts)));
    }
}

fn slug(model: &Model, idx: usize) -> String {
    model.apps.get(idx).map_or_else(String::new, |app| app.slug.value.clone())
}

fn help(model: &Model, cuts: &[(usize, usize)]) -> String {
    let edge = |(from, to): &(usize, usize)| format!("`{}` -> `{}`", slug(model, *from), slug(model, *to));
    let edges: Vec<_> = cuts.iter().map(edge).collect();
    let what = if edges.len() == 1 { "this edge" } else { "these edges" };
    format!("the cheapest cut: move {what} from `requires` to `uses`: {}", edges.join(", "))
}

/// Where app `from` says that it requires app `to`.
fn place(model: &Model, from: usize, to: usize) -> Option<Place> {
    let names = |app: &App| app.requires.iter().find(|required| model.target(required) == Some(to)).map(|it| it.place);
    model.apps.get(from).and_then(names)
}
