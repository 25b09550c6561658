//! Edges of a group without which it has no circle.

use super::order;

/// Edges without which there is no circle, sorted: those that lead backwards in a good order of the nodes, as far as they
/// are needed.
pub(super) fn cuts(edges: &[Vec<usize>]) -> Vec<(usize, usize)> {
    let loops = (0..edges.len()).filter(|node| edges[*node].binary_search(node).is_ok()).map(|node| (node, node));
    let mut cuts: Vec<_> = loops.collect();
    let edges = without_loops(edges);
    let order = if edges.len() <= order::MAX_WEIGHED { order::best(&edges) } else { order::good(&edges) };
    let (mut ordered, backwards) = Ordered::new(&edges, &order);
    cuts.extend(backwards.into_iter().filter(|(from, to)| !ordered.insert(*from, *to)));
    cuts.sort_unstable();
    cuts
}

fn without_loops(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let others = |(from, edges): (usize, &Vec<usize>)| edges.iter().copied().filter(|to| *to != from).collect();
    edges.iter().enumerate().map(others).collect()
}

/// Edges without a circle, and an order of the nodes in which all of them lead forwards. It is kept up as edges are
/// added: Pearce and Kelly, "A dynamic topological sort algorithm for directed acyclic graphs" (2006). Only the nodes
/// between the ends of an edge are ever looked at.
struct Ordered {
    successors: Vec<Vec<usize>>,
    predecessors: Vec<Vec<usize>>,
    /// Where each node is in the order.
    places: Vec<usize>,
    /// Nodes that a search has seen; none outside of one.
    is_seen: Vec<bool>,
}

impl Ordered {
    /// The edges that lead forwards in an order, and the others.
    fn new(edges: &[Vec<usize>], order: &[usize]) -> (Self, Vec<(usize, usize)>) {
        let mut places = vec![0; edges.len()];
        for (place, node) in order.iter().enumerate() {
            places[*node] = place;
        }
        let all = edges.iter().enumerate().flat_map(|(from, edges)| edges.iter().map(move |to| (from, *to)));
        let (forwards, backwards): (Vec<_>, Vec<_>) = all.partition(|(from, to)| places[*from] < places[*to]);
        let mut successors = vec![Vec::new(); edges.len()];
        for (from, to) in forwards {
            successors[from].push(to);
        }
        let predecessors = order::reversed(&successors);
        (Self { successors, predecessors, places, is_seen: vec![false; edges.len()] }, backwards)
    }

    /// Adds an edge, unless it would close a circle; tells whether it did.
    fn insert(&mut self, from: usize, to: usize) -> bool {
        let (first, last) = (self.places[to], self.places[from]);
        if first < last {
            let between = |place: usize| (first..=last).contains(&place);
            let behind = search(&self.successors, &self.places, &mut self.is_seen, to, between);
            if behind.contains(&from) {
                return false;
            }
            let before = search(&self.predecessors, &self.places, &mut self.is_seen, from, between);
            self.put_in_order(before, behind);
        }
        self.successors[from].push(to);
        self.predecessors[to].push(from);
        true
    }

    /// Puts nodes before others, in the places that they have together; among themselves they stay in order.
    fn put_in_order(&mut self, mut before: Vec<usize>, mut behind: Vec<usize>) {
        before.sort_unstable_by_key(|node| self.places[*node]);
        behind.sort_unstable_by_key(|node| self.places[*node]);
        before.append(&mut behind);
        let mut places: Vec<usize> = before.iter().map(|node| self.places[*node]).collect();
        places.sort_unstable();
        for (node, place) in before.into_iter().zip(places) {
            self.places[node] = place;
        }
    }
}

/// The nodes that can be reached from one without leaving a range of places.
fn search(
    edges: &[Vec<usize>],
    places: &[usize],
    is_seen: &mut [bool],
    start: usize,
    is_inside: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let mut found = vec![start];
    is_seen[start] = true;
    let mut next = 0;
    while let Some(&node) = found.get(next) {
        next += 1;
        for &to in edges[node].iter().filter(|to| is_inside(places[**to])) {
            if !std::mem::replace(&mut is_seen[to], true) {
                found.push(to);
            }
        }
    }
    for node in &found {
        is_seen[*node] = false;
    }
    found
}
