//! Orders of a group's nodes in which few edges lead backwards.

use std::collections::BTreeSet;

/// The most nodes for which every order is weighed: 4,096 sets of nodes are quickly looked through.
pub(super) const MAX_WEIGHED: usize = 12;

/// An order in which the fewest edges lead backwards, for [`MAX_WEIGHED`] nodes or fewer; of several, the first.
///
/// What it costs to put nodes behind a set of others does not depend on the order of those, so that there is a best rest
/// for each set.
pub(super) fn best(edges: &[Vec<usize>]) -> Vec<usize> {
    let masks: Vec<usize> = edges.iter().map(|edges| edges.iter().fold(0, |mask, to| mask | 1 << to)).collect();
    let cost = |before: usize, node: usize| (masks[node] & before).count_ones();
    let others = |before: usize| (0..edges.len()).filter(move |node| before & (1 << node) == 0);
    let everything = (1 << edges.len()) - 1;
    let mut rest = vec![0; everything + 1];
    for before in (0..everything).rev() {
        rest[before] = others(before).map(|node| cost(before, node) + rest[before | 1 << node]).min().unwrap_or(0);
    }
    let mut before = 0;
    let next = || {
        let is_best = |node: &usize| cost(before, *node) + rest[before | 1 << node] == rest[before];
        let node = others(before).find(is_best)?;
        before |= 1 << node;
        Some(node)
    };
    std::iter::from_fn(next).collect()
}

/// An order in which few edges lead backwards: the heuristic of Eades, Lin and Smyth ("A fast and effective heuristic for
/// the feedback arc set problem", 1993). Of the nodes that are left, one without successors goes to the end, else one
/// without predecessors to the beginning, else there the one with the most successors over predecessors.
pub(super) fn good(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut heap = Heap::new(edges);
    let (mut first, mut last) = (Vec::new(), Vec::new());
    while let Some((rank, node)) = heap.pop() {
        if rank == Rank::Sink { last.push(node) } else { first.push(node) }
    }
    first.extend(last.into_iter().rev());
    first
}

/// How soon a node is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Sink,
    Source,
    /// By predecessors over successors.
    Other(isize),
}

/// The nodes that are left, by rank.
struct Heap<'a> {
    successors: &'a [Vec<usize>],
    predecessors: Vec<Vec<usize>>,
    /// How many successors and predecessors of each node are left.
    counts: Vec<[usize; 2]>,
    left: BTreeSet<(Rank, usize)>,
}

impl<'a> Heap<'a> {
    fn new(successors: &'a [Vec<usize>]) -> Self {
        let predecessors = reversed(successors);
        let counts = successors.iter().zip(&predecessors).map(|(out, into)| [out.len(), into.len()]).collect();
        let mut heap = Self { successors, predecessors, counts, left: BTreeSet::new() };
        heap.left = (0..successors.len()).map(|node| (heap.rank(node), node)).collect();
        heap
    }

    fn rank(&self, node: usize) -> Rank {
        match self.counts[node] {
            [0, _] => Rank::Sink,
            [_, 0] => Rank::Source,
            [n_out, n_in] => Rank::Other(n_in.cast_signed() - n_out.cast_signed()),
        }
    }

    fn pop(&mut self) -> Option<(Rank, usize)> {
        let (rank, node) = self.left.pop_first()?;
        let successors = self.successors;
        for &to in &successors[node] {
            self.lose(to, 1);
        }
        for from in std::mem::take(&mut self.predecessors[node]) {
            self.lose(from, 0);
        }
        Some((rank, node))
    }

    /// Counts a successor (0) or a predecessor (1) less of a node, if that is left.
    fn lose(&mut self, node: usize, which: usize) {
        if self.left.remove(&(self.rank(node), node)) {
            self.counts[node][which] -= 1;
            self.left.insert((self.rank(node), node));
        }
    }
}

/// The predecessors of each node.
pub(super) fn reversed(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, edges) in edges.iter().enumerate() {
        for &to in edges {
            reversed[to].push(from);
        }
    }
    reversed
}
