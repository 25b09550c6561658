//! The most work that a path can make.

use super::{Index, Target};

/// The most nodes and routes that are looked at for one path: at each node itself, then what one slot leads to, or the rest, or
/// both. `bakehouse_runtime` computes it again when it validates a table.
pub(super) fn probe_bound(index: &Index) -> u64 {
    let mut bounds = vec![0u64; index.nodes.len()];
    for (number, node) in index.nodes.iter().enumerate().rev() {
        let of = |target: Target| of_target(index, &bounds, target);
        let slots = node.slots.slots.iter().flatten().map(|(_, target)| of(*target)).max().unwrap_or(0);
        let rest = node.rest.map_or(0, of);
        let both = if node.always { slots.saturating_add(rest) } else { slots.max(rest) };
        bounds[number] = both.saturating_add(1);
    }
    bounds.first().copied().unwrap_or(0)
}

fn of_target(index: &Index, bounds: &[u64], target: Target) -> u64 {
    match target {
        Target::Route(_) => 1,
        Target::Node(number) => bounds[number],
        Target::Leaf(number) => index.leaves[number].len() as u64,
    }
}
