//! `requires-circle`: what is loaded before an app is not loaded behind it.
//!
//! Apps that require one another are told of once, however many circles they make: one circle is shown, and the edges
//! that break all of them.

use crate::diagnostics::Diagnostic;
use crate::graph::{self, Group};
use crate::model::{App, Model};
use crate::source::Place;

/// The most apps of a circle that are shown, and the most edges that are proposed: more would not be read.
const MAX_SHOWN: usize = 8;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for group in graph::groups(&model.requires()) {
        let (loops, cuts): (Vec<_>, Vec<_>) = group.cuts().into_iter().partition(|(from, to)| from == to);
        diagnostics.extend(loops.into_iter().filter_map(|(itself, _)| requires_itself(model, itself)));
        diagnostics.extend(circle(model, &group, &cuts));
    }
}

fn requires_itself(model: &Model, itself: usize) -> Option<Diagnostic> {
    let message = format!("app `{}` requires itself", slug(model, itself));
    let place = place(model, itself, itself)?;
    Some(Diagnostic::error("requires-circle", place, message).help("take the name out"))
}

/// Apps that require one another; the circle that is shown goes through the first edge to cut.
fn circle(model: &Model, group: &Group, cuts: &[(usize, usize)]) -> Option<Diagnostic> {
    let (from, to) = *cuts.first()?;
    let circle = group.circle_through((from, to));
    let place = place(model, from, to)?;
    let diagnostic = Diagnostic::error("requires-circle", place, message(model, group, &circle));
    let edges = circle.iter().zip(circle.iter().skip(1)).take(MAX_SHOWN - 1);
    let also = |diagnostic: Diagnostic, (from, to): (&usize, &usize)| match self::place(model, *from, *to) {
        Some(place) => diagnostic.also(place, format!("`{}` requires `{}`", slug(model, *from), slug(model, *to))),
        None => diagnostic,
    };
    Some(edges.fold(diagnostic.label("closes the circle"), also).help(help(model, cuts)))
}

fn message(model: &Model, group: &Group, circle: &[usize]) -> String {
    let slugs: Vec<_> = circle.iter().map(|node| slug(model, *node)).collect();
    let way = match slugs.as_slice() {
        [shown @ .., last] if shown.len() >= MAX_SHOWN => {
            format!("{} -> ... -> {last}", shown.iter().take(MAX_SHOWN - 1).copied().collect::<Vec<_>>().join(" -> "))
        }
        all => all.join(" -> "),
    };
    let way = format!("{way} -> {}", slugs.first().copied().unwrap_or_default());
    match group.nodes().len() {
        n if n > circle.len() => format!("`requires` goes in circles among {n} apps, such as: {way}"),
        n if n > MAX_SHOWN => format!("`requires` goes in a circle of {n} apps: {way}"),
        _ => format!("`requires` goes in a circle: {way}"),
    }
}

fn help(model: &Model, cuts: &[(usize, usize)]) -> String {
    let edge = |(from, to): &(usize, usize)| format!("`{}` -> `{}`", slug(model, *from), slug(model, *to));
    let edges: Vec<_> = cuts.iter().take(MAX_SHOWN).map(edge).collect();
    let (n, edges) = (cuts.len(), edges.join(", "));
    match n - n.min(MAX_SHOWN) {
        0 if n == 1 => format!("move this edge from `requires` to `uses`: {edges}"),
        0 => format!("move these {n} edges from `requires` to `uses`: {edges}"),
        more => {
            format!("move {n} edges from `requires` to `uses`: {edges}, and {more} more that `bakehouse graph` lists")
        }
    }
}

fn slug(model: &Model, idx: usize) -> &str {
    model.apps.get(idx).map_or("", |app| &app.slug.value)
}

/// Where app `from` says that it requires app `to`.
fn place(model: &Model, from: usize, to: usize) -> Option<Place> {
    let names = |app: &App| app.requires.iter().find(|required| model.target(required) == Some(to)).map(|it| it.place);
    model.apps.get(from).and_then(names)
}
