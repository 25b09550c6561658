//! The load order: every app behind all that it requires, else by slug.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::model::Model;

/// Kahn's algorithm ("Topological sorting of large networks", 1962); of the apps that could be next, the first by slug
/// is. Apps in a circle, which a check has refused, would be left out.
pub(super) fn order(model: &Model) -> Vec<usize> {
    let mut required_by = vec![Vec::new(); model.apps.len()];
    let mut n_missing = vec![0usize; model.apps.len()];
    for (idx, app) in model.apps.iter().enumerate() {
        for target in model.targets(&app.requires) {
            required_by[target].push(idx);
            n_missing[idx] += 1;
        }
    }
    let ready = n_missing.iter().enumerate().filter(|(_, n)| **n == 0).map(|(idx, _)| Reverse(idx));
    let mut ready: BinaryHeap<_> = ready.collect();
    let mut order = Vec::with_capacity(model.apps.len());
    while let Some(Reverse(idx)) = ready.pop() {
        order.push(idx);
        for &next in &required_by[idx] {
            n_missing[next] -= 1;
            if n_missing[next] == 0 {
                ready.push(Reverse(next));
            }
        }
    }
    order
}
