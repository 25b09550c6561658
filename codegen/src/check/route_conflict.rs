//! `route-conflict`: no two patterns are equal once the names of their params are erased, unless they share no method.

use std::collections::{HashMap, HashSet};

use bakehouse_manifest::{Case, TrailingSlash};

use super::name_taken;
use crate::diagnostics::Diagnostic;
use crate::model::{App, Model, Route};
use crate::pattern::Pattern;

/// The paths that the host answers itself; they count as routes of an app `@host`.
const HOST_PATHS: [&str; 4] = ["/", "/healthz", "/readyz", "/metrics"];

/// A route as the conflict rules see it.
pub(super) struct Candidate<'a> {
    /// The app and the route; none for a path of the host itself.
    pub(super) route: Option<(&'a App, &'a Route)>,
    /// Its pattern, normalized.
    pub(super) pattern: Pattern,
}

impl Candidate<'_> {
    pub(super) fn slug(&self) -> &str {
        self.route.map_or("@host", |(app, _)| &app.slug.value)
    }

    pub(super) fn text(&self) -> &str {
        self.route.map_or("", |(_, route)| &route.text)
    }

    /// Whether some method is served by both.
    pub(super) fn shares_a_method(&self, other: &Self) -> bool {
        let (Some((_, a)), Some((_, b))) = (self.route, other.route) else { return true };
        !a.methods.intersection(b.methods).is_empty()
    }

    /// Whether what the two have in common is told of by another rule, or is of no interest.
    pub(super) fn is_same_matter(&self, other: &Self) -> bool {
        match (self.route, other.route) {
            (Some((a, _)), Some((b, _))) => a.folder != b.folder && name_taken::share_a_name(a, b),
            _ => false,
        }
    }
}

/// Every route whose pattern could be parsed, normalized, the host's own paths first.
pub(super) fn candidates(model: &Model) -> Vec<Candidate<'_>> {
    let ignore_case = model.host.case == Case::Insensitive;
    let ignore_slash = model.host.trailing_slash != TrailingSlash::Strict;
    let own = HOST_PATHS.iter().filter_map(|path| Some((None, Pattern::parse(path).ok()?)));
    let routes = model.apps.iter().flat_map(|app| app.routes.iter().map(move |route| (app, route)));
    let routes = routes.filter_map(|(app, route)| Some((Some((app, route)), route.pattern.clone().ok()?)));
    let normalize =
        |(route, pattern): (_, Pattern)| Candidate { route, pattern: pattern.normalized(ignore_case, ignore_slash) };
    own.chain(routes).map(normalize).collect()
}

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let candidates = candidates(model);
    let mut equal: HashMap<&Pattern, Vec<&Candidate<'_>>> = HashMap::new();
    let mut told = HashSet::new();
    for candidate in &candidates {
        let before = equal.entry(&candidate.pattern).or_default();
        let clash = before.iter().find(|other| other.shares_a_method(candidate) && !other.is_same_matter(candidate));
        if let (Some(first), Some((_, route))) = (clash, candidate.route)
            && told.insert((first.route.map(|(_, route)| route.place), route.place))
        {
            diagnostics.push(conflict(first, candidate, route));
        }
        before.push(candidate);
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
