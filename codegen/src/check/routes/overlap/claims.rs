//! What routes claim: who may take paths from whom, of one route and of all below a node.

use bakehouse_runtime::Methods;

use crate::pattern::{Tree, TreeNode};

/// What a route says of itself.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    /// The number of its app.
    pub(super) app: u32,
    pub(super) methods: Methods,
    /// Whether any app may take paths from it.
    pub(super) yields: bool,
    /// The apps from which it takes paths, sorted.
    pub(super) overrides: Vec<u32>,
}

impl Claim {
    /// Whether it takes paths that both match from another without either having said so.
    pub(super) fn takes_from(&self, loser: &Self) -> bool {
        self.app != loser.app
            && !loser.yields
            && !self.methods.intersection(loser.methods).is_empty()
            && self.overrides.binary_search(&loser.app).is_err()
    }
}

/// Which apps have routes somewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Apps {
    #[default]
    None,
    One(u32),
    Many,
}

impl Apps {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, apps) | (apps, Self::None) => apps,
            _ if self == other => self,
            _ => Self::Many,
        }
    }
}

/// Some routes at a node and below, in one of the two roles.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    apps: Apps,
    methods: Methods,
    /// Bit `n`: some route matches `n` more segments behind the node.
    lengths: u128,
}

impl Part {
    fn and(self, other: Self) -> Self {
        Self {
            apps: self.apps.and(other.apps),
            methods: self.methods.union(other.methods),
            lengths: self.lengths | other.lengths,
        }
    }
}

/// What is at a node and below: as much as tells, mostly, that nothing there takes paths from what is at another.
#[derive(Debug, Clone, Default)]
pub(super) struct Below {
    all: Part,
    /// Those that do not yield: the only ones from which paths can be taken unsaid.
    keeping: Part,
    /// The apps that every route overrides; none where there is no route.
    overrides: Option<Vec<u32>>,
    /// The last of the routes, by number.
    pub(super) last: usize,
}

impl Below {
    fn of(number: usize, claim: &Claim, lengths: u128) -> Self {
        let all = Part { apps: Apps::One(claim.app), methods: claim.methods, lengths };
        let keeping = if claim.yields { Part::default() } else { all };
        Self { all, keeping, overrides: Some(claim.overrides.clone()), last: number }
    }

    /// Catch-alls as they meet what is below a node, whatever its length.
    pub(super) fn of_catch_alls(numbers: &[usize], claims: &[Claim]) -> Self {
        let each = numbers.iter().filter_map(|number| Some(Self::of(*number, claims.get(*number)?, u128::MAX)));
        each.fold(Self::default(), |below, one| below.and(&one))
    }

    pub(super) fn and(mut self, other: &Self) -> Self {
        self.all = self.all.and(other.all);
        self.keeping = self.keeping.and(other.keeping);
        self.last = self.last.max(other.last);
        match (&mut self.overrides, &other.overrides) {
            (Some(ours), Some(theirs)) => ours.retain(|app| theirs.binary_search(app).is_ok()),
            (ours @ None, theirs) => ours.clone_from(theirs),
            (Some(_), None) => {}
        }
        self
    }

    /// Whether a route here may take paths, unsaid, from one there. What it denies is certain; what it says is not.
    pub(super) fn may_take_from(&self, losers: &Self) -> bool {
        let (all, keeping) = (&self.all, &losers.keeping);
        let is_settled = match keeping.apps {
            Apps::None => true,
            Apps::One(app) => {
                all.apps == Apps::One(app)
                    || self.overrides.as_ref().is_some_and(|overrides| overrides.binary_search(&app).is_ok())
            }
            Apps::Many => false,
        };
        !is_settled && all.lengths & keeping.lengths != 0 && !all.methods.intersection(keeping.methods).is_empty()
    }

    /// What the node before this one sees of it: all paths are a segment longer.
    fn one_longer(&self) -> Self {
        let mut below = self.clone();
        below.all.lengths <<= 1;
        below.keeping.lengths <<= 1;
        below
    }
}

/// What is at each node of a tree and below.
pub(super) fn below_nodes(tree: &Tree<'_>, claims: &[Claim]) -> Vec<Below> {
    let mut below = vec![Below::default(); tree.nodes.len()];
    // A node stands before its children.
    for (idx, node) in tree.nodes.iter().enumerate().rev() {
        let children = node.children().filter_map(|child| below.get(child)).map(Below::one_longer);
        let all = children.chain(own(node, claims)).fold(Below::default(), |all, one| all.and(&one));
        if let Some(place) = below.get_mut(idx) {
            *place = all;
        }
    }
    below
}

/// The routes that end at a node or whose catch-all begins there.
fn own(node: &TreeNode<'_>, claims: &[Claim]) -> impl Iterator<Item = Below> {
    let ends = node.ends.iter().map(|number| (number, 1));
    // A catch-all takes one segment or more.
    let catch_alls = node.catch_alls.iter().map(|number| (number, !1));
    let all = ends.chain(catch_alls);
    all.filter_map(|(number, lengths)| Some(Below::of(*number, claims.get(*number)?, lengths)))
}
