//! Maps from literal patterns: phf's, the standard library's, and hashbrown's with foldhash.

use std::collections::HashMap;

use crate::routes::contender::{Built, Contender, Peer};
use crate::routes::set::Route;

/// The map that `phf_codegen` would write as Rust, made here: compiling it at 100,000 entries takes rustc 15 seconds.
pub(in crate::routes) type Phf = phf::Map<&'static str, u32>;
/// With the standard library's own hasher.
pub(in crate::routes) type Std = HashMap<Box<str>, u32>;
/// With foldhash, its own default.
pub(in crate::routes) type Hashbrown = hashbrown::HashMap<Box<str>, u32, foldhash::fast::RandomState>;

macro_rules! contender {
    ($map:ty, $name:literal) => {
        impl Contender for $map {
            const NAME: &'static str = $name;
            type Answer<'a> = Option<&'a u32>;

            fn find<'a>(&'a self, path: &'a str) -> Self::Answer<'a> {
                self.get(path)
            }

            fn number(answer: &Self::Answer<'_>) -> Option<u32> {
                answer.copied()
            }

            fn each_param(_: &Self::Answer<'_>, _: impl FnMut(&str, &[u8])) {}
        }
    };
}

contender!(Phf, "phf");
contender!(Std, "HashMap");
contender!(Hashbrown, "hashbrown");

impl Peer for Phf {
    /// The fields are what `phf_codegen` writes too, and no API: an update of phf may want this function to change.
    fn build(routes: &[Route]) -> Built<Self> {
        let (routes, n_refused) = literal(routes);
        let keys: Vec<&str> = routes.iter().map(|route| route.pattern.as_str()).collect();
        let state = phf_generator::generate_hash(&keys);
        let entries = state.map.iter().filter_map(|idx| routes.get(*idx));
        let entries: Vec<(&str, u32)> = entries.map(|route| (&*route.pattern.clone().leak(), route.number)).collect();
        let peer = Self { key: state.key, disps: state.disps.leak(), entries: entries.leak() };
        Built { peer, n_refused }
    }
}

impl Peer for Std {
    fn build(routes: &[Route]) -> Built<Self> {
        collected(routes)
    }
}

impl Peer for Hashbrown {
    fn build(routes: &[Route]) -> Built<Self> {
        collected(routes)
    }
}

fn collected<M: FromIterator<(Box<str>, u32)>>(routes: &[Route]) -> Built<M> {
    let (routes, n_refused) = literal(routes);
    let peer = routes.iter().map(|route| (route.pattern.clone().into(), route.number)).collect();
    Built { peer, n_refused }
}

/// The routes without params, and how many others there are.
fn literal(routes: &[Route]) -> (Vec<&Route>, usize) {
    let routes_without: Vec<&Route> = routes.iter().filter(|route| !route.pattern.contains(['{', '}'])).collect();
    let n_refused = routes.len() - routes_without.len();
    (routes_without, n_refused)
}
