//! The budgets of links, as figures.

use super::case::{Case, Layout};
use super::contender::{BARE, COPYING, OURS};
use super::file_system::FileSystem;
use super::outcome::{Measured, Outcome};
use super::site::SIZES;
use crate::Report;
use crate::figure::{Amount, Budget, Figure};

/// How many times as fast as copying a run has to be where calls are slow.
const SLOW_COLD: f64 = 12.0;
const SLOW_UNCHANGED: f64 = 100.0;

/// Adds what is said of a site.
pub(super) fn report(outcome: &Outcome, report: &mut Report) {
    for layout in Layout::ALL {
        let Some(ours) = outcome.of(OURS, layout) else { continue };
        report.figures.extend(
            outcome
                .of(BARE, layout)
                .into_iter()
                .flat_map(|bare| Case::ALL.map(|case| beside(case, (outcome, layout), ours, bare))),
        );
        report.figures.extend(
            outcome
                .of(COPYING, Layout::FileByFile)
                .into_iter()
                .flat_map(|copying| against_copying((outcome, layout), ours, copying)),
        );
    }
}

/// Ours beside the bare loop that makes the same.
fn beside(case: Case, (outcome, layout): (&Outcome, Layout), ours: &Measured, bare: &Measured) -> Figure {
    let budget = match case {
        Case::Cold if outcome.file_system == FileSystem::TMPFS => Budget::Within(1.2),
        Case::Cold => Budget::Within(1.1),
        Case::Unchanged => {
            unchanged_limit(outcome, layout).map_or(Budget::None, |limit| Budget::AtMost(Amount::Time(limit)))
        }
        Case::OneMore => Budget::None,
    };
    let name = format!("link {case}, {layout}, {}", outcome.name());
    Figure::against(name, budget, Amount::Time(ours.time(case)), BARE, Amount::Time(bare.time(case)))
}

/// What a run may take that has nothing to do, in seconds.
fn unchanged_limit(outcome: &Outcome, layout: Layout) -> Option<f64> {
    let [smallest, _, largest] = SIZES;
    match layout {
        _ if outcome.file_system == FileSystem::TMPFS => None,
        Layout::Folded if outcome.size == smallest => Some(60e-6),
        Layout::FileByFile if outcome.size == smallest => Some(150e-6),
        Layout::Folded if outcome.size == largest => Some(15e-3),
        Layout::Folded | Layout::FileByFile => None,
    }
}

/// Ours against copying, and both where calls are slow.
fn against_copying((outcome, layout): (&Outcome, Layout), ours: &Measured, copying: &Measured) -> Vec<Figure> {
    let figure = |what: &str, budget, times: Option<[f64; 2]>| {
        let [ours, copying] = times?.map(Amount::Time);
        let name = format!("link {what}, {layout}, {}", outcome.name());
        Some(Figure::against(name, budget, ours, "cp -r", copying))
    };
    let both = |case| Some([ours.time(case), copying.time(case)]);
    let slowly = |case| Some([ours.slowly(case)?, copying.slowly(case)?]);
    let slow_cold = if layout == Layout::Folded { Budget::Faster(SLOW_COLD) } else { Budget::None };
    let figures = [
        figure("cold against copying", Budget::None, both(Case::Cold)),
        figure("cold, slow calls, wall", slow_cold, slowly(Case::Cold)),
        figure("unchanged, slow calls, wall", Budget::Faster(SLOW_UNCHANGED), slowly(Case::Unchanged)),
    ];
    figures.into_iter().flatten().collect()
}
