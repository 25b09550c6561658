//! The searches behind [`Table::find`]: by literal pattern, through the net, and again for another method or form of the path.

use super::index::{Index, Visitor, literal_path};
use super::path::{Path, Segments};
use super::verify;
use crate::table::RouteRecord;
use crate::table::layout::{NONE, target};
use crate::{Method, Methods, Table};

/// A [`Found`](super::Found) in a word, as searches hand it on: it stays in a register.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    /// The route at this offset serves the path.
    Route(u32),
    /// The route at this offset serves the other form of the path.
    OtherForm(u32),
    /// The path matches, but only under these methods.
    WrongMethod(Methods),
    /// No route matches the path.
    Nothing,
}

/// As [`Table::find`], whatever the table and the path.
#[inline(never)]
pub(super) fn find_in_any_form(table: Table<'_>, method: Method, path: &[u8]) -> Answer {
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
pub(super) fn find_literal<const FOLD: bool>(table: Table<'_>, method: Method, path: &[u8], target: u32) -> Answer {
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
pub(super) fn find_in_net<const FOLD: bool>(
    table: Table<'_>,
    method: Method,
    path: &[u8],
    mut is_matched: bool,
) -> Answer {
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

pub(super) fn every<'t>(index: Index<'t>, path: Path<'_>) -> Every<'t> {
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
pub(super) struct Every<'t> {
    pub(super) matching: Vec<(u32, RouteRecord<'t>)>,
    pub(super) n_probes: u32,
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
