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
//! A path is first looked up whole among the literal patterns, by a perfect hash. If none of them serves it, it goes through
//! a net of nodes: each tests something of the path (a segment, the beginning or the end of one, how many there are) and
//! leads on by the hash of what it finds; what stands at the end is one route or a few, and each is compared with the
//! whole path. Routes lie in order of precedence, so that of two that match, the one that lies before the other is
//! preferred, in whatever order they are come to.
//!
//! No path has more than [`Table::probe_bound`] nodes and routes looked at in a search, and each comparison is linear in the
//! length of the path. A path takes one search, one more for its other form, and for `HEAD` each once again for `GET`.
//! Nothing is allocated, but for the location of a redirect.

mod index;
mod params;
mod path;
mod segment;
mod sixteen;
mod verify;

pub use params::{DecodeError, Params, RawParam};

use self::index::{Index, Visitor, literal};
use self::path::{Path, Segments};
use crate::table::layout::{NONE, target};
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
        let (Some(index), Some(form)) = (Index::new(self), Path::new(path)) else {
            return Found::Nothing;
        };
        if index.ignores_case() {
            return match literal::<true>(self, form.core, form.ends_in_slash) {
                Some(target) => self.find_literal::<true>(method, path, target),
                None => self.find_in_net::<true>(method, path, false),
            };
        }
        match literal::<false>(self, form.core, form.ends_in_slash) {
            Some(target) => match index.route_at(target) {
                Some(route) if route.is_plainly(path) => Found::Match(Match { route, path }),
                _ => self.find_literal::<false>(method, path, target),
            },
            None if index.has_literals_alone() => Found::Nothing,
            None => self.find_in_net::<false>(method, path, false),
        }
    }

    /// Finds the route of a path that the root leads to a target, which need not be a pattern that serves all methods.
    #[inline(never)]
    fn find_literal<'p, const FOLD: bool>(self, method: Method, path: &'p [u8], target: u32) -> Found<'t, 'p> {
        let (Some(index), Some(form)) = (Index::new(self), Path::new(path)) else {
            return Found::Nothing;
        };
        // A literal pattern that matches goes before all that do.
        let accepts = |route: RouteRecord<'t>| route.methods().contains(method) && verify::is_path::<FOLD>(route, form);
        match index.first(target, accepts) {
            Some(route) => Found::Match(Match { route, path }),
            None => self.find_in_net::<FOLD>(method, path, true),
        }
    }

    /// Finds what is not the literal path of a route that serves the method; of one that does not, if `is_matched`.
    #[inline(never)]
    fn find_in_net<'p, const FOLD: bool>(self, method: Method, path: &'p [u8], mut is_matched: bool) -> Found<'t, 'p> {
        let (Some(index), Some(form)) = (Index::new(self), Path::new(path)) else {
            return Found::Nothing;
        };
        let segments = Segments::new(form);
        let target = index.only_way::<FOLD>(&segments);
        if target & target::TAG == target::NODE {
            return self.find_on_ways::<FOLD>(target, method, path, is_matched);
        }
        let first = index.first(target, |route| {
            let matches = verify::matches::<FOLD>(route, &segments);
            is_matched |= matches;
            matches && route.methods().contains(method)
        });
        match first {
            Some(route) => Found::Match(Match { route, path }),
            None if is_matched => self.find_otherwise(index, method, form, path),
            None => self.find_in_other_form(index, method, form, path, Methods::NONE),
        }
    }

    /// As [`Table::find_in_net`], where a path goes more than one way on from a node of the net.
    #[inline(never)]
    fn find_on_ways<'p, const FOLD: bool>(
        self,
        node: u32,
        method: Method,
        path: &'p [u8],
        is_matched: bool,
    ) -> Found<'t, 'p> {
        let (Some(index), Some(form)) = (Index::new(self), Path::new(path)) else {
            return Found::Nothing;
        };
        let mut first = First::new(method);
        index.walk::<FOLD>(node, &Segments::new(form), &mut first);
        match first.found {
            Some((_, route)) => Found::Match(Match { route, path }),
            None if is_matched || !first.allowed.is_empty() => self.find_otherwise(index, method, form, path),
            None => self.find_in_other_form(index, method, form, path, Methods::NONE),
        }
    }

    /// Finds what there is where what was come to first does not serve the method: by a search that leaves nothing out.
    #[inline(never)]
    fn find_otherwise<'p>(self, index: Index<'t>, method: Method, form: Path<'p>, path: &'p [u8]) -> Found<'t, 'p> {
        match serving(index, method, form) {
            Ok(route) => Found::Match(Match { route, path }),
            Err(allowed) => self.find_in_other_form(index, method, form, path, allowed),
        }
    }

    /// Finds what there is where nothing serves the path as it is, which is `allowed` under other methods.
    #[inline(never)]
    fn find_in_other_form<'p>(
        self,
        index: Index<'t>,
        method: Method,
        form: Path<'p>,
        path: &'p [u8],
        mut allowed: Methods,
    ) -> Found<'t, 'p> {
        if !index.is_strict()
            && let Some(toggled) = form.toggled()
        {
            match serving(index, method, toggled) {
                Ok(route) => return self.found_toggled(route, path),
                Err(others) => allowed = allowed.union(others),
            }
        }
        if allowed.is_empty() { Found::Nothing } else { Found::WrongMethod(with_head(allowed)) }
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

    fn found_toggled<'p>(self, route: RouteRecord<'t>, path: &'p [u8]) -> Found<'t, 'p> {
        let shorter = path.strip_suffix(b"/");
        if self.trailing_slash() == TrailingSlash::Redirect {
            let location = shorter.map_or_else(|| [path, b"/"].concat(), <[u8]>::to_vec);
            return Found::Redirect { location };
        }
        Found::Match(Match { route, path: shorter.unwrap_or(path) })
    }
}

