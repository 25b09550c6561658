//! Nodes of the tree that are looked at as one: what a param of another node leads to, all at once.
//!
//! A group is some nodes of one level. Its edges are those of all its nodes, equal ones made one, so that a text is looked
//! up in it once, however many nodes it has. Groups and their edges are made when they are first needed.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::claims::{Below, Claim, below_nodes};
use crate::pattern::{LiteralIndex, MixedIndex, Tree};

/// The number of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GroupId(usize);

/// All groups that were made so far.
pub(super) struct Groups<'t> {
    tree: &'t Tree<'t>,
    below_nodes: Vec<Rc<Below>>,
    made: Vec<Group<'t>>,
    /// How many edges were looked at.
    pub(super) work: u64,
}

struct Group<'t> {
    nodes: Rc<[usize]>,
    below: Rc<Below>,
    edges: Option<Rc<Edges<'t>>>,
}

/// What begins at a group.
pub(super) struct Edges<'t> {
    /// By text.
    pub(super) literals: Vec<(&'t str, GroupId)>,
    /// By their pieces.
    pub(super) mixed: Vec<(&'t [String], GroupId)>,
    pub(super) param: Option<GroupId>,
    /// Behind every literal that is not empty and every mixed segment: what a param meets and is preferred to it.
    pub(super) preferred: Option<GroupId>,
    /// The same and behind the param: all that a param meets.
    pub(super) taken: Option<GroupId>,
    literal_index: OnceCell<LiteralIndex<'t>>,
    mixed_index: OnceCell<MixedIndex<'t>>,
    /// Groups of the nodes behind mixed segments that lie together in their index.
    mixed_parts: RefCell<HashMap<Range<usize>, GroupId>>,
    /// The routes that end at the group.
    pub(super) ends: Routes,
    /// The routes whose catch-all begins there.
    pub(super) catch_alls: Routes,
}

/// Routes that begin or end together.
pub(super) struct Routes {
    pub(super) all: Vec<usize>,
    /// Those of which more is to be found that takes paths from them; fewer and fewer.
    pub(super) losing: RefCell<Vec<usize>>,
}

impl Routes {
    fn new(all: Vec<usize>) -> Self {
        Self { losing: RefCell::new(all.clone()), all }
    }
}

impl<'t> Edges<'t> {
    pub(super) fn literal(&self, text: &str) -> Option<GroupId> {
        let at = self.literals.binary_search_by(|(known, _)| (*known).cmp(text)).ok()?;
        self.literals.get(at).map(|(_, group)| *group)
    }

    pub(super) fn literal_index(&self) -> &LiteralIndex<'t> {
        self.literal_index.get_or_init(|| LiteralIndex::new(self.literals.iter().map(|(text, _)| *text)))
    }

    pub(super) fn mixed_index(&self) -> &MixedIndex<'t> {
        self.mixed_index.get_or_init(|| MixedIndex::new(self.mixed.iter().map(|(pieces, _)| *pieces)))
    }
}

impl<'t> Groups<'t> {
    pub(super) fn new(tree: &'t Tree<'t>, claims: &[Claim]) -> Self {
        let below_nodes = below_nodes(tree, claims).into_iter().map(Rc::new).collect();
        Self { tree, below_nodes, made: Vec::new(), work: 0 }
    }

    /// The group of the root alone.
    pub(super) fn root(&mut self) -> GroupId {
        self.group(Rc::new([0]))
    }

    pub(super) fn nodes(&self, group: GroupId) -> Rc<[usize]> {
        self.made.get(group.0).map(|group| Rc::clone(&group.nodes)).unwrap_or_default()
    }

    pub(super) fn below(&self, group: GroupId) -> Rc<Below> {
        self.made.get(group.0).map(|group| Rc::clone(&group.below)).unwrap_or_default()
    }

    pub(super) fn below_node(&self, node: usize) -> Option<Rc<Below>> {
        self.below_nodes.get(node).map(Rc::clone)
    }

