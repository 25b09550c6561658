//! The shortest way from one node to another.

use std::collections::{HashMap, VecDeque};

/// A shortest way along one edge or more: the nodes from `start` to `goal`, which is left out where both are the same
/// node. Empty if there is no way.
pub(super) fn shortest(edges: &[Vec<usize>], start: usize, goal: usize) -> Vec<usize> {
    let mut came_from = HashMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(node) = open.pop_front() {
        for &to in &edges[node] {
            if to == goal {
                let last = (start != goal).then_some(goal);
                return back(&came_from, node).into_iter().rev().chain(last).collect();
            }
            if to != start && !came_from.contains_key(&to) {
                came_from.insert(to, node);
                open.push_back(to);
            }
        }
    }
    Vec::new()
}

/// The way back from a node to the start, which came from nowhere.
fn back(came_from: &HashMap<usize, usize>, node: usize) -> Vec<usize> {
    std::iter::successors(Some(node), |node| came_from.get(node).copied()).collect()
}
