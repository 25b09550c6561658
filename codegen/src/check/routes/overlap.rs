//! `route-overlap`: no app takes paths from a pattern of another, unless the one that is preferred `overrides` that app,
//! or the other one `yields`.
//!
//! Two patterns overlap if some path matches both. All pairs that do are found by walking a tree of the patterns against
//! itself: two nodes are looked at together if some path leads to both. Where only one app is below two nodes, nothing
//! is looked at, so that a host whose apps keep to their own prefixes costs one visit a prefix.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Candidate, Routes};
use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::pattern::{Tree, TreeNode, literal_meets_mixed, mixed_meet};
use crate::source::Place;

pub(super) fn check(model: &Model, routes: &Routes<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut walk = Walk { apps: apps_below(routes), routes, overlaps: Vec::new(), seen: HashSet::new() };
    walk.visit(0, 0);
    let taken = walk.overlaps.into_iter().filter_map(|(a, b)| taken(model, routes, a, b));
    // One pattern that lacks a `yields` is one mistake, however many take paths from it.
    let mut by_loser: BTreeMap<Option<Place>, Vec<Taken<'_>>> = BTreeMap::new();
    for taken in taken {
        by_loser.entry(taken.loser.place()).or_default().push(taken);
    }
    // So is one that lacks an `overrides`, however many patterns of the other app it takes paths from.
    let mut told = HashSet::new();
    for mut all in by_loser.into_values() {
        all.sort_by(|a, b| (a.winner.slug(), a.winner.text()).cmp(&(b.winner.slug(), b.winner.text())));
        let mistakes: HashSet<_> = all.iter().map(|taken| (taken.winner.place(), taken.loser.slug())).collect();
        if mistakes.len() > 1 || mistakes.into_iter().any(|mistake| told.insert(mistake)) {
            diagnostics.extend(overlap(&all));
        }
    }
}

/// A pattern that takes paths from another without either having said so.
struct Taken<'a> {
    winner: &'a Candidate<'a>,
    loser: &'a Candidate<'a>,
}

fn taken<'a>(model: &Model, routes: &'a Routes<'a>, a: usize, b: usize) -> Option<Taken<'a>> {
    let (a, b) = (routes.candidates.get(a)?, routes.candidates.get(b)?);
    let (winner, loser) = match a.pattern.precedence(b.pattern.as_ref(), routes.equality) {
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

fn overlap(all: &[Taken<'_>]) -> Option<Diagnostic> {
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

/// Which apps have routes at a node or below.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apps<'a> {
    None,
    One(&'a str),
    Many,
}

impl Apps<'_> {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, apps) | (apps, Self::None) => apps,
            _ if self == other => self,
            _ => Self::Many,
        }
    }
}

fn apps_below<'a>(routes: &'a Routes<'a>) -> Vec<Apps<'a>> {
    let mut apps = vec![Apps::None; routes.tree.nodes.len()];
    for (idx, node) in routes.tree.nodes.iter().enumerate().rev() {
        let own = node.ends.iter().chain(&node.catch_alls).map(|number| Apps::One(routes.candidates[*number].slug()));
        apps[idx] = node.children().map(|child| apps[child]).chain(own).fold(Apps::None, Apps::and);
    }
    apps
}

struct Walk<'a> {
    routes: &'a Routes<'a>,
    apps: Vec<Apps<'a>>,
    overlaps: Vec<(usize, usize)>,
    /// Pairs of nodes that were looked at.
    seen: HashSet<(usize, usize)>,
}

impl<'a> Walk<'a> {
    fn tree(&self) -> &'a Tree<'a> {
        &self.routes.tree
    }

    /// Looks at two nodes to which some path leads.
    fn visit(&mut self, a: usize, b: usize) {
        let one_app = self.apps[a] == self.apps[b] && self.apps[a] != Apps::Many;
        if one_app || !self.seen.insert((a.min(b), a.max(b))) {
            return;
        }
        let (node_a, node_b) = (&self.tree().nodes[a], &self.tree().nodes[b]);
        self.meet_below(&node_a.catch_alls, b);
        if a != b {
            // Patterns that end at one node are equal, which is another rule's matter.
            self.meet(&node_a.ends, &node_b.ends);
            self.meet(&node_a.catch_alls, &node_b.catch_alls);
            self.meet_below(&node_b.catch_alls, a);
        }
        self.visit_literals(node_a, node_b);
        self.visit_others(node_a, node_b);
        if a != b {
            self.visit_others(node_b, node_a);
        }
    }

    /// The literal children that two nodes have in common.
    fn visit_literals(&mut self, a: &TreeNode<'a>, b: &TreeNode<'a>) {
        if std::ptr::eq(a, b) {
            a.literals.iter().for_each(|(_, child)| self.visit(*child, *child));
            return;
        }
        let (few, many) = if a.literals.len() <= b.literals.len() { (a, b) } else { (b, a) };
        let known: HashMap<&str, usize> = few.literals.iter().map(|(text, child)| (text.as_ref(), *child)).collect();
        for (text, child) in &many.literals {
            if let Some(other) = known.get(text.as_ref()) {
                self.visit(*other, *child);
            }
        }
    }

    /// The children of `a` that are no literals, against all children of `b`.
    fn visit_others(&mut self, a: &TreeNode<'a>, b: &TreeNode<'a>) {
        if let Some(child) = a.param {
            // A param takes anything but an empty segment.
            b.literals.iter().filter(|(text, _)| !text.is_empty()).for_each(|(_, other)| self.visit(child, *other));
            b.mixed.iter().for_each(|(_, other)| self.visit(child, *other));
            b.param.iter().for_each(|other| self.visit(child, *other));
        }
        for (pieces, child) in &a.mixed {
            let literals = b.literals.iter().filter(|(text, _)| literal_meets_mixed(text, pieces));
            literals.for_each(|(_, other)| self.visit(*child, *other));
            let mixed = b.mixed.iter().filter(|(others, _)| mixed_meet(pieces, others));
            mixed.for_each(|(_, other)| self.visit(*child, *other));
            b.param.iter().for_each(|other| self.visit(*child, *other));
        }
    }

    /// Catch-alls that begin at a node, against all that goes on below another node to which the same paths lead.
    fn meet_below(&mut self, catch_alls: &[usize], below: usize) {
        if catch_alls.is_empty() {
            return;
        }
        let tree = self.tree();
        // A path that ends in the slash before the catch-all leaves nothing for it.
        let empty = tree.nodes[below].literals.iter().find(|(text, _)| text.is_empty()).map(|(_, child)| *child);
        let mut open: Vec<usize> = tree.nodes[below].children().collect();
        while let Some(at) = open.pop() {
            if Some(at) != empty {
                self.meet(catch_alls, &tree.nodes[at].ends);
            }
            self.meet(catch_alls, &tree.nodes[at].catch_alls);
            open.extend(tree.nodes[at].children());
        }
    }

    /// Candidates that match some path together, each against each.
    fn meet(&mut self, a: &[usize], b: &[usize]) {
        for &idx_a in a {
            for &idx_b in b {
                let (one, other) = (&self.routes.candidates[idx_a], &self.routes.candidates[idx_b]);
                if one.slug() != other.slug() && one.shares_a_method(other) && !one.is_same_matter(other) {
                    self.overlaps.push((idx_a.min(idx_b), idx_a.max(idx_b)));
                }
            }
        }
    }
}
