//! Which nodes can all reach one another.

use super::Group;

/// The groups of nodes that can all reach one another (strongly connected components of more than one node, or of one
/// with an edge to itself), in the order of their first nodes.
///
/// Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972), with a stack of its own in place of
/// recursion, so that no chain of edges is too long. Linear in nodes and edges but for sorting.
pub fn groups(edges: &[Vec<usize>]) -> Vec<Group> {
    let mut search = Search {
        edges,
        order: vec![usize::MAX; edges.len()],
        low: vec![usize::MAX; edges.len()],
        on_stack: vec![false; edges.len()],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for node in 0..edges.len() {
        if search.order[node] == usize::MAX {
            search.visit(node);
        }
    }
    search.found.sort();
    with_edges(edges, search.found)
}

/// Gives groups of nodes the edges that stay inside.
fn with_edges(edges: &[Vec<usize>], found: Vec<Vec<usize>>) -> Vec<Group> {
    // The group and the place in it of each node.
    let mut places = vec![None; edges.len()];
    for (group, nodes) in found.iter().enumerate() {
        for (place, node) in nodes.iter().enumerate() {
            places[*node] = Some((group, place));
        }
    }
    let inside = |group: usize, node: &usize| {
        let targets = edges[*node].iter().filter_map(|to| places[*to]);
        let mut inside: Vec<usize> = targets.filter(|(other, _)| *other == group).map(|(_, place)| place).collect();
        inside.sort_unstable();
        inside.dedup();
        inside
    };
    let groups = found.into_iter().enumerate();
    groups
        .map(|(group, nodes)| Group { edges: nodes.iter().map(|node| inside(group, node)).collect(), nodes })
        .collect()
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
    found: Vec<Vec<usize>>,
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
            self.found.push(group);
        }
    }
}
