//! Strategies: sets of routes that are hard to keep apart ([`tangled`], [`deep`], [`crowded`], [`store`]), and requests that nearly
//! fit them ([`request`]).

pub mod crowded;
pub mod deep;
pub mod request;
pub mod store;
pub mod tangled;

use std::collections::HashMap;
use std::fmt;

use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::{Method, Methods};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::find::{Route, Rules};
use crate::pattern::{Pattern, Segment};

const METHODS: &[&[Method]] = &[
    &[Method::GET],
    &[Method::HEAD],
    &[Method::POST],
    &[Method::GET, Method::POST],
    &[Method::GET, Method::HEAD],
    &[Method::PUT, Method::DELETE, Method::OPTIONS],
];

/// Routes of one app; no two conflict, and none is a path of the host's own.
#[derive(Debug, Clone)]
pub struct Set {
    /// What holds for all of them.
    pub rules: Rules,
    /// The routes.
    pub routes: Vec<Route>,
}

impl Set {
    /// The set of those of some routes that are patterns and conflict with none before them.
    pub fn new(rules: Rules, written: impl IntoIterator<Item = (String, Methods)>) -> Self {
        let mut taken: HashMap<Vec<Segment>, Methods> = HashMap::new();
        let is_free = |route: &Route| {
            let taken = taken.entry(identity(rules, route)).or_default();
            let is_free = taken.intersection(route.methods).is_empty();
            *taken = taken.union(if is_free { route.methods } else { Methods::NONE });
            is_free && !is_host_path(rules, &route.pattern)
        };
        let routes = written.into_iter().filter_map(|(text, methods)| Route::new(text, methods).ok());
        Self { rules, routes: routes.filter(is_free).collect() }
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.routes.iter().try_for_each(|route| writeln!(f, "{:?} {:?}", route.text, route.methods))
    }
}

/// Case and trailing slashes in every combination.
pub fn rules() -> impl Strategy<Value = Rules> {
    let slash = select(vec![TrailingSlash::Strict, TrailingSlash::Ignore, TrailingSlash::Redirect]);
    (any::<bool>(), slash).prop_map(|(ignore_case, slash)| Rules { ignore_case, slash })
}

/// Sets of routes from templates, with random methods.
pub fn sets(templates: impl Strategy<Value = Vec<String>>) -> impl Strategy<Value = Set> {
    (rules(), templates, vec(methods(), 40)).prop_map(|(rules, templates, methods)| {
        let named = templates.iter().map(|template| name_params(template, "p"));
        Set::new(rules, named.zip(methods.into_iter().cycle()))
    })
}

fn methods() -> impl Strategy<Value = Methods> {
    prop_oneof![2 => Just(Methods::ALL), 3 => select(METHODS).prop_map(|it| it.iter().copied().collect())]
}

/// Gives every `{}` and `{*}` of a template a name of its own, which begins with `start`.
pub fn name_params(template: &str, start: &str) -> String {
    let mut parts = template.split("{}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (idx, part) in parts.enumerate() {
        text.extend(["{", start, &idx.to_string(), "}", part]);
    }
    text.replace("{*}", "{*rest}")
}

/// Whether the two share a method, and are equal once names are erased and, where it does not count, a slash at the end.
pub fn conflict(rules: Rules, a: &Route, b: &Route) -> bool {
    identity(rules, a) == identity(rules, b) && !a.methods.intersection(b.methods).is_empty()
}

/// What two patterns that conflict have in common. Two slashes are more than a slash at the end.
fn identity(rules: Rules, route: &Route) -> Vec<Segment> {
    let mut segments = route.pattern.erased(rules.ignore_case).segments;
    let is_empty = |segment: &Segment| segment.pieces == [b""];
    let ends_in_slash = matches!(segments.as_slice(), [.., before, last] if is_empty(last) && !is_empty(before));
    if ends_in_slash && rules.slash != TrailingSlash::Strict {
        segments.pop();
    }
    segments
}

fn is_host_path(rules: Rules, pattern: &Pattern) -> bool {
    let is_literal = pattern.segments.iter().all(|segment| segment.names.is_empty());
    let forms = [&b"/"[..], b"//", b"/healthz", b"/healthz/", b"/readyz", b"/readyz/", b"/metrics", b"/metrics/"];
    is_literal && forms.iter().any(|path| pattern.matches(path, rules.ignore_case))
}
