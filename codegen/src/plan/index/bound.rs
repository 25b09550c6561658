//! The most work that a path can make.

use super::{Index, Node, Target};

/// The most nodes and routes that are looked at for one path: at each node itself, then what one slot leads to, or the rest, or
/// both. `bakehouse_runtime` computes it again when it validates a table.
pub(super) fn probe_bound(index: &Index) -> u64 {
    let mut bounds = vec![0u64; index.nodes.len()];
    for (number, node) in index.nodes.iter().enumerate().rev() {
        bounds[number] = of_node(index, &bounds, node);
    }
    of_node(index, &bounds, &index.root)
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
