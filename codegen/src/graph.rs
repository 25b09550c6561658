//! Circles in a directed graph, given as the list of successors of each node.

use std::collections::VecDeque;

/// The groups of nodes that can all reach one another (strongly connected components of more than one node, or of one
/// with an edge to itself), each sorted, in the order of their first nodes.
///
/// Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972), with a stack of its own in place of
/// recursion, so that no chain of edges is too long. Linear in nodes and edges.
pub fn groups(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        edges,
        order: vec![usize::MAX; edges.len()],
        low: vec![usize::MAX; edges.len()],
        on_stack: vec![false; edges.len()],
        stack: Vec::new(),
        next: 0,
        groups: Vec::new(),
    };
    for node in 0..edges.len() {
        if search.order[node] == usize::MAX {
            search.visit(node);
        }
    }
    search.groups.sort();
    search.groups
}

struct Search<'a> {
    edges: &'a [Vec<usize>],
    /// When each node was first seen; `usize::MAX` for not yet.
    order: Vec<usize>,
    /// The earliest node on the stack that each node reaches.
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    groups: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn visit(&mut self, start: usize) {
        self.enter(start);
        let mut path = vec![(start, 0)];
        while let Some((node, edge)) = path.last_mut() {
            let node = *node;
            if let Some(&to) = self.edges[node].get(*edge) {
                *edge += 1;
                if self.order[to] == usize::MAX {
                    self.enter(to);
                    path.push((to, 0));
                } else if self.on_stack[to] {
                    self.low[node] = self.low[node].min(self.order[to]);
                }
                continue;
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                self.low[*parent] = self.low[*parent].min(self.low[node]);
            }
            if self.low[node] == self.order[node] {
                self.leave(node);
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.order[node] = self.next;
        self.low[node] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.on_stack[node] = true;
    }

    /// Takes the group whose first node this is off the stack.
    fn leave(&mut self, node: usize) {
        let at = self.stack.iter().rposition(|other| *other == node).unwrap_or(0);
        let mut group = self.stack.split_off(at);
        for node in &group {
            self.on_stack[*node] = false;
        }
        if group.len() > 1 || self.edges[node].contains(&node) {
            group.sort_unstable();
            self.groups.push(group);
        }
    }
}

/// A shortest circle through a node of a group, beginning with it; none if there is none.
pub fn circle(edges: &[Vec<usize>], group: &[usize], start: usize) -> Option<Vec<usize>> {
    let mut came_from = vec![usize::MAX; edges.len()];
    let mut open = VecDeque::from([start]);
    while let Some(node) = open.pop_front() {
        for &to in &edges[node] {
            if to == start {
                let mut circle = vec![node];
                while let Some(&last) = circle.last().filter(|last| **last != start) {
                    circle.push(came_from[last]);
                }
                circle.reverse();
                return Some(circle);
            }
            if came_from[to] == usize::MAX && group.binary_search(&to).is_ok() {
                came_from[to] = node;
                open.push_back(to);
            }
        }
    }
    None
}

/// Circles that together pass through every node of every group: for each node that no circle before it has, a shortest
/// one through it.
pub fn circles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut circles: Vec<Vec<usize>> = Vec::new();
    for group in groups(edges) {
        let mut shown = vec![false; edges.len()];
        for &node in &group {
            if shown[node] {
                continue;
            }
            if let Some(circle) = circle(edges, &group, node) {
                for node in &circle {
                    shown[*node] = true;
                }
                circles.push(circle);
            }
        }
    }
    circles
}

/// Few edges of a group without which it has no circle: a minimal set, not always a smallest one, which is NP-hard to
/// find. The heuristic is that of Eades, Lin and Smyth ("A fast and effective heuristic for the feedback arc set
/// problem", 1993): put the nodes in an order in which few edges lead backwards. Edges that turn out not to be needed
/// are taken out again.
pub fn cuts(edges: &[Vec<usize>], group: &[usize]) -> Vec<(usize, usize)> {
    let inside = |node: usize| edges[node].iter().copied().filter(|to| group.binary_search(to).is_ok());
    let order = feedback_order(edges, group);
    let position = |node: usize| order.iter().position(|other| *other == node);
    let mut cuts: Vec<_> = group
        .iter()
        .flat_map(|&from| inside(from).map(move |to| (from, to)))
        .filter(|(from, to)| position(*from) >= position(*to))
        .collect();
    let mut idx = 0;
    while idx < cuts.len() {
        let mut fewer = cuts.clone();
        fewer.remove(idx);
        if has_circle(edges, group, &fewer) { idx += 1 } else { cuts = fewer }
    }
    cuts
}

fn has_circle(edges: &[Vec<usize>], group: &[usize], without: &[(usize, usize)]) -> bool {
    let keep = |from: usize| edges[from].iter().copied().filter(move |to| !without.contains(&(from, *to)));
    let left: Vec<Vec<usize>> = (0..edges.len())
        .map(|node| if group.binary_search(&node).is_ok() { keep(node).collect() } else { Vec::new() })
        .collect();
    !groups(&left).is_empty()
}

/// The order of the heuristic: sinks at the end, sources at the beginning, else the node with the most edges out over
/// edges in next.
fn feedback_order(edges: &[Vec<usize>], group: &[usize]) -> Vec<usize> {
    let mut left = group.to_vec();
    let (mut first, mut last) = (Vec::new(), Vec::new());
    while !left.is_empty() {
        let n_out = |node: usize| edges[node].iter().filter(|to| left.contains(to)).count();
        let n_in = |node: usize| left.iter().filter(|from| edges[**from].contains(&node)).count();
        let sink = left.iter().position(|node| n_out(*node) == 0);
        let best = || {
            left.iter().enumerate().max_by_key(|(idx, node)| {
                let surplus = n_out(**node).cast_signed() - n_in(**node).cast_signed();
                (n_in(**node) == 0, surplus, std::cmp::Reverse(*idx))
            })
        };
        let Some(idx) = sink.or_else(|| best().map(|(idx, _)| idx)) else { break };
        let node = left.remove(idx);
        if sink.is_some() { last.push(node) } else { first.push(node) }
    }
    first.extend(last.into_iter().rev());
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_circles() {
        let edges = [vec![1], vec![2], vec![0, 3], vec![4], vec![3], vec![5], vec![0]];
        assert_eq!(groups(&edges), [vec![0, 1, 2], vec![3, 4], vec![5]]);
        assert_eq!(circles(&edges), [vec![0, 1, 2], vec![3, 4], vec![5]]);
        assert_eq!(groups(&[vec![1], vec![2], vec![]]), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn cuts_leave_no_circle_and_none_is_idle() {
        // Two circles share the edge 0 -> 1, so that one cut does.
        let shared = [vec![1], vec![2, 3], vec![0], vec![0]];
        assert_eq!(cuts(&shared, &[0, 1, 2, 3]), [(0, 1)]);
        let complete: Vec<Vec<usize>> = (0..5).map(|from| (0..5).filter(|to| *to != from).collect()).collect();
        let cut = cuts(&complete, &[0, 1, 2, 3, 4]);
        assert_eq!(cut.len(), 10);
        assert!(!has_circle(&complete, &[0, 1, 2, 3, 4], &cut));
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let n = 200_000;
        let edges: Vec<Vec<usize>> = (0..n).map(|node| vec![(node + 1) % n]).collect();
        assert_eq!(groups(&edges).len(), 1);
    }
}
