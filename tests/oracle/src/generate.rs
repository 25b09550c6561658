//! Strategies: sets of routes that are hard to keep apart, and paths that nearly match them.

use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::{Method, Methods};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use crate::find::{Route, Rules};
use crate::pattern::{Pattern, Segment};

/// Segments of patterns; `{}` becomes a param with a name of its own.
const SEGMENTS: &[&str] = &[
    "a",
    "b",
    "ab",
    "aa",
    "aab",
    "v",
    "v1",
    "a-b",
    "x:cancel",
    "",
    ".",
    "..",
    "...",
    "%2F",
    "{{",
    "}}",
    "é",
    "A",
    "B",
    "v{}",
    "a{}",
    "{}b",
    "a{}b",
    "{}a{}",
    "{}-{}",
    "{}...{}",
    "{}:cancel",
    "{{{}}}",
    "{}.{}.{}",
    "{}--{}",
    "{}-.{}",
    "{}-{}.{}",
    "A{}",
    "{}%2F",
    "{}é",
    "aa{}",
    "{}",
    "{}",
    "{}",
];

/// What params are filled with.
const FILLINGS: &[&[u8]] = &[
    b"a",
    b"b",
    b"ab",
    b"aa",
    b"aba",
    b"v1",
    b"v",
    b"-",
    b"--",
    b"---",
    b"a-b",
    b"a-b-c",
    b"...",
    b"......",
    b".",
    b"..",
    b".a.",
    b"%2F",
    b"%2f",
    b"%",
    b"{",
    b"}",
    b"{{",
    b"{a}",
    b"\xff",
    b"\xc3(",
    b"\0",
    b":cancel",
    b"x:cancel",
    b"A",
    b"B",
    b"\xc3\xa9",
    b"aXa",
    b"",
    b"/",
    b"a/b",
    b"//",
    b"?",
    b" ",
    b"1:cancel:cancel",
    b"long enough to be no accident",
];

const METHODS: &[&[Method]] = &[
    &[Method::GET],
    &[Method::HEAD],
    &[Method::POST],
    &[Method::GET, Method::POST],
    &[Method::GET, Method::HEAD],
    &[Method::PUT, Method::DELETE, Method::OPTIONS],
];

/// Case and trailing slashes in every combination.
pub fn rules() -> impl Strategy<Value = Rules> {
    let slash = select(vec![TrailingSlash::Strict, TrailingSlash::Ignore, TrailingSlash::Redirect]);
    (any::<bool>(), slash).prop_map(|(ignore_case, slash)| Rules { ignore_case, slash })
}

/// Routes of one app; no two are equal under `rules` and share a method, and none is a path of the host's own.
pub fn routes(rules: Rules) -> impl Strategy<Value = Vec<Route>> {
    let texts = prop_oneof![4 => tangled(), 1 => alternating(), 1 => long(), 1 => wide()];
    (texts, vec(methods(), 160)).prop_map(move |(texts, methods)| {
        let mut routes: Vec<Route> = Vec::new();
        let named = texts.iter().map(|text| name_params(text)).zip(methods);
        for route in named.filter_map(|(text, methods)| Route::new(text, methods).ok()) {
            if !is_host_path(rules, &route.pattern) && routes.iter().all(|other| !conflict(rules, other, &route)) {
                routes.push(route);
            }
        }
        routes
    })
}

fn methods() -> impl Strategy<Value = Methods> {
    prop_oneof![2 => Just(Methods::ALL), 3 => select(METHODS).prop_map(|it| it.iter().copied().collect())]
}

/// Short patterns from a few segments, so that they share prefixes and shapes.
fn tangled() -> impl Strategy<Value = Vec<String>> {
    subsequence(SEGMENTS, 1..=6).prop_flat_map(|segments| {
        let ending = prop_oneof![3 => Just(""), 1 => Just("/{*}"), 1 => Just("/")];
        let text = (vec(select(segments), 1..=5), ending);
        vec(text.prop_map(|(segments, ending)| format!("/{}{ending}", segments.join("/"))), 1..=24)
    })
}

/// Literals and params by turns, where a matcher that tries every branch goes wrong most often.
fn alternating() -> impl Strategy<Value = Vec<String>> {
    let segments = vec(select(&["a", "{}", "a{}", "b"][..]), 6..=10);
    let text = (segments, any::<Index>(), prop_oneof![3 => Just(false), 1 => Just(true)]);
    vec(text, 2..=10).prop_map(|texts| {
        let shape = |(segments, cut, is_catch_all): (Vec<&str>, Index, bool)| {
            let segments = if is_catch_all { &segments[..=cut.index(segments.len())] } else { &segments[..] };
            let ending = if is_catch_all { "/{*}" } else { "" };
            ["/", &segments.join("/"), ending].concat()
        };
        texts.into_iter().map(shape).collect()
    })
}

/// Many patterns, so that nodes have many edges.
fn wide() -> impl Strategy<Value = Vec<String>> {
    let text = vec(select(SEGMENTS), 1..=3);
    vec(text.prop_map(|segments| format!("/{}", segments.join("/"))), 60..=160)
}

