//! The route index: literal patterns by their whole path, all others through a net of tests, which `bakehouse_runtime` walks.

mod bound;
mod candidate;
mod net;
mod perfect_hash;
mod sample;
mod test;

use std::fmt;

use bakehouse_manifest::Case;
use bakehouse_runtime::table::hash::{self, Sample};

use super::PlannedRoute;
use crate::model::Model;
use crate::pattern::Equality;

pub use perfect_hash::{PerfectHash, Pilots};
pub use test::Test;

use candidate::Candidate;
use net::Net;
use sample::LiteralPath;

/// The index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The routes by their numbers, in order of precedence. Those with literal patterns come first: where such a pattern
    /// matches, it is preferred.
    pub order: Vec<usize>,
    /// The root, which tests the whole path.
    pub root: Node,
    /// What the hash of a literal path is made of.
    pub sample: Sample,
    /// Which lengths, divided by 64, paths of literal patterns leave: a bit each.
    pub lengths: u64,
    /// Tells most paths that are no literal pattern's, see [`hash::note`]; empty where all are.
    pub filter: Vec<u8>,
    /// The other nodes, each before those that it leads to.
    pub nodes: Vec<Node>,
    /// Lists of routes, by their places in `order`, ascending.
    pub leaves: Vec<Vec<usize>>,
    /// No path has more nodes and routes looked at than this.
    pub probe_bound: u64,
}

impl Index {
    /// The numbers of the routes that the worst path has looked at, those first that stand in the longest list.
    pub(crate) fn worst_way(&self) -> Vec<usize> {
        bound::worst_way(self).into_iter().map(|place| self.order[place]).collect()
    }
}

/// A node of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it tests.
    pub test: Test,
    /// Where it leads by the hash of what it finds.
    pub slots: PerfectHash,
    /// Where it leads where no slot fits.
    pub rest: Option<Target>,
    /// Whether the rest is searched too where a slot fits.
    pub always: bool,
    /// The first of the routes behind the rest, by its place in the order.
    pub first_of_rest: Option<usize>,
}

/// What a node leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A route, by its place in the order.
    Route(usize),
    /// A node.
    Node(usize),
    /// A leaf.
    Leaf(usize),
}

/// A search for a perfect hash that was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPerfectHash {
    /// How many keys there were.
    pub n_keys: usize,
}

impl fmt::Display for NoPerfectHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "found no perfect hash for {} keys", self.n_keys)
    }
}

impl std::error::Error for NoPerfectHash {}

pub(super) fn index(model: &Model, routes: &[PlannedRoute]) -> Result<Index, NoPerfectHash> {
    // A slash at the end of a pattern counts here: a path is tried in both forms, one after the other.
    let equality = Equality { ignore_case: model.host.case == Case::Insensitive, ignore_slash: false };
    let patterns = routes.iter().enumerate().filter_map(|(number, planned)| {
        let route = model.apps.get(planned.app)?.routes.get(planned.route)?;
        Some((number, route.pattern.as_ref().ok()?))
    });
    let mut candidates: Vec<Candidate<'_>> =
        patterns.map(|(number, pattern)| Candidate::new(number, pattern, equality)).collect();
    candidates.sort_unstable_by(Candidate::precedence);
    let mut index = build(&candidates)?;
    index.order = candidates.iter().map(|candidate| candidate.route).collect();
    index.probe_bound = bound::probe_bound(&index);
    Ok(index)
}

/// The least bytes of a filter: a few literal patterns should not have half of its bits.
const LEAST_FILTER: usize = 64;

/// The index of candidates in order of precedence.
fn build(candidates: &[Candidate<'_>]) -> Result<Index, NoPerfectHash> {
    let n_literal = candidates.iter().take_while(|candidate| candidate.is_literal()).count();
    let mut net = Net::new(candidates);
    let paths: Vec<(String, bool)> = candidates[..n_literal].iter().map(Candidate::path).collect();
    let mut distinct: Vec<LiteralPath<'_>> = paths.iter().map(|(core, is_slash)| (core.as_str(), *is_slash)).collect();
    distinct.sort_unstable();
    distinct.dedup();
    let sample = sample::sample(&distinct);
    let mut lengths = 0;
    // Where all patterns are literal, the lengths of paths and the fingerprints of slots tell enough.
    let is_filtered = n_literal < candidates.len();
    let mut filter = vec![0; if is_filtered { n_literal.max(LEAST_FILTER) } else { 0 }];
    for (core, _) in &distinct {
        lengths |= 1 << (core.len() % 64);
        hash::note(&mut filter, core.as_bytes());
    }
    let paths =
        test::groups(paths.iter().enumerate().map(|(place, path)| (sample::hash((&path.0, path.1), sample), place)));
    let rest: Vec<usize> = (n_literal..candidates.len()).collect();
    let first_of_rest = rest.first().copied();
    let keys: Vec<u64> = paths.iter().map(|(hash, _)| *hash).collect();
    let slots = paths.into_iter().map(|(_, places)| net.leaf(places)).collect::<Vec<_>>();
    let rest = if rest.is_empty() { None } else { Some(net.target(rest)?) };
    let slots = PerfectHash::new(&keys, &slots)?;
    let root = Node { test: Test::Path, slots, rest, always: true, first_of_rest };
    let nodes = net.nodes.into_iter().flatten().collect();
    Ok(Index { order: Vec::new(), root, sample, lengths, filter, nodes, leaves: net.leaves, probe_bound: 0 })
}
