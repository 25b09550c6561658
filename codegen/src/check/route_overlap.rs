//! `route-overlap`: no app takes paths from a pattern of another, unless the one that is preferred `overrides` that app,
//! or the other one `yields`.
//!
//! Two patterns overlap if some path matches both. All pairs that do are found by walking a tree of the patterns against
//! itself: two nodes are looked at together if some path leads to both. Where only one app is below two nodes, nothing
//! is looked at, so that a host whose apps keep to their own prefixes costs one visit a prefix.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::route_conflict::{Candidate, candidates};
use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::pattern::Segment;
use crate::source::Place;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let candidates = candidates(model);
    let tree = Tree::new(&candidates);
    let mut walk = Walk { tree: &tree, candidates: &candidates, overlaps: Vec::new(), seen: HashSet::new() };
    walk.visit(0, 0);
    let taken = walk.overlaps.into_iter().filter_map(|(a, b)| taken(model, candidates.get(a)?, candidates.get(b)?));
    // One pattern that lacks a `yields` is one mistake, however many take paths from it; so is one that takes.
    let mut by_loser: BTreeMap<Option<Place>, Vec<Taken<'_>>> = BTreeMap::new();
    for taken in taken {
        by_loser.entry(taken.loser.route.map(|(_, route)| route.place)).or_default().push(taken);
    }
    diagnostics.extend(by_loser.into_values().filter_map(overlap));
}

/// A pattern that takes paths from another without either having said so.
struct Taken<'a> {
    winner: &'a Candidate<'a>,
    loser: &'a Candidate<'a>,
}

fn taken<'a>(model: &Model, a: &'a Candidate<'a>, b: &'a Candidate<'a>) -> Option<Taken<'a>> {
    let (winner, loser) = match a.pattern.precedence(&b.pattern) {
        Ordering::Greater => (b, a),
        _ => (a, b),
    };
    let overrides = match (winner.route, loser.route) {
        (Some((_, route)), Some((app, _))) => model
            .targets(&route.overrides)
            .iter()
            .any(|target| model.apps.get(*target).is_some_and(|target| target.folder == app.folder)),
        _ => false,
    };
    let yields = loser.route.is_some_and(|(_, route)| route.yields);
    (!overrides && !yields).then_some(Taken { winner, loser })
}

fn overlap(mut all: Vec<Taken<'_>>) -> Option<Diagnostic> {
    all.sort_by(|a, b| (a.winner.slug(), a.winner.text()).cmp(&(b.winner.slug(), b.winner.text())));
    let Taken { winner, loser } = all.first()?;
    let Some((_, loser_route)) = loser.route else {
        // The host's own paths are literal, so that they are never the ones that lose; a pattern equal to one conflicts.
        return None;
    };
    let more = match all.len() {
        1 => String::new(),
        n => format!(", and so do {} more patterns", n - 1),
    };
    let Some((_, winner_route)) = winner.route else {
        let message =
            format!("pattern `{}` of app `{}` also matches a path of the host itself", loser.text(), loser.slug());
        let help = "set `yields = true` on it, so that the host keeps its own paths";
        return Some(Diagnostic::error("route-overlap", loser_route.place, message).help(help));
    };
    let message = format!("pattern `{}` takes paths from `{}` of another app{more}", winner.text(), loser.text());
    let help = format!(
        "set `overrides = [\"{}\"]` on the first if that is meant, or `yields = true` on the second if any app may",
        loser.slug()
    );
    let diagnostic = Diagnostic::error("route-overlap", winner_route.place, message)
        .label(format!("of app `{}`, preferred", winner.slug()))
        .also(loser_route.place, format!("of app `{}`", loser.slug()));
    Some(diagnostic.help(help))
}

/// Which apps have routes below a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apps<'a> {
    None,
    One(&'a str),
    Many,
}

impl<'a> Apps<'a> {
    fn and(self, slug: &'a str) -> Self {
        match self {
            Self::None => Self::One(slug),
            Self::One(one) if one == slug => self,
            _ => Self::Many,
        }
    }
}

struct Node<'a> {
    apps: Apps<'a>,
    literals: HashMap<&'a str, usize>,
    /// Children for segments that are no literals.
    others: Vec<(&'a Segment, usize)>,
    /// Candidates whose patterns end here.
    ends: Vec<usize>,
    /// Candidates whose catch-all begins here.
    catch_alls: Vec<usize>,
}

struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    fn new(candidates: &'a [Candidate<'a>]) -> Self {
        let mut tree = Self { nodes: Vec::new() };
        tree.add();
        for (idx, candidate) in candidates.iter().enumerate() {
            tree.insert(idx, candidate);
        }
        tree
    }

    fn add(&mut self) -> usize {
        let (literals, others, ends, catch_alls) = Default::default();
        self.nodes.push(Node { apps: Apps::None, literals, others, ends, catch_alls });
        self.nodes.len() - 1
    }

    fn insert(&mut self, idx: usize, candidate: &'a Candidate<'a>) {
        let mut at = 0;
        for segment in &candidate.pattern.segments {
            self.nodes[at].apps = self.nodes[at].apps.and(candidate.slug());
            if matches!(segment, Segment::CatchAll(_)) {
                self.nodes[at].catch_alls.push(idx);
                return;
            }
            at = self.child(at, segment).unwrap_or_else(|| self.add_child(at, segment));
        }
        self.nodes[at].apps = self.nodes[at].apps.and(candidate.slug());
        self.nodes[at].ends.push(idx);
    }

    fn child(&self, at: usize, segment: &Segment) -> Option<usize> {
        let node = &self.nodes[at];
        match segment {
            Segment::Literal(text) => node.literals.get(text.as_str()).copied(),
            _ => node.others.iter().find(|(other, _)| *other == segment).map(|(_, child)| *child),
        }
    }

    fn add_child(&mut self, at: usize, segment: &'a Segment) -> usize {
        let child = self.add();
        match segment {
            Segment::Literal(text) => {
                self.nodes[at].literals.insert(text, child);
            }
            _ => self.nodes[at].others.push((segment, child)),
        }
        child
    }
}

struct Walk<'a> {
    tree: &'a Tree<'a>,
    candidates: &'a [Candidate<'a>],
    overlaps: Vec<(usize, usize)>,
    /// Pairs of nodes that were looked at.
    seen: HashSet<(usize, usize)>,
}

impl Walk<'_> {
    /// Looks at two nodes to which some path leads.
    fn visit(&mut self, a: usize, b: usize) {
        let (node_a, node_b) = (&self.tree.nodes[a], &self.tree.nodes[b]);
        if (node_a.apps == node_b.apps && node_a.apps != Apps::Many) || !self.seen.insert((a.min(b), a.max(b))) {
            return;
        }
        self.meet(&node_a.ends, &node_b.ends);
        self.meet(&node_a.catch_alls, &node_b.catch_alls);
        self.meet_below(&node_a.catch_alls, b);
        if a != b {
            self.meet_below(&node_b.catch_alls, a);
        }
        self.visit_children(node_a, node_b);
    }

    fn visit_children(&mut self, a: &Node<'_>, b: &Node<'_>) {
        let (few, many) = if a.literals.len() <= b.literals.len() { (a, b) } else { (b, a) };
        for (text, child) in &few.literals {
            if let Some(other) = many.literals.get(text) {
                self.visit(*child, *other);
            }
        }
        self.visit_others(a, b);
        if !std::ptr::eq(a, b) {
            self.visit_others(b, a);
        }
    }

    /// The children of `a` that are no literals, against all that are children of `b`.
    fn visit_others(&mut self, a: &Node<'_>, b: &Node<'_>) {
        for (segment, child) in &a.others {
            for (text, other) in &b.literals {
                if segment.meets(&Segment::Literal((*text).to_owned())) {
                    self.visit(*child, *other);
                }
            }
            for (other_segment, other) in &b.others {
                if segment.meets(other_segment) {
                    self.visit(*child, *other);
                }
            }
        }
    }

    /// Catch-alls that begin at a node, against all that goes on below another node to which the same paths lead.
    fn meet_below(&mut self, catch_alls: &[usize], below: usize) {
        if catch_alls.is_empty() {
            return;
        }
        let tree = self.tree;
        let empty = tree.nodes[below].literals.get("").copied();
        let children = |at: usize| {
            let node = &tree.nodes[at];
            node.literals.values().copied().chain(node.others.iter().map(|(_, child)| *child))
        };
        let mut open: Vec<usize> = children(below).collect();
        while let Some(at) = open.pop() {
            // A path that ends in the slash before the catch-all leaves nothing for it.
            if Some(at) != empty {
                self.meet(catch_alls, &tree.nodes[at].ends);
            }
            self.meet(catch_alls, &tree.nodes[at].catch_alls);
            open.extend(children(at));
        }
    }

    /// Candidates that match some path together, each against each.
    fn meet(&mut self, a: &[usize], b: &[usize]) {
        for &idx_a in a {
            for &idx_b in b {
                let (one, other) = (&self.candidates[idx_a], &self.candidates[idx_b]);
                let differs = one.slug() != other.slug() && one.pattern != other.pattern;
                if differs && one.shares_a_method(other) && !one.is_same_matter(other) {
                    self.overlaps.push((idx_a.min(idx_b), idx_a.max(idx_b)));
                }
            }
        }
    }
}
