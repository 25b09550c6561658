//! Finds the patterns that take paths from others: walks the tree of all patterns against itself.
//!
//! Two groups of nodes are looked at together if some path leads to each node of the one and each of the other. At first
//! they are one and the same; where they part, all patterns of one side are preferred to all of the other, by what they
//! parted on, so that from there on one side wins and the other loses. Where a param meets literals, it meets all of them
//! as one group, so that a visit is spent on each param and not on each literal. Nothing is looked at where what is known
//! of all routes below says that none takes paths from another unsaid.
//!
//! Whether some two of `n` patterns meet can't be told in time near linear in `n` for every set of patterns (it is as hard
//! as finding two orthogonal vectors), so that the steps are limited. Sets that are made by people are far from it.

use std::ops::Range;
use std::rc::Rc;

use super::claims::{Below, Claim};
use super::groups::{Edges, GroupId, Groups, Routes};
use crate::pattern::{OfPrefix, Tree};

/// How many winners are looked for of one loser. Who is told of so many knows that the loser is what has to change.
pub(super) const MAX_WINNERS: usize = 32;

/// The steps of a walk: so many, and so many for each node of the tree.
const STEPS: u64 = 1 << 20;
const STEPS_A_NODE: u64 = 64;

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Winners and losers, by number; at most [`MAX_WINNERS`] of one loser.
    pub(super) taken: Vec<(usize, usize)>,
    /// If the walk was stopped for its length: two routes of where it was longest.
    pub(super) too_long: Option<(usize, usize)>,
}

/// Walks a tree. `is_told` says of two routes, winner and loser, whether they are to be told of at all.
pub(super) fn walk(tree: &Tree<'_>, claims: &[Claim], is_told: &dyn Fn(usize, usize) -> bool) -> Found {
    walk_counted(tree, claims, is_told).0
}

/// The same, and how many steps it took: pairs of groups, edges and pairs of routes that were looked at.
pub(super) fn walk_counted(tree: &Tree<'_>, claims: &[Claim], is_told: &dyn Fn(usize, usize) -> bool) -> (Found, u64) {
    let limit = STEPS + STEPS_A_NODE * tree.nodes.len() as u64;
    let groups = Groups::new(tree, claims);
    // Nobody takes paths unsaid from a route that yields.
    let n_winners = claims.iter().map(|claim| if claim.yields { MAX_WINNERS } else { 0 }).collect();
    let mut walk =
        Walk { tree, claims, is_told, groups, n_winners, taken: Vec::new(), steps: 0, limit, longest: (0, None) };
    let root = walk.groups.root();
    walk.visit_same(root);
    let steps = walk.steps();
    (Found { taken: walk.taken, too_long: walk.longest.1.filter(|_| steps > limit) }, steps)
}

struct Walk<'t, 'f> {
    tree: &'t Tree<'t>,
    claims: &'f [Claim],
    is_told: &'f dyn Fn(usize, usize) -> bool,
    groups: Groups<'t>,
    /// Of each route, how many take paths from it.
    n_winners: Vec<usize>,
    taken: Vec<(usize, usize)>,
    /// Without those of the groups.
    steps: u64,
    limit: u64,
    /// The most steps that were spent since two groups parted, and two routes below them.
    longest: (u64, Option<(usize, usize)>),
}