    pub(super) fn edges(&mut self, group: GroupId) -> Rc<Edges<'t>> {
        if let Some(edges) = self.made.get(group.0).and_then(|group| group.edges.as_ref()) {
            return Rc::clone(edges);
        }
        let edges = Rc::new(self.make_edges(&self.nodes(group)));
        if let Some(group) = self.made.get_mut(group.0) {
            group.edges = Some(Rc::clone(&edges));
        }
        edges
    }

    /// The nodes behind mixed segments that lie together in their index, as one group.
    pub(super) fn mixed_part(&mut self, edges: &Edges<'t>, part: Range<usize>) -> Option<GroupId> {
        if let Some(group) = edges.mixed_parts.borrow().get(&part) {
            return Some(*group);
        }
        let list = edges.mixed_index().list(part.clone());
        let groups: Vec<GroupId> = list.filter_map(|at| edges.mixed.get(at).map(|(_, group)| *group)).collect();
        let group = self.union_of(&groups)?;
        edges.mixed_parts.borrow_mut().insert(part, group);
        Some(group)
    }

    fn group(&mut self, nodes: Rc<[usize]>) -> GroupId {
        self.work += nodes.len() as u64;
        let each = nodes.iter().filter_map(|node| self.below_nodes.get(*node));
        let below = match &*nodes {
            [node] => self.below_node(*node).unwrap_or_default(),
            _ => Rc::new(each.fold(Below::default(), |all, one| all.and(one))),
        };
        self.made.push(Group { nodes, below, edges: None });
        GroupId(self.made.len() - 1)
    }

    fn make_edges(&mut self, nodes: &[usize]) -> Edges<'t> {
        let tree = self.tree;
        let nodes = || nodes.iter().filter_map(|node| tree.nodes.get(*node));
        let literals = nodes().flat_map(|node| &node.literals).map(|(text, child)| (text.as_ref(), *child)).collect();
        let mixed = nodes().flat_map(|node| &node.mixed).map(|(pieces, child)| (pieces.as_ref(), *child)).collect();
        let (literals, mixed) = (self.by_segment(literals), self.by_segment(mixed));
        let param = self.union(nodes().filter_map(|node| node.param).collect());
        let of_text = literals.iter().filter(|(text, _)| !text.is_empty()).map(|(_, group)| *group);
        let mut specific: Vec<GroupId> = of_text.chain(mixed.iter().map(|(_, group)| *group)).collect();
        let preferred = self.union_of(&specific);
        specific.extend(param);
        Edges {
            preferred,
            taken: self.union_of(&specific),
            literals,
            mixed,
            param,
            literal_index: OnceCell::new(),
            mixed_index: OnceCell::new(),
            mixed_parts: RefCell::default(),
            ends: Routes::new(nodes().flat_map(|node| &node.ends).copied().collect()),
            catch_alls: Routes::new(nodes().flat_map(|node| &node.catch_alls).copied().collect()),
        }
    }

    /// Makes groups of the children behind equal segments.
    fn by_segment<S: Ord + Copy>(&mut self, mut children: Vec<(S, usize)>) -> Vec<(S, GroupId)> {
        children.sort_unstable();
        let equal = children.chunk_by(|(a, _), (b, _)| a == b);
        let groups = equal.filter_map(|equal| {
            let (segment, _) = equal.first()?;
            Some((*segment, self.group(equal.iter().map(|(_, child)| *child).collect())))
        });
        groups.collect()
    }

    fn union(&mut self, nodes: Vec<usize>) -> Option<GroupId> {
        (!nodes.is_empty()).then(|| self.group(nodes.into()))
    }

    /// One group of all nodes of some groups; of a single one that group, so that its edges are made once.
    fn union_of(&mut self, groups: &[GroupId]) -> Option<GroupId> {
        match groups {
            [] => None,
            [group] => Some(*group),
            groups => {
                let nodes = groups.iter().filter_map(|group| self.made.get(group.0));
                let nodes: Vec<usize> = nodes.flat_map(|group| group.nodes.iter().copied()).collect();
                self.union(nodes)
            }
        }
    }
}