/// Sixty segments that differ in a few places.
fn long() -> impl Strategy<Value = Vec<String>> {
    let change = (any::<Index>(), select(&["a", "{}", "b{}", "", "{}-{}"][..]));
    vec(vec(change, 0..=3), 1..=4).prop_map(|patterns| {
        let shape = |changes: Vec<(Index, &'static str)>| {
            let mut segments: Vec<&str> = (0..60).map(|idx| if idx % 20 == 7 { "{}" } else { "s" }).collect();
            for (at, segment) in changes {
                segments[at.index(60)] = segment;
            }
            format!("/{}", segments.join("/"))
        };
        patterns.into_iter().map(shape).collect()
    })
}

/// Gives every `{}` and `{*}` of a template a name of its own.
pub fn name_params(template: &str) -> String {
    let mut parts = template.split("{}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (idx, part) in parts.enumerate() {
        text.extend(["{p", &idx.to_string(), "}", part]);
    }
    text.replace("{*}", "{*rest}")
}

/// Whether the two share a method, and are equal once names are erased and, where it does not count, a slash at the end.
pub fn conflict(rules: Rules, a: &Route, b: &Route) -> bool {
    let erase = |route: &Route| route.pattern.erased(rules.ignore_case).segments;
    let [a_segments, b_segments] = [erase(a), erase(b)];
    let is_equal = a_segments == b_segments
        || rules.slash != TrailingSlash::Strict
            && (is_with_slash(&a_segments, &b_segments) || is_with_slash(&b_segments, &a_segments));
    is_equal && !a.methods.intersection(b.methods).is_empty()
}

/// Whether the first pattern is the second with a slash behind it. Two slashes are more than a slash at the end.
fn is_with_slash(with: &[Segment], without: &[Segment]) -> bool {
    let is_slash = |segment: &Segment| segment.pieces == [b""];
    let ends_in_text = without.last().is_some_and(|last| !is_slash(last));
    ends_in_text && with.strip_prefix(without).is_some_and(|behind| behind.len() == 1 && is_slash(&behind[0]))
}

fn is_host_path(rules: Rules, pattern: &Pattern) -> bool {
    let is_literal = pattern.segments.iter().all(|segment| segment.names.is_empty());
    let forms = [&b"/"[..], b"//", b"/healthz", b"/healthz/", b"/readyz", b"/readyz/", b"/metrics", b"/metrics/"];
    is_literal && forms.iter().any(|path| pattern.matches(path, rules.ignore_case))
}

/// How a path is made of a pattern.
#[derive(Debug, Clone)]
pub struct Recipe {
    pattern: Index,
    fillings: Vec<&'static [u8]>,
    mutation: Mutation,
    at: Index,
    /// The method of the request.
    pub method: Method,
}

#[derive(Debug, Clone, Copy)]
enum Mutation {
    None,
    AddSlash,
    DropSlash,
    InsertSlash,
    DropSegment,
    RepeatSegment,
    SwapCase,
    Cut,
    Byte(u8),
}

/// Recipes for paths.
pub fn recipes(n: usize) -> impl Strategy<Value = Vec<Recipe>> {
    use Mutation::{AddSlash, Cut, DropSegment, DropSlash, InsertSlash, None, RepeatSegment, SwapCase};
    let known = vec![None, None, None, AddSlash, DropSlash, InsertSlash, DropSegment, RepeatSegment, SwapCase, Cut];
    let mutation = prop_oneof![9 => select(known), 1 => any::<u8>().prop_map(Mutation::Byte)];
    let methods = [Method::GET, Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::OTHER];
    let parts = (any::<Index>(), vec(select(FILLINGS), 4), mutation, any::<Index>(), select(methods.to_vec()));
    let recipe =
        parts.prop_map(|(pattern, fillings, mutation, at, method)| Recipe { pattern, fillings, mutation, at, method });
    vec(recipe, n)
}

impl Recipe {
    /// The path that it makes of one of `routes`.
    pub fn path(&self, routes: &[Route]) -> Vec<u8> {
        let Some(route) = routes.get(self.pattern.index(routes.len().max(1))) else { return b"/".to_vec() };
        let mut fillings = self.fillings.iter().copied().cycle();
        let mut path = Vec::new();
        for segment in &route.pattern.segments {
            path.push(b'/');
            fill(segment, &mut fillings, &mut path);
        }
        self.mutate(path)
    }

    fn mutate(&self, mut path: Vec<u8>) -> Vec<u8> {
        let at = self.at.index(path.len());
        let segment =
            at..path[at..].iter().skip(1).position(|byte| *byte == b'/').map_or(path.len(), |end| at + 1 + end);
        match self.mutation {
            Mutation::None => {}
            Mutation::AddSlash => path.push(b'/'),
            Mutation::DropSlash => drop(path.pop_if(|last| *last == b'/')),
            Mutation::InsertSlash => path.insert(at, b'/'),
            Mutation::DropSegment => drop(path.drain(segment)),
            Mutation::RepeatSegment => path.extend_from_within(segment),
            Mutation::SwapCase => path.iter_mut().skip(at).for_each(|byte| *byte = swap_case(*byte)),
            Mutation::Cut => path.truncate(at),
            Mutation::Byte(byte) => path[at] = byte,
        }
        path
    }
}

fn fill<'a>(segment: &Segment, fillings: &mut impl Iterator<Item = &'a [u8]>, path: &mut Vec<u8>) {
    let Some((first, behind)) = segment.pieces.split_first() else { return };
    path.extend_from_slice(first);
    for (piece, filling) in behind.iter().zip(fillings) {
        path.extend_from_slice(filling);
        path.extend_from_slice(piece);
    }
}

fn swap_case(byte: u8) -> u8 {
    if byte.is_ascii_uppercase() { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() }
}
