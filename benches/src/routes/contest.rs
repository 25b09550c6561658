//! Ours and each peer in turn over the paths on whose answers they agree.

use super::contender::{Built, Contender, Ours, Peer};
use super::count::{Counter, Counts};
use super::course::{Course, Probes};
use super::outcome::{Case, Cell, Outcome, Standing, Taken};
use super::peers::{Visitor, visit_maps, visit_routers};
use super::set::Set;
use super::timing::{Emptier, time};
use crate::measure::{Seconds, interleaved};
use crate::{Result, Scale};

/// How long one turn of the slower contender may take, in seconds: with less lookups, if need be.
const TURN: Seconds = 0.05;
/// How many lookups a turn has at least.
const FEWEST: usize = 64;
/// How many times as many lookups are timed warm as cold.
const WARM_A_COLD: usize = 64;

/// Lets every peer that can hold any of the set compete with ours.
pub(super) fn run(set: &Set, scale: Scale, emptier: &Emptier) -> Result<Outcome> {
    let counter = if scale.thorough { Counter::new(set)? } else { None };
    let whole = Course::alone(set);
    let mut contest = Contest { set, scale, emptier, counter, ours: Vec::new(), standings: Vec::new() };
    contest.ours = contest.alone(&whole)?;
    visit_routers(&mut contest)?;
    if set.is_literal() {
        visit_maps(&mut contest)?;
    }
    Ok(Outcome::new(set, contest.ours, contest.standings))
}

struct Contest<'s> {
    set: &'s Set,
    scale: Scale,
    emptier: &'s Emptier,
    /// None where instructions are not counted.
    counter: Option<Counter>,
    /// Ours on the whole set.
    ours: Vec<(Case, Taken)>,
    standings: Vec<Standing>,
}

impl Visitor for Contest<'_> {
    fn visit<P: Peer>(&mut self) -> Result<()> {
        let mut standing = Standing { peer: P::NAME, n_refused: 0, n_otherwise: 0, cells: Vec::new() };
        let n_routes = self.set.routes.len();
        if n_routes <= self.scale.size(P::MOST_ROUTES) {
            let Built { peer, n_refused } = P::build(&self.set.routes);
            let course = Course::of(self.set, &peer);
            standing.n_refused = n_refused;
            standing.n_otherwise = n_routes - n_refused - course.n_routes();
            standing.cells = self.side_by_side(&peer, &course)?;
        }
        self.standings.push(standing);
        Ok(())
    }
}

impl Contest<'_> {
    fn alone(&self, course: &Course<'_>) -> Result<Vec<(Case, Taken)>> {
        let ours = Ours(self.set.table);
        let probes = self.probes(course, self.pilot(&ours, course)?);
        let counts = self.count(Ours::NAME, &probes)?;
        let mut taken = Vec::new();
        for case in cases(&probes) {
            let paths = probes.of(case);
            let mut turn = || time(case, &ours, &paths, self.emptier);
            let [time] = interleaved(self.scale.rounds, [&mut turn])?;
            taken.push((case, Taken { time, instructions: counts.of(case) }));
        }
        Ok(taken)
    }

    fn side_by_side<P: Peer>(&self, peer: &P, course: &Course<'_>) -> Result<Vec<Cell>> {
        let ours = Ours(self.set.table);
        let probes = self.probes(course, self.pilot(&ours, course)?.max(self.pilot(peer, course)?));
        let ours_counts = self.count(Ours::NAME, &probes)?;
        let counts = [ours_counts, self.count(P::NAME, &probes)?];
        let mut cells = Vec::new();
        for case in cases(&probes) {
            let paths = probes.of(case);
            let mut our_turn = || time(case, &ours, &paths, self.emptier);
            let mut their_turn = || time(case, peer, &paths, self.emptier);
            let times = interleaved(self.scale.rounds, [&mut our_turn, &mut their_turn])?;
            let [ours, theirs] = [0, 1].map(|at| Taken { time: times[at], instructions: counts[at].of(case) });
            cells.push(Cell { case, ours, theirs });
        }
        Ok(cells)
    }

    fn count(&self, contender: &str, probes: &Probes) -> Result<Counts> {
        self.counter.as_ref().map_or_else(|| Ok(Counts::default()), |counter| counter.count(contender, probes))
    }

    /// What a lookup takes, roughly.
    fn pilot<C: Contender>(&self, contender: &C, course: &Course<'_>) -> Result<Seconds> {
        let probes = course.probes(FEWEST, 0);
        time(Case::Shuffled, contender, &probes.of(Case::Shuffled), self.emptier)
    }

    /// As many probes as a turn has time for; enough to ask for each path of a large set, else.
    fn probes(&self, course: &Course<'_>, slower: Seconds) -> Probes {
        let wanted = self.scale.samples.max(course.n_routes());
        let n = affordable(TURN / slower).clamp(FEWEST.min(wanted), wanted);
        course.probes(n, self.scale.samples.div_ceil(WARM_A_COLD))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few million, and a cast saturates")]
fn affordable(number: f64) -> usize {
    number as usize
}

fn cases(probes: &Probes) -> impl Iterator<Item = Case> {
    Case::ALL.into_iter().filter(|case| !probes.of(*case).is_empty())
}
