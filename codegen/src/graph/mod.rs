//! Circles in a directed graph, which is given as the list of successors of each node: where they are, what one looks
//! like, and which edges to cut so that none is left.

mod cuts;
mod groups;
mod order;
mod path;

pub use groups::groups;

/// Nodes that can all reach one another, more than one of them or one with an edge to itself, and the edges between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The nodes, sorted.
    nodes: Vec<usize>,
    /// The successors of each node that are in the group, sorted; both by their place in `nodes`.
    edges: Vec<Vec<usize>>,
}

impl Group {
    /// The nodes, sorted.
    pub fn nodes(&self) -> &[usize] {
        &self.nodes
    }

    /// A shortest circle through an edge of the group: the nodes from the edge's end to its beginning.
    pub fn circle_through(&self, (from, to): (usize, usize)) -> Vec<usize> {
        let place = |node: usize| self.nodes.binary_search(&node).ok();
        match (place(from), place(to)) {
            (Some(from), Some(to)) if from == to => self.named(vec![from]),
            (Some(from), Some(to)) => self.named(path::shortest(&self.edges, to, from)),
            _ => Vec::new(),
        }
    }

    /// Circles that together pass through every node: for each node that no circle before it has, a shortest one.
    pub fn circles(&self) -> Vec<Vec<usize>> {
        let mut is_shown = vec![false; self.nodes.len()];
        let mut circles = Vec::new();
        for node in 0..self.nodes.len() {
            if is_shown[node] {
                continue;
            }
            let circle = path::shortest(&self.edges, node, node);
            for node in &circle {
                is_shown[*node] = true;
            }
            circles.push(self.named(circle));
        }
        circles
    }

    /// Edges without which the group has no circle, sorted; none of them could be left out.
    ///
    /// In a group of twelve nodes or fewer they are the fewest there can be. In a larger one they are few: to find the
    /// fewest is NP-hard.
    pub fn cuts(&self) -> Vec<(usize, usize)> {
        let cuts = cuts::cuts(&self.edges);
        cuts.into_iter().map(|(from, to)| (self.nodes[from], self.nodes[to])).collect()
    }

    fn named(&self, places: Vec<usize>) -> Vec<usize> {
        places.into_iter().map(|place| self.nodes[place]).collect()
    }
}
