//! actix-router: a list of literals and regular expressions, tried one after the other.

use std::cmp::Reverse;

use actix_router::{Path, ResourceDef, Router};

use crate::routes::contender::{Built, Contender, Peer};
use crate::routes::pattern::{Piece, pieces, translate};
use crate::routes::set::Route;

/// How many params a pattern can have.
const MOST_PARAMS: usize = 16;

impl Contender for Router<u32> {
    const NAME: &'static str = "actix-router";
    type Answer<'a> = (Option<u32>, Path<&'a str>);

    fn find<'a>(&'a self, path: &'a str) -> Self::Answer<'a> {
        let mut path = Path::new(path);
        (self.recognize(&mut path).map(|(number, _)| *number), path)
    }

    fn number(answer: &Self::Answer<'_>) -> Option<u32> {
        answer.0
    }

    fn each_param(answer: &Self::Answer<'_>, mut read: impl FnMut(&str, &[u8])) {
        answer.1.iter().for_each(|(name, value)| read(name, value.as_bytes()));
    }
}

impl Peer for Router<u32> {
    /// It takes as many steps as there are patterns, each of which has a regular expression of its own in memory.
    const MOST_ROUTES: usize = 4_000;

    fn build(routes: &[Route]) -> Built<Self> {
        let mut routes: Vec<&Route> = routes.iter().collect();
        routes.sort_by_cached_key(|route| precedence(&route.pattern));
        let (mut builder, mut n_refused) = (Self::build(), 0);
        for route in routes {
            match written(&route.pattern) {
                Some(pattern) => drop(builder.rdef(ResourceDef::new(pattern), route.number)),
                None => n_refused += 1,
            }
        }
        Built { peer: builder.finish(), n_refused }
    }
}

/// What of two patterns that match a path is less goes first: the matching rules' precedence.
fn precedence(pattern: &str) -> Vec<(u8, Reverse<usize>, Reverse<usize>)> {
    let segment = |segment: &str| match pieces(segment).as_slice() {
        [] | [Piece::Literal(_)] => (0, 0, 0),
        [Piece::Param(_)] => (2, 0, 0),
        [Piece::CatchAll(_)] => (3, 0, 0),
        [first, .., last] => (1, literal_len(first), literal_len(last)),
    };
    let in_order = |(rank, prefix, suffix)| (rank, Reverse(prefix), Reverse(suffix));
    pattern.split('/').map(segment).map(in_order).collect()
}

fn literal_len(piece: &Piece<'_>) -> usize {
    if let Piece::Literal(text) = piece { text.len() } else { 0 }
}

/// It panics on what this refuses.
fn written(pattern: &str) -> Option<String> {
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let names: Vec<&str> = pieces(pattern).iter().filter_map(name).collect();
    if names.len() > MOST_PARAMS || !names.iter().all(|name| is_name(name)) {
        return None;
    }
    let literal = |text: &str| (!text.contains(['{', '}']) && !text.ends_with('*')).then(|| text.to_owned());
    translate(pattern, literal, ["{", "}"], ["{", "}*"])
}

fn name<'p>(piece: &Piece<'p>) -> Option<&'p str> {
    match piece {
        Piece::Literal(_) => None,
        Piece::Param(name) | Piece::CatchAll(name) => Some(name),
    }
}
