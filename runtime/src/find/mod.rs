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

use self::index::{Index, Visitor, literal, literal_path};
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

/// A [`Found`] in a word, as searches hand it on: it stays in a register.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// The route at this offset serves the path.
    Route(u32),
    /// The route at this offset serves the other form of the path.
    OtherForm(u32),
    /// The path matches, but only under these methods.
    WrongMethod(Methods),
    /// No route matches the path.
    Nothing,
}

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
            Answer::Route(offset) => index.found(offset, path),
            Answer::OtherForm(_) if self.trailing_slash() == TrailingSlash::Redirect => {
                Found::Redirect { location: toggled(path) }
            }
            Answer::OtherForm(offset) => index.found(offset, path.strip_suffix(b"/").unwrap_or(path)),
            Answer::WrongMethod(methods) => Found::WrongMethod(methods),
            Answer::Nothing => Found::Nothing,
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

/// A path with a slash more or less at its end.
#[inline(never)]
fn toggled(path: &[u8]) -> Vec<u8> {
    path.strip_suffix(b"/").map_or_else(|| [path, b"/"].concat(), <[u8]>::to_vec)
}

/// As [`Table::find`], whatever the table and the path.
#[inline(never)]
fn find_in_any_form(table: Table<'_>, method: Method, path: &[u8]) -> Answer {
    if table.ignores_case() { find_by::<true>(table, method, path) } else { find_by::<false>(table, method, path) }
}

#[inline]
fn find_by<const FOLD: bool>(table: Table<'_>, method: Method, path: &[u8]) -> Answer {
    match Path::new(path).and_then(|form| literal_path::<FOLD>(table, form)) {
        Some(target) => find_literal::<FOLD>(table, method, path, target),
        None => find_in_net::<FOLD>(table, method, path, false),
    }
}

/// Finds the route of a path that the root leads to a target, which need not be a pattern that serves all methods.
#[inline(never)]
fn find_literal<const FOLD: bool>(table: Table<'_>, method: Method, path: &[u8], target: u32) -> Answer {
    let (Some(index), Some(form)) = (Index::new(table), Path::new(path)) else {
        return Answer::Nothing;
    };
    let mut is_matched = false;
    let accepts = |route: RouteRecord<'_>| {
        let matches = verify::is_path::<FOLD>(route, form);
        is_matched |= matches;
        matches && route.methods().contains(method)
    };
    // A literal pattern that matches goes before all that do.
    match index.first(target, accepts) {
        Some(offset) => Answer::Route(offset),
        None => find_in_net::<FOLD>(table, method, path, is_matched),
    }
}

/// Finds what is not the literal path of a route that serves the method; of one that does not, if `is_matched`.
#[inline(never)]
fn find_in_net<const FOLD: bool>(table: Table<'_>, method: Method, path: &[u8], mut is_matched: bool) -> Answer {
    let (Some(index), Some(form)) = (Index::new(table), Path::new(path)) else {
        return Answer::Nothing;
    };
    let segments = Segments::new(form);
    let target = index.only_way::<FOLD>(&segments);
    if target & target::TAG == target::NODE {
        return find_on_ways::<FOLD>(table, target, method, path, is_matched);
    }
    let first = index.first(target, |route| {
        let matches = verify::matches::<FOLD>(route, &segments);
        is_matched |= matches;
        matches && route.methods().contains(method)
    });
    match first {
        Some(offset) => Answer::Route(offset),
        None if is_matched => find_otherwise(table, method, path),
        None => find_in_other_form(index, method, form, Methods::NONE),
    }
}

/// As [`find_in_net`], where a path goes more than one way on from a node of the net.
#[inline(never)]
fn find_on_ways<const FOLD: bool>(
    table: Table<'_>,
    node: u32,
    method: Method,
    path: &[u8],
    is_matched: bool,
) -> Answer {
    let (Some(index), Some(form)) = (Index::new(table), Path::new(path)) else {
        return Answer::Nothing;
    };
    let mut first = First::new(method);
    index.walk::<FOLD>(node, &Segments::new(form), &mut first);
    match first.found {
        Some(offset) => Answer::Route(offset),
        None if is_matched || !first.allowed.is_empty() => find_otherwise(table, method, path),
        None => find_in_other_form(index, method, form, Methods::NONE),
    }
}

/// Finds what there is where what was come to first does not serve the method: by a search that leaves nothing out.
#[inline(never)]
fn find_otherwise(table: Table<'_>, method: Method, path: &[u8]) -> Answer {
    let (Some(index), Some(form)) = (Index::new(table), Path::new(path)) else {
        return Answer::Nothing;
    };
    match serving(index, method, form) {
        Ok(offset) => Answer::Route(offset),
        Err(allowed) => find_in_other_form(index, method, form, allowed),
    }
}

/// Finds what there is where nothing serves the path as it is, which is `allowed` under other methods.
#[inline(never)]
fn find_in_other_form(index: Index<'_>, method: Method, form: Path<'_>, mut allowed: Methods) -> Answer {
    if !index.is_strict()
        && let Some(toggled) = form.toggled()
    {
        match serving(index, method, toggled) {
            Ok(offset) => return Answer::OtherForm(offset),
            Err(others) => allowed = allowed.union(others),
        }
    }
    if allowed.is_empty() { Answer::Nothing } else { Answer::WrongMethod(with_head(allowed)) }
}

/// Where the index leads a whole path as a literal pattern; what it leads to may yet be another.
pub(crate) fn literal_target(table: Table<'_>, path: &[u8]) -> Option<u32> {
    let path = Path::new(path)?;
    if table.ignores_case() { literal_path::<true>(table, path) } else { literal_path::<false>(table, path) }
}

/// `HEAD` is allowed wherever `GET` is.
fn with_head(methods: Methods) -> Methods {
    if methods.contains(Method::GET) { methods.union(Method::HEAD.into()) } else { methods }
}

/// The offset of the preferred route among those that match the path and serve the method; else all methods that are served.
fn serving(index: Index<'_>, method: Method, path: Path<'_>) -> Result<u32, Methods> {
    let mut first = First::new(method);
    search(index, path, &mut first);
    match first.found {
        Some(offset) => Ok(offset),
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
    if let Some(target) = literal_path::<FOLD>(index.table(), path) {
        index.show(target, visitor, |route| verify::is_path::<FOLD>(route, path));
    }
    if root.rest() == NONE || visitor.is_settled(root.first_of_rest()) {
        return;
    }
    index.walk::<FOLD>(root.rest(), &Segments::new(path), visitor);
}

/// Finds the preferred route that serves a method.
struct First {
    method: Method,
    /// Its offset.
    found: Option<u32>,
    /// The methods of the routes that matched and do not serve it.
    allowed: Methods,
}

impl First {
    fn new(method: Method) -> Self {
        Self { method, found: None, allowed: Methods::NONE }
    }
}

impl<'t> Visitor<'t> for First {
    #[inline]
    fn matched(&mut self, offset: u32, route: RouteRecord<'t>) {
        let methods = route.methods();
        if methods.contains(self.method) {
            self.found = Some(offset);
        } else {
            self.allowed = self.allowed.union(methods);
        }
    }

    #[inline]
    fn is_settled(&self, offset: u32) -> bool {
        self.found.is_some_and(|found| found <= offset)
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
