//! `route-conflict`: no two patterns are equal once the names of their params are erased, unless they share no method.

use std::collections::HashSet;

use super::{Candidate, Routes};
use crate::diagnostics::Diagnostic;
use crate::model::Route;
use crate::source::Place;

pub(super) fn check(routes: &Routes<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut told = HashSet::new();
    for node in &routes.tree.nodes {
        for equal in [&node.ends, &node.catch_alls] {
            check_equal(routes, equal, &mut told, diagnostics);
        }
    }
}

/// Patterns that are equal: each against those before it.
fn check_equal<'a>(
    routes: &Routes<'a>,
    equal: &[usize],
    told: &mut HashSet<(Option<Place>, Place)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let candidates: Vec<&Candidate<'a>> = equal.iter().filter_map(|number| routes.candidates.get(*number)).collect();
    for (idx, candidate) in candidates.iter().enumerate() {
        let mut before = candidates.iter().take(idx);
        let clash = before.find(|other| other.shares_a_method(candidate) && !other.is_same_matter(candidate));
        if let (Some(first), Some((_, route))) = (clash, candidate.route)
            && told.insert((first.route.map(|(_, route)| route.place), route.place))
        {
            diagnostics.push(conflict(first, candidate, route));
        }
    }
}

fn conflict(first: &Candidate<'_>, second: &Candidate<'_>, route: &Route) -> Diagnostic {
    let Some((first_app, first_route)) = first.route else {
        let message = format!("pattern `{}` of app `{}` is a path of the host itself", route.text, second.slug());
        let help = format!("the host answers `{}`; serve something below `/{}/` instead", route.text, second.slug());
        return Diagnostic::error("route-conflict", route.place, message).help(help);
    };
    if first_route.place == route.place {
        let message = format!("pattern `{}` is given to every app alike", route.text);
        let help = "put `$slug` or `$name` into it, so that each app has its own";
        return Diagnostic::error("route-conflict", route.place, message).help(help);
    }
    let message = format!("two patterns match the same paths: `{}` and `{}`", first.text(), second.text());
    let diagnostic = Diagnostic::error("route-conflict", route.place, message)
        .label(format!("of app `{}`", second.slug()))
        .also(first_route.place, format!("of app `{}`", first_app.slug.value));
    let shared = first_route.methods.intersection(route.methods);
    let names: Vec<_> = shared.iter().map(bakehouse_runtime::Method::name).collect();
    let methods = if names.len() > 8 { "every method".to_owned() } else { format!("`{}`", names.join("`, `")) };
    diagnostic.help(format!("both serve {methods}; change one of the patterns, or give them different `methods`"))
}
