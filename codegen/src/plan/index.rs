//! The route index: a tree of segments, which `bakehouse_runtime` walks from the root.

use bakehouse_manifest::Case;

use super::PlannedRoute;
use crate::model::Model;
use crate::pattern::{Equality, Mixed, Tree, TreeNode};

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
    pub literals: Vec<(String, usize)>,
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
    // A slash at the end of a pattern counts here: a path is tried in both forms, one after the other.
    let equality = Equality { ignore_case: model.host.case == Case::Insensitive, ignore_slash: false };
    let patterns = routes.iter().enumerate().filter_map(|(number, planned)| {
        let route = model.apps.get(planned.app)?.routes.get(planned.route)?;
        Some((number, route.pattern.as_ref().ok()?))
    });
    let nodes: Vec<Node> = Tree::new(patterns, equality).nodes.into_iter().map(node).collect();
    Index { visit_bound: visit_bound(&nodes), nodes }
}

fn node(mut node: TreeNode<'_>) -> Node {
    node.literals.sort_unstable();
    node.mixed.sort_by(|(a, _), (b, _)| Mixed::precedence(a).cmp(&Mixed::precedence(b)));
    Node {
        literals: node.literals.into_iter().map(|(text, child)| (text.into_owned(), child)).collect(),
        mixed: node.mixed.into_iter().map(|(pieces, child)| (pieces.into_owned(), child)).collect(),
        param: node.param,
        leaves: node.ends,
        catch_alls: node.catch_alls,
    }
}

/// The most nodes that one path can visit: at each node at most one literal, but every mixed edge and the param.
/// `bakehouse_runtime` computes it again when it validates a table.
fn visit_bound(nodes: &[Node]) -> u64 {
    let mut bounds = vec![1u64; nodes.len()];
    for (idx, node) in nodes.iter().enumerate().rev() {
        let literal = node.literals.iter().map(|(_, child)| bounds[*child]).max().unwrap_or(0);
        let others = node.mixed.iter().map(|(_, child)| *child).chain(node.param).map(|child| bounds[child]);
        bounds[idx] = others.fold(literal, u64::saturating_add).saturating_add(1);
    }
    bounds.first().copied().unwrap_or(0)
}
