//! Strategies: requests for paths that some routes match, or nearly.

use bakehouse_runtime::Method;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::find::Route;
use crate::pattern::Segment;

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
    b"s1",
    b"s17",
    b"7",
    b"verb3",
    b"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7",
    b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    &[b'a'; 300],
    &[b'-'; 60],
    b"/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a",
];

/// Fillings that are literals of many patterns too, so that a path fits several of them for long.
const PLAIN: &[&[u8]] = &[b"a", b"a", b"b", b"s", b"x", b"aa", b"v1"];

/// The bytes of paths that are made of no pattern.
const BYTES: &[u8] = b"//////aaabAB.-%{}:sv1\0\xff\xc3\xa9";

/// How a request is made of some routes.
#[derive(Debug, Clone)]
pub struct Recipe {
    source: Source,
    mutations: Vec<(Mutation, Index)>,
    method: Method,
    /// Which of its route's methods it has instead.
    own_method: Option<Index>,
}

#[derive(Debug, Clone)]
enum Source {
    /// A pattern, filled.
    Pattern(Index, Vec<&'static [u8]>),
    /// The first segments of one pattern and the others of another.
    Crossed([Index; 2], Index, Vec<&'static [u8]>),
    Bytes(Vec<u8>),
}

#[derive(Debug, Clone, Copy)]
enum Mutation {
    AddSlash,
    DropSlash,
    InsertSlash,
    DropFirstSlash,
    DropSegment,
    RepeatSegment,
    RepeatSegmentOften,
    SwapCase,
    Cut,
    DropByte,
    RepeatByte,
    FlipBit(u8),
    Byte(u8),
}

/// Recipes for requests.
pub fn recipes(n: usize) -> impl Strategy<Value = Vec<Recipe>> {
    let methods = [Method::GET, Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::OTHER];
    let own_method = proptest::option::of(any::<Index>());
    let mutations = prop_oneof![3 => Just(0usize), 6 => Just(1), 1 => Just(2)]
        .prop_flat_map(|n| vec((mutation(), any::<Index>()), n));
    let parts = (source(), mutations, select(methods.to_vec()), own_method);
    let recipe = |(source, mutations, method, own_method)| Recipe { source, mutations, method, own_method };
    vec(parts.prop_map(recipe), n)
}

fn source() -> impl Strategy<Value = Source> {
    let fillings = prop_oneof![2 => vec(select(FILLINGS), 4), 1 => vec(select(PLAIN), 1), 1 => vec(select(PLAIN), 5)];
    prop_oneof![
        12 => (any::<Index>(), fillings.clone()).prop_map(|(at, fillings)| Source::Pattern(at, fillings)),
        3 => (any::<[Index; 2]>(), any::<Index>(), fillings).prop_map(|(of, at, fillings)| Source::Crossed(of, at, fillings)),
        1 => vec(select(BYTES), 0..40).prop_map(Source::Bytes),
    ]
}

fn mutation() -> impl Strategy<Value = Mutation> {
    use Mutation::{
        AddSlash, Cut, DropByte, DropFirstSlash, DropSegment, DropSlash, InsertSlash, RepeatByte, RepeatSegment,
        RepeatSegmentOften, SwapCase,
    };
    let slashes = [AddSlash, AddSlash, DropSlash, DropSlash, InsertSlash, DropFirstSlash];
    let others = [DropSegment, RepeatSegment, RepeatSegmentOften, SwapCase, SwapCase, Cut, DropByte, RepeatByte];
    prop_oneof![
        6 => select(slashes.to_vec()),
        8 => select(others.to_vec()),
        1 => (0..8u8).prop_map(Mutation::FlipBit),
        1 => any::<u8>().prop_map(Mutation::Byte),
    ]
}

impl Recipe {
    /// The request that it makes of `routes`.
    pub fn request(&self, routes: &[Route]) -> (Method, Vec<u8>) {
        let path =
            self.mutations.iter().fold(self.source.path(routes), |path, (mutation, at)| mutation.apply(path, *at));
        (self.own_method(routes).unwrap_or(self.method), path)
    }

    fn own_method(&self, routes: &[Route]) -> Option<Method> {
        let (Source::Pattern(at, _), Some(own)) = (&self.source, self.own_method) else { return None };
        let methods: Vec<Method> = pick(routes, *at)?.methods.iter().collect();
        methods.get(own.index(methods.len().max(1))).copied()
    }
}

impl Source {
    fn path(&self, routes: &[Route]) -> Vec<u8> {
        match self {
            Self::Pattern(at, fillings) => fill(pick(routes, *at).map_or(&[], |it| &it.pattern.segments), fillings),
            Self::Crossed([first, second], at, fillings) => {
                let (Some(first), Some(second)) = (pick(routes, *first), pick(routes, *second)) else {
                    return Vec::new();
                };
                let [first, second] = [first, second].map(|route| route.pattern.segments.as_slice());
                let at = at.index(first.len().min(second.len()) + 1);
                [fill(&first[..at], fillings), fill(&second[at..], fillings)].concat()
            }
            Self::Bytes(path) => path.clone(),
        }
    }
}

fn pick(routes: &[Route], at: Index) -> Option<&Route> {
    routes.get(at.index(routes.len().max(1)))
}

fn fill(segments: &[Segment], fillings: &[&[u8]]) -> Vec<u8> {
    let mut fillings = fillings.iter().cycle();
    let mut path = Vec::new();
    for segment in segments {
        let Some((first, behind)) = segment.pieces.split_first() else { continue };
        path.push(b'/');
        path.extend_from_slice(first);
        for (piece, filling) in behind.iter().zip(&mut fillings) {
            path.extend_from_slice(filling);
            path.extend_from_slice(piece);
        }
    }
    path
}

impl Mutation {
    fn apply(self, mut path: Vec<u8>, at: Index) -> Vec<u8> {
        let Some(last) = path.len().checked_sub(1) else { return path };
        let at = at.index(last + 1);
        let end = path[at..].iter().skip(1).position(|byte| *byte == b'/').map_or(path.len(), |len| at + 1 + len);
        match self {
            Self::AddSlash => path.push(b'/'),
            Self::DropSlash => drop(path.pop_if(|last| *last == b'/')),
            Self::InsertSlash => path.insert(at, b'/'),
            Self::DropFirstSlash => drop(path.remove(0)),
            Self::DropSegment => drop(path.drain(at..end)),
            Self::RepeatSegment => path.extend_from_within(at..end),
            Self::RepeatSegmentOften => path.extend(path[at..end].repeat(65)),
            Self::SwapCase => path[at..].iter_mut().for_each(|byte| *byte = swap_case(*byte)),
            Self::Cut => path.truncate(at),
            Self::DropByte => drop(path.remove(at)),
            Self::RepeatByte => path.insert(at, path[at]),
            Self::FlipBit(bit) => path[at] ^= 1 << bit,
            Self::Byte(byte) => path[at] = byte,
        }
        path
    }
}

fn swap_case(byte: u8) -> u8 {
    if byte.is_ascii_uppercase() { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() }
}
