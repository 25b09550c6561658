//! Finds the route of a path: the first of those that match, by precedence, among those that serve the method.
//!
//! # Rules
//! 1. A path is `/`-separated segments of raw bytes, without the query. Nothing is decoded; `%2F` never splits a segment.
//! 2. Segment by segment from the left, a literal goes before literal text around params, that before a param, and that
//!    before a catch-all. If the preferred branch fails further on, the next is tried.
//! 3. Patterns that do not serve the method are out before precedence. Where none serves `HEAD`, `GET` is looked for.
//! 4. With `trailing-slash` other than `strict`, a path that no pattern serves under the method is tried with one slash
//!    more or less at its end; `/` has no other form.
//! 5. A path that matches only under other methods answers with all of them.
//!
//! The index is a tree of segments. A walk visits each of its nodes at most once, and no more than
//! [`Table::visit_bound`] of them; a path takes one walk, one more for its other form, and for `HEAD` each once again for
//! `GET`. Nothing is allocated, but for the location of a redirect.

mod index;
mod params;
mod segment;

use std::cmp::Ordering;

pub use params::{DecodeError, Params, RawParam};

use self::index::{Index, Node};
use crate::table::{AppRecord, RouteRecord, TrailingSlash};
use crate::{Method, Methods, Table};

/// The answer to [`Table::find`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'t, 'p> {
    /// A route serves the path.
    Match(Match<'t, 'p>),
    /// The path matches, but only under these methods.
    WrongMethod(Methods),
    /// The client is to come back at another path, which differs in a slash at its end.
    Redirect {
        /// The path to come back at, without a query.
        location: Vec<u8>,
    },
    /// No route matches the path.
    Nothing,
}

/// A route and the path that it matched.
#[derive(Debug, Clone, Copy)]
pub struct Match<'t, 'p> {
    route: RouteRecord<'t>,
    path: &'p [u8],
}

impl<'t, 'p> Match<'t, 'p> {
    /// The route.
    pub fn route(self) -> RouteRecord<'t> {
        self.route
    }

    /// The app that serves it.
    pub fn app(self) -> AppRecord<'t> {
        self.route.app()
    }

    /// What the params of the route's pattern took of the path, cut when read.
    pub fn params(self) -> Params<'t, 'p> {
        self.route.params(self.path)
    }
}

impl PartialEq for Match<'_, '_> {
    fn eq(&self, other: &Self) -> bool {
        self.route.id() == other.route.id() && self.path == other.path
    }
}

impl Eq for Match<'_, '_> {}

impl<'t> Table<'t> {
    /// Finds the route that serves `path` under `method`.
    ///
    /// `path` is the raw path of a request, without its query; any bytes of any length.
    pub fn find<'p>(self, method: Method, path: &'p [u8]) -> Found<'t, 'p> {
        let Some(segments) = path.strip_prefix(b"/") else {
            return Found::Nothing;
        };
        let mut allowed = Methods::NONE;
        if let Some(route) = self.serving(method, Some(Rest::new(segments)), &mut allowed) {
            return Found::Match(Match { route, path });
        }
        if self.trailing_slash() != TrailingSlash::Strict
            && let Some(route) = self.serving(method, Rest::toggled(segments), &mut allowed)
        {
            return self.found_toggled(route, path);
        }
        if allowed.is_empty() { Found::Nothing } else { Found::WrongMethod(with_head(allowed)) }
    }

    /// Every route whose pattern matches `path`, under whatever method, in order of precedence.
    ///
    /// Unless a slash at the end of a path counts, those that match the path in its other form come behind. [`Table::find`]
    /// takes the first that serves the method; for `HEAD`, which falls to `GET`, see its rules.
    pub fn candidates(self, path: &[u8]) -> Vec<RouteRecord<'t>> {
        let mut candidates = Vec::new();
        let Some(segments) = path.strip_prefix(b"/") else {
            return candidates;
        };
        let mut note = |route| {
            candidates.push(route);
            false
        };
        self.search(Some(Rest::new(segments)), &mut note);
        if self.trailing_slash() != TrailingSlash::Strict {
            self.search(Rest::toggled(segments), &mut note);
        }
        candidates
    }

    /// The first route that serves the method; what the others before it serve is noted.
    fn serving(self, method: Method, rest: Option<Rest<'_>>, allowed: &mut Methods) -> Option<RouteRecord<'t>> {
        let found = self.search(rest, |route| {
            *allowed = allowed.union(route.methods());
            route.methods().contains(method)
        });
        if found.is_none() && method == Method::HEAD {
            return self.search(rest, |route| route.methods().contains(Method::GET));
        }
        found
    }

    /// Goes through the routes whose patterns match, in order of precedence, until one is accepted.
    fn search(self, rest: Option<Rest<'_>>, accept: impl FnMut(RouteRecord<'t>) -> bool) -> Option<RouteRecord<'t>> {
        let index = Index::new(self);
        Search { ignore_case: self.ignores_case(), accept }.walk(index.root()?, rest)
    }

    fn found_toggled<'p>(self, route: RouteRecord<'t>, path: &'p [u8]) -> Found<'t, 'p> {
        let shorter = path.strip_suffix(b"/");
        if self.trailing_slash() == TrailingSlash::Redirect {
            let location = shorter.map_or_else(|| [path, b"/"].concat(), <[u8]>::to_vec);
            return Found::Redirect { location };
        }
        Found::Match(Match { route, path: shorter.unwrap_or(path) })
    }
}

