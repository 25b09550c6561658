//! The rules about what two routes have in common. Both look at one tree of all patterns.

mod conflict;
mod overlap;
mod slash_twins;

use std::borrow::Cow;

use bakehouse_manifest::{Case, TrailingSlash};

use super::name_taken;
use crate::diagnostics::Diagnostic;
use crate::model::{App, Model, Route};
use crate::pattern::{Equality, Pattern, Tree};
use crate::source::Place;

/// The paths that the host answers itself; they count as routes of an app `@host`.
const HOST_PATHS: [&str; 4] = ["/", "/healthz", "/readyz", "/metrics"];

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let equality = Equality {
        ignore_case: model.host.case == Case::Insensitive,
        ignore_slash: model.host.trailing_slash != TrailingSlash::Strict,
    };
    let candidates = candidates(model);
    let patterns = candidates.iter().enumerate().map(|(number, candidate)| (number, candidate.pattern.as_ref()));
    let tree = Tree::new(patterns, equality);
    let routes = Routes { candidates: &candidates, tree };
    conflict::check(&routes, diagnostics);
    overlap::check(model, &routes, diagnostics);
    slash_twins::check(&routes, diagnostics);
}

/// All routes and the tree of their patterns, in which they go by their numbers.
struct Routes<'a> {
    candidates: &'a [Candidate<'a>],
    tree: Tree<'a>,
}

/// A route as these rules see it.
struct Candidate<'a> {
    /// The app and the route; none for a path of the host itself.
    route: Option<(&'a App, &'a Route)>,
    pattern: Cow<'a, Pattern>,
}

/// Every route whose pattern could be parsed, the host's own paths first.
fn candidates(model: &Model) -> Vec<Candidate<'_>> {
    // Without the prefix, which may be what could not be read, a pattern only seems to be a path of the host.
    let own: &[_] = if model.host.is_whole { &HOST_PATHS } else { &[] };
    let own = own.iter().filter_map(|path| Pattern::parse(path).ok());
    let own = own.map(|pattern| Candidate { route: None, pattern: Cow::Owned(pattern) });
    let routes = model.apps.iter().flat_map(|app| app.routes.iter().map(move |route| (app, route)));
    let routes = routes.filter_map(|(app, route)| {
        let pattern = Cow::Borrowed(route.pattern.as_ref().ok()?);
        Some(Candidate { route: Some((app, route)), pattern })
    });
    own.chain(routes).collect()
}

impl Candidate<'_> {
    fn slug(&self) -> &str {
        self.route.map_or("@host", |(app, _)| &app.slug.value)
    }

    /// Where the pattern is written; nowhere for a path of the host itself.
    fn place(&self) -> Option<Place> {
        self.route.map(|(_, route)| route.place)
    }

    fn text(&self) -> &str {
        self.route.map_or("", |(_, route)| &route.text)
    }

    /// Whether some method is served by both.
    fn shares_a_method(&self, other: &Self) -> bool {
        let (Some((_, a)), Some((_, b))) = (self.route, other.route) else { return true };
        !a.methods.intersection(b.methods).is_empty()
    }

    /// Whether what the two have in common follows from something that is told elsewhere, or that is no mistake.
    fn is_same_matter(&self, other: &Self) -> bool {
        match (self.route, other.route) {
            // The names of one app may be equal once case is ignored; a pattern with `$name` is the same for them.
            (Some((a, route)), Some((b, other))) if a.folder == b.folder => route.place == other.place,
            (Some((a, _)), Some((b, _))) => name_taken::share_a_name(a, b),
            _ => false,
        }
    }
}
