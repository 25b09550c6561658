//! The net: a tree of tests that ends at a route or a few, each of which is then compared with the whole path.
//!
//! At every node the test is taken behind which there is least to do. A candidate for which the result of the test is
//! not known (it has a param there) is copied to wherever the test leads while that costs little; else such candidates are
//! searched besides. So a path comes to every candidate that can match it, however its hashes turn out.

use super::candidate::Candidate;
use super::perfect_hash::PerfectHash;
use super::test::{Test, groups};
use super::{NoPerfectHash, Node, Target};

/// How many tests of one kind a candidate may go through for one segment: the depth of the net stays below what a table may have.
const MAX_SAME_TESTS: usize = 3;

pub(super) struct Net<'a> {
    candidates: &'a [Candidate<'a>],
    /// None while what is behind a node is being built.
    pub(super) nodes: Vec<Option<Node>>,
    pub(super) leaves: Vec<Vec<usize>>,
    /// How many more copies of candidates there may be.
    copies_left: usize,
    /// The tests on the way to the node that is being built.
    taken: Vec<Test>,
}

/// A test and where it leads.
struct Split {
    test: Test,
    /// The candidates by the known result.
    known: Vec<(u64, Vec<usize>)>,
    /// Those for which it is not known.
    unknown: Vec<usize>,
    /// Whether those are searched in any case, rather than copied.
    always: bool,
}

impl<'a> Net<'a> {
    pub(super) fn new(candidates: &'a [Candidate<'a>]) -> Self {
        let copies_left = 2 * candidates.len();
        Self { candidates, nodes: Vec::new(), leaves: Vec::new(), copies_left, taken: Vec::new() }
    }

    /// The number of a node that is set later.
    fn reserve(&mut self) -> usize {
        self.nodes.push(None);
        self.nodes.len() - 1
    }

    /// A target that leads to all of these places.
    pub(super) fn leaf(&mut self, places: Vec<usize>) -> Target {
        if let [place] = places[..] {
            return Target::Route(place);
        }
        self.leaves.push(places);
        Target::Leaf(self.leaves.len() - 1)
    }

    /// A target behind which all of these places are found, which are ascending.
    pub(super) fn target(&mut self, places: Vec<usize>) -> Result<Target, NoPerfectHash> {
        let Some(test) = self.best_test(&places) else {
            return Ok(self.leaf(places));
        };
        let number = self.reserve();
        let split = self.split(test, &places);
        if !split.always {
            self.copies_left -= split.copies();
        }
        self.taken.push(test);
        let node = self.node(split)?;
        self.taken.pop();
        self.nodes[number] = Some(node);
        Ok(Target::Node(number))
    }

    fn node(&mut self, split: Split) -> Result<Node, NoPerfectHash> {
        let Split { test, known, unknown, always } = split;
        let mut keys = Vec::new();
        let mut targets = Vec::new();
        for (hash, places) in known {
            keys.push(hash);
            targets.push(self.target(if always { places } else { merged(&places, &unknown) })?);
        }
        let first_of_rest = unknown.first().copied();
        let rest = if unknown.is_empty() { None } else { Some(self.target(unknown)?) };
        Ok(Node { test, slots: PerfectHash::new(&keys, &targets)?, rest, always, first_of_rest })
    }

    /// The test behind which there is least to do; none if that is not less than to compare all candidates.
    fn best_test(&self, places: &[usize]) -> Option<Test> {
        if places.len() < 3 {
            return None;
        }
        let candidates: Vec<&Candidate<'_>> = places.iter().map(|place| &self.candidates[*place]).collect();
        let tests = Test::all(&candidates, &self.taken).into_iter().filter(|test| self.may_take(*test));
        let costs = tests.filter_map(|test| Some((self.cost(test, places)?, test)));
        let (cost, test) = costs.min_by_key(|(cost, _)| *cost)?;
        // The test itself takes about as long as a comparison.
        (cost + places.len() < places.len() * places.len()).then_some(test)
    }

    fn may_take(&self, test: Test) -> bool {
        let is_same = |taken: &&Test| match (**taken, test) {
            (Test::Prefix(a, _), Test::Prefix(b, _)) | (Test::Suffix(a, _), Test::Suffix(b, _)) => a == b,
            _ => false,
        };
        self.taken.iter().filter(is_same).count() < MAX_SAME_TESTS
    }

    /// What is to be done behind a test, summed over paths of all candidates; none if it tells nothing.
    fn cost(&self, test: Test, places: &[usize]) -> Option<usize> {
        let mut known: Vec<u64> = places.iter().filter_map(|place| test.value(&self.candidates[*place])).collect();
        known.sort_unstable();
        let n_unknown = places.len() - known.len();
        let sizes = known.chunk_by(|a, b| a == b).map(<[u64]>::len);
        if known.is_empty() || sizes.clone().any(|size| size == places.len()) {
            return None;
        }
        if self.may_copy(n_unknown * sizes.clone().count(), places.len()) {
            let of_known = sizes.map(|size| size * effort(size + n_unknown)).sum::<usize>();
            return Some(of_known + n_unknown * effort(n_unknown));
        }
        // The unknown ones are searched whatever the path, at the end of a second way.
        let of_known = sizes.map(|size| size * effort(size)).sum::<usize>();
        Some(of_known + places.len() * (1 + effort(n_unknown)))
    }

    fn may_copy(&self, copies: usize, n_candidates: usize) -> bool {
        copies <= n_candidates.min(self.copies_left)
    }

    fn split(&self, test: Test, places: &[usize]) -> Split {
        let value = |place: &usize| test.value(&self.candidates[*place]);
        let unknown: Vec<usize> = places.iter().copied().filter(|place| value(place).is_none()).collect();
        let known = groups(places.iter().filter_map(|place| Some((value(place)?, *place))));
        let always = !unknown.is_empty() && !self.may_copy(unknown.len() * known.len(), places.len());
        Split { test, known, unknown, always }
    }
}

impl Split {
    fn copies(&self) -> usize {
        self.unknown.len() * self.known.len()
    }
}

/// About how many tests and comparisons it takes to choose among so many candidates.
fn effort(n_candidates: usize) -> usize {
    (usize::BITS - n_candidates.leading_zeros()) as usize
}

/// Two ascending lists as one.
fn merged(a: &[usize], b: &[usize]) -> Vec<usize> {
    let mut merged = [a, b].concat();
    merged.sort_unstable();
    merged
}
