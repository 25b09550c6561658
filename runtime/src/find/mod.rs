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
//! # How
//! A path is first looked up among the literal patterns, by a perfect hash of what tells them apart. If none of them
//! serves it, it goes through a net of nodes: each tests something of the path (a segment, the beginning or the end of
//! one, how many there are) and leads on by the hash of what it finds; what stands at the end is one route or a few,
//! and each is compared with the whole path. Routes lie in order of precedence, so that of two that match, the one that
//! lies before the other is preferred, in whatever order they are come to.
//!
//! No path has more than [`Table::probe_bound`] nodes and routes looked at in a search, and each comparison is linear in the
//! length of the path. A path takes one search, one more for its other form, and for `HEAD` each once again for `GET`.
//! Nothing is allocated, but for the location of a redirect.

mod index;
mod params;
mod path;
mod search;
mod segment;
mod sixteen;
mod verify;

pub use params::{DecodeError, Params, RawParam};

use self::index::{Index, literal, literal_path};
use self::path::Path;
use self::search::{Answer, every, find_in_any_form, find_in_net, find_literal};
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
    #[inline]
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
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call, and handing a match over, cost a sixth of a lookup")]
    pub fn find<'p>(self, method: Method, path: &'p [u8]) -> Found<'t, 'p> {
        let Some(index) = Index::new(self) else {
            return Found::Nothing;
        };
        // Where there is no slash at the end, the path is hashed without waiting for a look at its last byte.
        let answer = if index.ignores_case() || path.last() == Some(&b'/') {
            find_in_any_form(self, method, path)
        } else {
            match literal::<false, false>(self, path) {
                Some(target) => match index.route_at(target) {
                    Some(route) if route.is_plainly(path) => return Found::Match(Match { route, path }),
                    _ => find_literal::<false>(self, method, path, target),
                },
                None if index.has_literals_alone() => Answer::Nothing,
                None => find_in_net::<false>(self, method, path, false),
            }
        };
        match answer {
            Answer::Route(offset) => found(index, offset, path),
            Answer::OtherForm(_) if self.trailing_slash() == TrailingSlash::Redirect => {
                Found::Redirect { location: toggled(path) }
            }
            Answer::OtherForm(offset) => found(index, offset, path.strip_suffix(b"/").unwrap_or(path)),
            Answer::WrongMethod(methods) => Found::WrongMethod(methods),
            Answer::Nothing => Found::Nothing,
        }
    }

    /// Finds as [`Table::find`] does, where some apps are not on: what leads nowhere but to them is nothing.
    ///
    /// A match is given even if its app is off: the path is that app's, and no other's.
    pub fn find_on<'p>(self, method: Method, path: &'p [u8], is_on: impl Fn(AppRecord<'t>) -> bool) -> Found<'t, 'p> {
        match self.find(method, path) {
            found @ (Found::Match(_) | Found::Nothing) => found,
            found => self.without_off(found, method, path, is_on),
        }
    }

    /// What is left of an answer that is no match. Few paths come here, so that it is kept out of their way.
    #[cold]
    fn without_off<'p>(
        self,
        found: Found<'t, 'p>,
        method: Method,
        path: &[u8],
        is_on: impl Fn(AppRecord<'t>) -> bool,
    ) -> Found<'t, 'p> {
        let leads_to_on =
            |method: Method, path: &[u8]| matches!(self.find(method, path), Found::Match(found) if is_on(found.app()));
        let is_served = |method: Method| match self.find(method, path) {
            Found::Match(found) => is_on(found.app()),
            Found::Redirect { location } => leads_to_on(method, &location),
            Found::WrongMethod(_) | Found::Nothing => false,
        };
        match found {
            Found::WrongMethod(methods) => {
                let served: Methods = methods.iter().filter(|method| is_served(*method)).collect();
                if served.is_empty() { Found::Nothing } else { Found::WrongMethod(served) }
            }
            Found::Redirect { .. } if !is_served(method) => Found::Nothing,
            found => found,
        }
    }

    /// Every route whose pattern matches `path`, under whatever method, in order of precedence.
    ///
    /// Unless a slash at the end of a path counts, those that match the path in its other form come behind. [`Table::find`]
    /// takes the first that serves the method; for `HEAD`, which falls to `GET`, see its rules.
    pub fn candidates(self, path: &[u8]) -> Vec<RouteRecord<'t>> {
        let (Some(index), Some(form)) = (Index::new(self), Path::new(path)) else {
            return Vec::new();
        };
        let other = if index.is_strict() { None } else { form.toggled() };
        let of_form = |form| {
            let mut every = every(index, form);
            every.matching.sort_by_key(|(offset, _)| *offset);
            every.matching.into_iter().map(|(_, route)| route)
        };
        [Some(form), other].into_iter().flatten().flat_map(of_form).collect()
    }

    /// How many nodes and routes of the index a search for `path` looks at, if it takes nothing that it finds on the way;
    /// at most [`Table::probe_bound`].
    pub fn probes(self, path: &[u8]) -> u32 {
        let (Some(index), Some(form)) = (Index::new(self), Path::new(path)) else {
            return 0;
        };
        every(index, form).n_probes
    }
}

/// The match of a path with the route at an offset.
#[inline]
fn found<'t, 'p>(index: Index<'t>, offset: u32, path: &'p [u8]) -> Found<'t, 'p> {
    index.route_at(offset).map_or(Found::Nothing, |route| Found::Match(Match { route, path }))
}

/// A path with a slash more or less at its end.
#[inline(never)]
fn toggled(path: &[u8]) -> Vec<u8> {
    path.strip_suffix(b"/").map_or_else(|| [path, b"/"].concat(), <[u8]>::to_vec)
}

/// Where the index leads a whole path as a literal pattern; what it leads to may yet be another.
pub(crate) fn literal_target(table: Table<'_>, path: &[u8]) -> Option<u32> {
    let path = Path::new(path)?;
    if table.ignores_case() { literal_path::<true>(table, path) } else { literal_path::<false>(table, path) }
}
