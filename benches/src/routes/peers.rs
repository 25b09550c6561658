//! The peers: `phf::Map` and `matchit::Router`, each from a pattern to its number.

use super::Hit;
use super::contest::Peer;

type PhfMap = phf::Map<&'static str, u32>;

/// The map that `phf_codegen` would write as Rust, made here: compiling it at 100,000 entries takes rustc 15 seconds.
///
/// Its fields are what `phf_codegen` writes too, and no API: an update of phf may want this function to change.
pub(super) fn phf_map(hits: &[Hit]) -> PhfMap {
    let keys: Vec<&str> = hits.iter().map(|hit| hit.pattern.as_str()).collect();
    let state = phf_generator::generate_hash(&keys);
    let entries = state.map.iter().filter_map(|idx| hits.get(*idx));
    let entries: Vec<(&str, u32)> = entries.map(|hit| (&*hit.pattern.clone().leak(), hit.number)).collect();
    PhfMap { key: state.key, disps: state.disps.leak(), entries: entries.leak() }
}

impl Peer for PhfMap {
    const NAME: &'static str = "phf";
    type Answer<'a> = &'a u32;

    fn find<'a>(&'a self, path: &'a str) -> Option<&'a u32> {
        self.get(path)
    }

    fn number(answer: &&u32) -> u32 {
        **answer
    }
}

/// A router of these patterns, and how many it refuses.
pub(super) fn matchit(hits: &[Hit]) -> (matchit::Router<u32>, usize) {
    let mut router = matchit::Router::new();
    let refused = hits.iter().filter(|hit| router.insert(&*hit.pattern, hit.number).is_err()).count();
    (router, refused)
}

impl Peer for matchit::Router<u32> {
    const NAME: &'static str = "matchit";
    type Answer<'a> = matchit::Match<'a, 'a, &'a u32>;

    fn find<'a>(&'a self, path: &'a str) -> Option<Self::Answer<'a>> {
        self.at(path).ok()
    }

    fn number(answer: &Self::Answer<'_>) -> u32 {
        *answer.value
    }
}
