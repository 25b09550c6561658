//! The most work that a path can make.

use std::cmp::Reverse;

use super::{Index, Node, Target};

/// The most nodes and routes that are looked at for one path: at each node itself, then what one slot leads to, or the rest, or
/// both. `bakehouse_runtime` computes it again when it validates a table.
pub(super) fn probe_bound(index: &Index) -> u64 {
    of_node(index, &bounds(index), &index.root)
}

/// The places of the routes that the worst path has looked at, those of the longest list first.
pub(super) fn worst_way(index: &Index) -> Vec<usize> {
    let bounds = bounds(index);
    let mut lists = Vec::new();
    // The nodes are a tree, so that none is come to twice.
    let mut open = worst_targets(index, &bounds, &index.root);
    while let Some(target) = open.pop() {
        match target {
            Target::Route(place) => lists.push(vec![place]),
            Target::Leaf(number) => lists.push(index.leaves[number].clone()),
            Target::Node(number) => open.extend(worst_targets(index, &bounds, &index.nodes[number])),
        }
    }
    lists.sort_by_key(|list| Reverse(list.len()));
    lists.concat()
}

/// Where a node leads the worst path.
fn worst_targets(index: &Index, bounds: &[u64], node: &Node) -> Vec<Target> {
    let of = |target: &Target| of_target(index, bounds, *target);
    let slot = node.slots.slots.iter().flatten().map(|(_, target)| *target).max_by_key(of);
    let both = slot.into_iter().chain(node.rest);
    if node.always { both.collect() } else { both.max_by_key(of).into_iter().collect() }
}

/// The bound of each node but the root.
fn bounds(index: &Index) -> Vec<u64> {
    let mut bounds = vec![0u64; index.nodes.len()];
    for (number, node) in index.nodes.iter().enumerate().rev() {
        bounds[number] = of_node(index, &bounds, node);
    }
    bounds
}

fn of_node(index: &Index, bounds: &[u64], node: &Node) -> u64 {
    let of = |target: Target| of_target(index, bounds, target);
    let slots = node.slots.slots.iter().flatten().map(|(_, target)| of(*target)).max().unwrap_or(0);
    let rest = node.rest.map_or(0, of);
    let both = if node.always { slots.saturating_add(rest) } else { slots.max(rest) };
    both.saturating_add(1)
}

fn of_target(index: &Index, bounds: &[u64], target: Target) -> u64 {
    match target {
        Target::Route(_) => 1,
        Target::Node(number) => bounds[number],
        Target::Leaf(number) => index.leaves[number].len() as u64,
    }
}
