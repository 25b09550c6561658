//! A tree of patterns, a level a segment: what the conflict rules walk.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Pattern, Segment};

/// The tree. Patterns that are equal once the names of params are erased end at one node. A node stands before its
/// children; the first is the root.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    pub(crate) nodes: Vec<TreeNode<'a>>,
}

/// A node of the tree. Patterns are named by their numbers.
#[derive(Debug, Default)]
pub(crate) struct TreeNode<'a> {
    /// Literal segments, and the nodes behind them.
    pub(crate) literals: Vec<(Cow<'a, str>, usize)>,
    /// The pieces of mixed segments, and the nodes behind them.
    pub(crate) mixed: Vec<(Cow<'a, [String]>, usize)>,
    /// The node behind a param.
    pub(crate) param: Option<usize>,
    /// The patterns that end here.
    pub(crate) ends: Vec<usize>,
    /// The patterns whose catch-all begins here.
    pub(crate) catch_alls: Vec<usize>,
}

impl TreeNode<'_> {
    /// The nodes behind this one.
    pub(crate) fn children(&self) -> impl Iterator<Item = usize> {
        let literals = self.literals.iter().map(|(_, child)| *child);
        literals.chain(self.mixed.iter().map(|(_, child)| *child)).chain(self.param)
    }
}

/// How patterns are put into a tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Equality {
    /// Literals that differ in the case of ASCII letters are one, in lower case.
    pub(crate) ignore_case: bool,
    /// Patterns that differ in a slash at their end are one, without it.
    pub(crate) ignore_slash: bool,
}

impl<'a> Tree<'a> {
    /// The tree of some patterns and their numbers.
    pub(crate) fn new(patterns: impl Iterator<Item = (usize, &'a Pattern)>, equality: Equality) -> Self {
        let mut builder =
            Builder { nodes: vec![TreeNode::default()], literals: HashMap::new(), mixed: HashMap::new(), equality };
        for (number, pattern) in patterns {
            builder.insert(number, pattern);
        }
        Self { nodes: builder.nodes }
    }
}

struct Builder<'a> {
    nodes: Vec<TreeNode<'a>>,
    /// The literal edges of all nodes, by node and text.
    literals: HashMap<(usize, Cow<'a, str>), usize>,
    /// The mixed edges of all nodes, by node and pieces.
    mixed: HashMap<(usize, Cow<'a, [String]>), usize>,
    equality: Equality,
}

impl<'a> Builder<'a> {
    fn insert(&mut self, number: usize, pattern: &'a Pattern) {
        let mut at = 0;
        for segment in pattern.significant_segments(self.equality.ignore_slash) {
            let fresh = self.nodes.len();
            at = match segment {
                Segment::Literal(text) => self.literal(at, self.equality.fold(text), fresh),
                Segment::Mixed(mixed) => self.mixed(at, &mixed.pieces, fresh),
                Segment::Param(_) => *self.nodes[at].param.get_or_insert(fresh),
                Segment::CatchAll(_) => return self.nodes[at].catch_alls.push(number),
            };
            if at == fresh {
                self.nodes.push(TreeNode::default());
            }
        }
        self.nodes[at].ends.push(number);
    }

    fn literal(&mut self, at: usize, text: Cow<'a, str>, fresh: usize) -> usize {
        let child = *self.literals.entry((at, text.clone())).or_insert(fresh);
        if child == fresh {
            self.nodes[at].literals.push((text, fresh));
        }
        child
    }

    fn mixed(&mut self, at: usize, pieces: &'a [String], fresh: usize) -> usize {
        let pieces = self.equality.fold_all(pieces);
        let child = *self.mixed.entry((at, pieces.clone())).or_insert(fresh);
        if child == fresh {
            self.nodes[at].mixed.push((pieces, fresh));
        }
        child
    }
}

impl Equality {
    /// A literal as it is compared.
    pub(crate) fn fold(self, text: &str) -> Cow<'_, str> {
        if self.ignore_case && text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            text.to_ascii_lowercase().into()
        } else {
            text.into()
        }
    }

    /// The pieces of a mixed segment as they are compared.
    pub(crate) fn fold_all(self, pieces: &[String]) -> Cow<'_, [String]> {
        if self.ignore_case { pieces.iter().map(|piece| piece.to_ascii_lowercase()).collect() } else { pieces.into() }
    }
}
