//! The budgets of lookups, as figures.

use super::outcome::{Case, Cell, Outcome};
use crate::Report;
use crate::figure::{Amount, Budget, Figure};

/// The peer whose misses are a budget too.
const MISSES_PEER: &str = "matchit";
/// Bytes of a table for each route, without the texts of the patterns.
const MOST_BYTES: u64 = 64;

/// Adds what is said of a set: its budgets, and in each case the peer that comes nearest.
pub(super) fn report(outcome: &Outcome, report: &mut Report) {
    let figures = &mut report.figures;
    let mut add = |what: String, budget, (peer, cell): (&'static str, &Cell)| {
        let [ours, theirs] = [&cell.ours, &cell.theirs].map(|taken| Amount::Time(taken.time));
        figures.push(Figure::against(format!("{}: {what}", outcome.set), budget, ours, peer, theirs));
    };
    let against = |peer: &str, case| outcome.standing(peer).and_then(|it| Some((it.peer, it.cell(case)?)));
    if let Some((peer, faster)) = outcome.budget
        && let Some(cell) = against(peer, Case::Shuffled)
    {
        add(Case::Shuffled.to_string(), Budget::Faster(faster), cell);
    }
    if let Some(cell) = against(MISSES_PEER, Case::Misses) {
        add(Case::Misses.to_string(), Budget::Faster(2.0), cell);
    }
    for case in Case::ALL {
        if let Some(best) = outcome.best(case) {
            add(format!("{case}, best peer"), Budget::Within(1.0), best);
        }
    }
    figures.extend(misses_against_hits(outcome));
    figures.extend(sizes(outcome));
    let notes = outcome.notes.iter().map(|note| format!("{}: {note}", outcome.set));
    report.notes.extend(notes);
    report.notes.extend(outcome.left_out().map(|left_out| format!("{}: left out for both: {left_out}", outcome.set)));
}

fn misses_against_hits(outcome: &Outcome) -> Option<Figure> {
    let [misses, hits] = [Case::Misses, Case::Shuffled].map(|case| outcome.ours(case));
    let name = format!("{}: misses against hits", outcome.set);
    let [misses, hits] = [Amount::Time(misses?.time), Amount::Time(hits?.time)];
    Some(Figure::against(name, Budget::Within(1.0), misses, "ours, hits", hits))
}

fn sizes(outcome: &Outcome) -> Vec<Figure> {
    let Some(size) = outcome.size else { return Vec::new() };
    let figure = |what: &str, budget, bytes| {
        let name = format!("{}: bytes of table a route{what}", outcome.set);
        Figure::alone(name, budget, Amount::Count(bytes))
    };
    vec![
        figure("", Budget::None, size.whole),
        figure(", no patterns", Budget::AtMost(Amount::Count(MOST_BYTES)), size.without_patterns),
    ]
}
