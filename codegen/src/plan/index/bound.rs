//! The most work that a path can make.

use std::cmp::Reverse;

use super::{Index, Target};

/// The most nodes and routes that are looked at for one path: at each node itself, then what one slot leads to, or the rest, or
/// both. `bakehouse_runtime` computes it again when it validates a table.
pub(super) fn probe_bound(index: &Index) -> u64 {
    bounds(index).first().copied().unwrap_or(0)
}

/// The places of the routes that the worst path has looked at, those of the longest list first.
pub(super) fn worst_way(index: &Index) -> Vec<usize> {
    let bounds = bounds(index);
    let of = |target: &Target| of_target(index, &bounds, *target);
    let mut lists = Vec::new();
    // The nodes are a tree, so that none is come to twice.
    let mut open = vec![Target::Node(0)];
    while let Some(target) = open.pop() {
        match target {
            Target::Route(place) => lists.push(vec![place]),
            Target::Leaf(number) => lists.push(index.leaves[number].clone()),
            Target::Node(number) => {
                let Some(node) = index.nodes.get(number) else { continue };
                let slot = node.slots.slots.iter().flatten().map(|(_, target)| *target).max_by_key(of);
                let both = slot.into_iter().chain(node.rest);
                if node.always { open.extend(both) } else { open.extend(both.max_by_key(of)) }
            }
        }
    }
    lists.sort_by_key(|list| Reverse(list.len()));
    lists.concat()
}

/// The bound of each node.
fn bounds(index: &Index) -> Vec<u64> {
    let mut bounds = vec![0u64; index.nodes.len()];
    for (number, node) in index.nodes.iter().enumerate().rev() {
        let of = |target: Target| of_target(index, &bounds, target);
        let slots = node.slots.slots.iter().flatten().map(|(_, target)| of(*target)).max().unwrap_or(0);
        let rest = node.rest.map_or(0, of);
        let both = if node.always { slots.saturating_add(rest) } else { slots.max(rest) };
        bounds[number] = both.saturating_add(1);
    }
    bounds
}

fn of_target(index: &Index, bounds: &[u64], target: Target) -> u64 {
    match target {
        Target::Route(_) => 1,
        Target::Node(number) => bounds[number],
        Target::Leaf(number) => index.leaves[number].len() as u64,
    }
}
