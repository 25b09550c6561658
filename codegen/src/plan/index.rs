//! The route index: a tree of segments, which `bakehouse_runtime` walks from the root.

use std::collections::BTreeMap;

use bakehouse_manifest::Case;

use super::PlannedRoute;
use crate::model::Model;
use crate::pattern::{Mixed, Segment};

/// The tree, its nodes in an order in which every node stands before its children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The nodes; the first is the root.
    pub nodes: Vec<Node>,
    /// No path visits more nodes than this.
    pub visit_bound: u64,
}

/// A node of the tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Literal segments, sorted, and the nodes behind them.
    pub literals: BTreeMap<String, usize>,
    /// The pieces of mixed segments, in order of precedence, and the nodes behind them.
    pub mixed: Vec<(Vec<String>, usize)>,
    /// The node behind a param.
    pub param: Option<usize>,
    /// Routes that end here.
    pub leaves: Vec<usize>,
    /// Routes whose catch-all begins here.
    pub catch_alls: Vec<usize>,
}

pub(super) fn index(model: &Model, routes: &[PlannedRoute]) -> Index {
    let ignore_case = model.host.case == Case::Insensitive;
    let mut nodes = vec![Node::default()];
    for (idx, planned) in routes.iter().enumerate() {
        let route = model.apps.get(planned.app).and_then(|app| app.routes.get(planned.route));
        let Some(Ok(pattern)) = route.map(|route| &route.pattern) else { continue };
        insert(&mut nodes, &pattern.normalized(ignore_case, false).segments, idx);
    }
    for node in &mut nodes {
        node.mixed.sort_by(|(a, _), (b, _)| Mixed::precedence(a).cmp(&Mixed::precedence(b)));
    }
    Index { visit_bound: visit_bound(&nodes), nodes }
}

fn insert(nodes: &mut Vec<Node>, segments: &[Segment], route: usize) {
    let mut at = 0;
    for segment in segments {
        let fresh = nodes.len();
        let node = &mut nodes[at];
        at = match segment {
            Segment::Literal(text) => *node.literals.entry(text.clone()).or_insert(fresh),
            Segment::Param(_) => *node.param.get_or_insert(fresh),
            Segment::Mixed(mixed) => {
                let known = node.mixed.iter().find(|(pieces, _)| *pieces == mixed.pieces).map(|(_, child)| *child);
                known.unwrap_or_else(|| {
                    node.mixed.push((mixed.pieces.clone(), fresh));
                    fresh
                })
            }
            Segment::CatchAll(_) => {
                node.catch_alls.push(route);
                return;
            }
        };
        if at == fresh {
            nodes.push(Node::default());
        }
    }
    nodes[at].leaves.push(route);
}

/// The most nodes that one path can visit: at each node at most one literal, but every mixed edge and the param.
/// `bakehouse_runtime` computes it again when it validates a table.
fn visit_bound(nodes: &[Node]) -> u64 {
    let mut bounds = vec![1u64; nodes.len()];
    for (idx, node) in nodes.iter().enumerate().rev() {
        let literal = node.literals.values().map(|child| bounds[*child]).max().unwrap_or(0);
        let others = node.mixed.iter().map(|(_, child)| *child).chain(node.param).map(|child| bounds[child]);
        bounds[idx] = others.fold(literal, u64::saturating_add).saturating_add(1);
    }
    bounds.first().copied().unwrap_or(0)
}