/// Where the index leads a whole path as a literal pattern; what it leads to may yet be another.
pub(crate) fn literal_target(table: Table<'_>, path: &[u8]) -> Option<u32> {
    let Path { core, ends_in_slash } = Path::new(path)?;
    if table.ignores_case() {
        literal::<true>(table, core, ends_in_slash)
    } else {
        literal::<false>(table, core, ends_in_slash)
    }
}

/// `HEAD` is allowed wherever `GET` is.
fn with_head(methods: Methods) -> Methods {
    if methods.contains(Method::GET) { methods.union(Method::HEAD.into()) } else { methods }
}

/// The preferred route among those that match the path and serve the method; else all methods that are served.
fn serving<'t>(index: Index<'t>, method: Method, path: Path<'_>) -> Result<RouteRecord<'t>, Methods> {
    let mut first = First::new(method);
    search(index, path, &mut first);
    match first.found {
        Some((_, route)) => Ok(route),
        None if method == Method::HEAD && first.allowed.contains(Method::GET) => serving(index, Method::GET, path),
        None => Err(first.allowed),
    }
}

fn every<'t>(index: Index<'t>, path: Path<'_>) -> Every<'t> {
    let mut every = Every::default();
    search(index, path, &mut every);
    every
}

/// Shows a visitor every route that matches a path and is of interest to it.
fn search<'t>(index: Index<'t>, path: Path<'_>, visitor: &mut impl Visitor<'t>) {
    if index.ignores_case() {
        search_in::<true>(index, path, visitor);
    } else {
        search_in::<false>(index, path, visitor);
    }
}

/// Looks at the literal patterns, and if that does not settle it, in the net.
#[inline]
fn search_in<'t, const FOLD: bool>(index: Index<'t>, path: Path<'_>, visitor: &mut impl Visitor<'t>) {
    let root = index.root();
    visitor.probed();
    if let Some(target) = literal::<FOLD>(index.table(), path.core, path.ends_in_slash) {
        index.show(target, visitor, |route| verify::is_path::<FOLD>(route, path));
    }
    if root.rest() == NONE || visitor.is_settled(root.first_of_rest()) {
        return;
    }
    index.walk::<FOLD>(root.rest(), &Segments::new(path), visitor);
}

/// Finds the preferred route that serves a method.
struct First<'t> {
    method: Method,
    found: Option<(u32, RouteRecord<'t>)>,
    /// The methods of the routes that matched and do not serve it.
    allowed: Methods,
}

impl First<'_> {
    fn new(method: Method) -> Self {
        Self { method, found: None, allowed: Methods::NONE }
    }
}

impl<'t> Visitor<'t> for First<'t> {
    #[inline]
    fn matched(&mut self, offset: u32, route: RouteRecord<'t>) {
        let methods = route.methods();
        if methods.contains(self.method) {
            self.found = Some((offset, route));
        } else {
            self.allowed = self.allowed.union(methods);
        }
    }

    #[inline]
    fn is_settled(&self, offset: u32) -> bool {
        self.found.is_some_and(|(found, _)| found <= offset)
    }
}

/// Finds every route that matches, and counts what is looked at.
#[derive(Default)]
struct Every<'t> {
    matching: Vec<(u32, RouteRecord<'t>)>,
    n_probes: u32,
}

impl<'t> Visitor<'t> for Every<'t> {
    fn matched(&mut self, offset: u32, route: RouteRecord<'t>) {
        self.matching.push((offset, route));
    }

    fn is_settled(&self, _: u32) -> bool {
        false
    }

    fn probed(&mut self) {
        self.n_probes += 1;
    }
}