impl<'t> Walk<'t, '_> {
    fn steps(&self) -> u64 {
        self.steps + self.groups.work
    }

    fn is_over(&self) -> bool {
        self.steps() > self.limit
    }

    /// Looks at what is below a group of one node.
    fn visit_same(&mut self, group: GroupId) {
        self.steps += 1;
        let below = self.groups.below(group);
        if self.is_over() || !below.may_take_from(&below) {
            return;
        }
        let edges = self.groups.edges(group);
        // Patterns that end at one node are equal, which is another rule's matter.
        self.lose_below(&edges.catch_alls, group);
        let segments =
            edges.literals.iter().map(|(_, child)| *child).chain(edges.mixed.iter().map(|(_, child)| *child));
        segments.chain(edges.param).for_each(|child| self.visit_same(child));
        if let (Some(preferred), Some(param)) = (edges.preferred, edges.param) {
            self.part(preferred, param);
        }
        self.visit_mixed_and_literals(&edges, &edges, Self::part);
        self.visit_mixed_of_one(&edges);
    }

    /// Looks at two groups that have just parted.
    fn part(&mut self, winners: GroupId, losers: GroupId) {
        let before = self.steps();
        self.visit(winners, losers);
        let spent = self.steps() - before;
        if spent > self.longest.0 {
            self.longest = (spent, Some((self.groups.below(winners).last, self.groups.below(losers).last)));
        }
    }

    /// Looks at two groups, of which all patterns of the first are preferred.
    fn visit(&mut self, winners: GroupId, losers: GroupId) {
        self.steps += 1;
        if self.is_over() || !self.groups.below(winners).may_take_from(&self.groups.below(losers)) {
            return;
        }
        let (w, l) = (self.groups.edges(winners), self.groups.edges(losers));
        for (winners, losers) in [(&w.ends, &l.ends), (&w.catch_alls, &l.catch_alls)] {
            self.meet(&winners.all, &mut losers.losing.borrow_mut());
        }
        self.take_below(&w.catch_alls, losers);
        self.lose_below(&l.catch_alls, winners);
        self.visit_literals(&w, &l);
        // What a param takes is anything but an empty segment.
        if let (Some(text), Some(param)) = (w.preferred, l.param) {
            self.visit(text, param);
        }
        if let (Some(param), Some(any)) = (w.param, l.taken) {
            self.visit(param, any);
        }
        self.visit_mixed_and_literals(&l, &w, Self::visit);
        self.visit_mixed_and_literals(&w, &l, |walk, literal, mixed| walk.visit(mixed, literal));
        self.visit_mixed(&w, &l);
    }

    /// The literals that two groups have in common.
    fn visit_literals(&mut self, w: &Edges<'t>, l: &Edges<'t>) {
        let is_fewer = w.literals.len() <= l.literals.len();
        let (few, many) = if is_fewer { (w, l) } else { (l, w) };
        self.steps += few.literals.len() as u64;
        for (text, one) in &few.literals {
            if let Some(other) = many.literal(text) {
                if is_fewer { self.visit(*one, other) } else { self.visit(other, *one) }
            }
        }
    }

    /// The mixed segments of one group against the literals of another.
    fn visit_mixed_and_literals(
        &mut self,
        mixed: &Edges<'t>,
        literals: &Edges<'t>,
        mut visit: impl FnMut(&mut Self, GroupId, GroupId),
    ) {
        if literals.literals.is_empty() {
            return;
        }
        for (pieces, child) in &mixed.mixed {
            let (meeting, n_tried) = literals.literal_index().meeting(pieces);
            self.steps += 1 + n_tried as u64;
            let meeting = meeting.into_iter().filter_map(|at| literals.literals.get(at));
            meeting.for_each(|(_, literal)| visit(self, *literal, *child));
        }
    }

    /// The mixed segments of two groups. Of two that meet, the one with the longer prefix finds the other.
    fn visit_mixed(&mut self, w: &Edges<'t>, l: &Edges<'t>) {
        if w.mixed.is_empty() || l.mixed.is_empty() {
            return;
        }
        for (pieces, winner) in &w.mixed {
            let equal = l.mixed_index().meeting_equal(pieces);
            let equal = equal.into_iter().flat_map(|it| it.shorter.into_iter().chain([it.equal, it.longer]));
            let all = l.mixed_index().meeting_shorter(pieces).into_iter().chain(equal);
            all.for_each(|part| self.with_mixed_part(l, part, |walk, losers| walk.visit(*winner, losers)));
        }
        for (pieces, loser) in &l.mixed {
            for part in w.mixed_index().meeting_shorter(pieces) {
                self.with_mixed_part(w, part, |walk, winners| walk.visit(winners, *loser));
            }
        }
    }

    /// The mixed segments of one group against each other. Of two that meet, the one with the longer prefix is preferred
    /// and finds the other; of two with one prefix the one with the longer suffix is, which the other finds.
    fn visit_mixed_of_one(&mut self, edges: &Edges<'t>) {
        for (idx, (pieces, child)) in edges.mixed.iter().enumerate() {
            for part in edges.mixed_index().meeting_shorter(pieces) {
                self.with_mixed_part(edges, part, |walk, losers| walk.part(*child, losers));
            }
            let Some(OfPrefix { equal, longer, .. }) = edges.mixed_index().meeting_equal(pieces) else { continue };
            self.with_mixed_part(edges, longer, |walk, winners| walk.part(winners, *child));
            if edges.mixed_index().list(equal.clone()).next() == Some(idx) {
                self.visit_halves(edges, equal);
            }
        }
    }

    /// Mixed segments that differ between prefix and suffix alone, and so all meet. The order of their index, which is that
    /// of their bytes, is that of precedence: the first half is preferred to the second, and so on within each.
    fn visit_halves(&mut self, edges: &Edges<'t>, part: Range<usize>) {
        let middle = part.start + part.len() / 2;
        let (first, second) = (part.start..middle, middle..part.end);
        let first_group = self.groups.mixed_part(edges, first.clone());
        if let (Some(winners), Some(losers)) = (first_group, self.groups.mixed_part(edges, second.clone()))
            && part.len() > 1
        {
            self.part(winners, losers);
            self.visit_halves(edges, first);
            self.visit_halves(edges, second);
        }
    }

    /// Looks at the nodes behind a part of the mixed segments of a group.
    fn with_mixed_part(&mut self, edges: &Edges<'t>, part: Range<usize>, look: impl FnOnce(&mut Self, GroupId)) {
        self.steps += 1;
        if !part.is_empty()
            && let Some(group) = self.groups.mixed_part(edges, part)
        {
            look(self, group);
        }
    }

    /// Catch-alls that are preferred, against all that goes on below other nodes to which the same paths lead.
    fn take_below(&mut self, catch_alls: &Routes, group: GroupId) {
        let beginning = Below::of_catch_alls(&catch_alls.all, self.claims);
        let winners = self.by_app(&catch_alls.all);
        self.go_below(catch_alls, group, |walk, below, losers| {
            let may_take = beginning.may_take_from(below);
            if may_take {
                walk.meet_runs(&winners, losers);
            }
            may_take
        });
    }

    /// Catch-alls from which all that goes on below other nodes takes paths, to which the same paths lead.
    fn lose_below(&mut self, catch_alls: &Routes, group: GroupId) {
        let beginning = Below::of_catch_alls(&catch_alls.all, self.claims);
        let mut losers = catch_alls.losing.borrow_mut();
        self.go_below(catch_alls, group, |walk, below, winners| {
            let may_take = !losers.is_empty() && below.may_take_from(&beginning);
            if may_take {
                walk.meet(winners, &mut losers);
            }
            may_take
        });
    }

    /// Goes through the nodes below a group, as long as `visit` says so: of what is below each, it is given the routes there
    /// that match what a catch-all takes.
    fn go_below(
        &mut self,
        catch_alls: &Routes,
        group: GroupId,
        mut visit: impl FnMut(&mut Self, &Below, &[usize]) -> bool,
    ) {
        if catch_alls.all.is_empty() {
            return;
        }
        let (tree, nodes) = (self.tree, self.groups.nodes(group));
        for top in nodes.iter().filter_map(|node| tree.nodes.get(*node)) {
            // A path that ends in the slash before the catch-all leaves nothing for it.
            let empty = top.literals.iter().find(|(text, _)| text.is_empty()).map(|(_, child)| *child);
            let mut open: Vec<usize> = top.children().collect();
            while let Some(at) = open.pop() {
                self.steps += 1;
                let (Some(below), Some(node)) = (self.groups.below_node(at), tree.nodes.get(at)) else { continue };
                let ends: &[usize] = if Some(at) == empty { &[] } else { &node.ends };
                if !self.is_over() && visit(self, &below, &[ends, &node.catch_alls].concat()) {
                    open.extend(node.children());
                }
            }
        }
    }

    /// Routes that match some path together: each winner against each loser. Of the losers those are left of which more is
    /// to be found.
    fn meet(&mut self, winners: &[usize], losers: &mut Vec<usize>) {
        if winners.is_empty() || losers.is_empty() {
            return;
        }
        let winners = self.by_app(winners);
        self.meet_runs(&winners, losers);
        losers.retain(|loser| self.wants_winners(*loser));
    }

    fn meet_runs(&mut self, winners: &[(u32, Rc<[usize]>)], losers: &[usize]) {
        for &loser in losers {
            self.steps += 1;
            let Some(claim) = self.claims.get(loser) else { continue };
            for (app, run) in winners {
                self.steps += 1;
                if *app != claim.app && !self.take(run, loser, claim) {
                    break;
                }
            }
        }
    }

    /// Notes which of the winners take paths from a loser; returns whether more of them are looked for.
    fn take(&mut self, winners: &[usize], loser: usize, claim: &Claim) -> bool {
        for &winner in winners {
            if !self.wants_winners(loser) || self.is_over() {
                return false;
            }
            self.steps += 1;
            let takes = self.claims.get(winner).is_some_and(|winner| winner.takes_from(claim));
            if takes && (self.is_told)(winner, loser) {
                self.taken.push((winner, loser));
                self.n_winners.get_mut(loser).into_iter().for_each(|n| *n += 1);
            }
        }
        true
    }

    fn wants_winners(&self, loser: usize) -> bool {
        self.n_winners.get(loser).is_some_and(|n| *n < MAX_WINNERS)
    }

    /// Routes by the numbers of their apps, so that those of one app are passed over together.
    fn by_app(&mut self, numbers: &[usize]) -> Vec<(u32, Rc<[usize]>)> {
        let app = |number: &usize| self.claims.get(*number).map_or(0, |claim| claim.app);
        let mut sorted = numbers.to_vec();
        sorted.sort_by_key(app);
        self.steps += sorted.len() as u64;
        let runs = sorted.chunk_by(|a, b| app(a) == app(b));
        runs.filter_map(|run| Some((app(run.first()?), Rc::from(run)))).collect()
    }
}