/// `HEAD` is allowed wherever `GET` is.
fn with_head(methods: Methods) -> Methods {
    if methods.contains(Method::GET) { methods.union(Method::HEAD.into()) } else { methods }
}

/// The part of a path that is still to be matched.
#[derive(Clone, Copy)]
struct Rest<'p> {
    bytes: &'p [u8],
    /// Whether one more empty segment follows, as if the path ended in a slash.
    slash_behind: bool,
}

impl<'p> Rest<'p> {
    fn new(bytes: &'p [u8]) -> Self {
        Self { bytes, slash_behind: false }
    }

    /// The path with a slash more or less at its end; none for `/`, which has no other form.
    fn toggled(bytes: &'p [u8]) -> Option<Self> {
        match bytes.split_last() {
            None => None,
            Some((b'/', shorter)) => Some(Self::new(shorter)),
            Some(_) => Some(Self { bytes, slash_behind: true }),
        }
    }

    /// The first segment, and what follows it.
    fn split(self) -> (&'p [u8], Option<Self>) {
        match self.bytes.iter().position(|byte| *byte == b'/') {
            Some(at) => {
                let (segment, rest) = self.bytes.split_at(at);
                (segment, Some(Self { bytes: rest.get(1..).unwrap_or_default(), ..self }))
            }
            None => (self.bytes, self.slash_behind.then_some(Self::new(b""))),
        }
    }
}

struct Search<F> {
    ignore_case: bool,
    /// Whether a route whose pattern matches is the one that is looked for.
    accept: F,
}

impl<'t, F: FnMut(RouteRecord<'t>) -> bool> Search<F> {
    /// The depth is at most that of the index, which a bake limits.
    fn walk(&mut self, node: Node<'_, 't>, rest: Option<Rest<'_>>) -> Option<RouteRecord<'t>> {
        let Some(rest) = rest else {
            return node.leaves().find(|route| (self.accept)(*route));
        };
        let (segment, next) = rest.split();
        if let Some(child) = node.literal(|text| self.compare(text, segment))
            && let Some(route) = self.walk(child, next)
        {
            return Some(route);
        }
        if segment.is_empty() {
            // Nothing but a literal takes an empty segment; a catch-all may still begin with one.
            return self.catch_all(node, rest);
        }
        for (pieces, child) in node.mixed() {
            if segment::matches(pieces, segment, self.ignore_case)
                && let Some(route) = self.walk(child, next)
            {
                return Some(route);
            }
        }
        if let Some(child) = node.param()
            && let Some(route) = self.walk(child, next)
        {
            return Some(route);
        }
        self.catch_all(node, rest)
    }

    fn catch_all(&mut self, node: Node<'_, 't>, rest: Rest<'_>) -> Option<RouteRecord<'t>> {
        if rest.bytes.is_empty() { None } else { node.catch_alls().find(|route| (self.accept)(*route)) }
    }

    /// Compares the text of an edge, which is in lower case if case is ignored, with a segment.
    fn compare(&self, text: &[u8], segment: &[u8]) -> Ordering {
        if self.ignore_case {
            text.iter().copied().cmp(segment.iter().map(u8::to_ascii_lowercase))
        } else {
            text.cmp(segment)
        }
    }
}
