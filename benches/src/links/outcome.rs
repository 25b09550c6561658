//! What came of a site: times, system calls, and times with slow calls, by contender and case.

use super::case::{Case, Layout};
use super::contender::{Contender, OURS};
use super::file_system::FileSystem;
use super::site::Size;
use super::trace::Calls;
use crate::measure::{Seconds, median};

/// How all did on a site.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(super) size: Size,
    pub(super) file_system: FileSystem,
    pub(super) rows: Vec<Row>,
}

/// How a contender did.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) layout: Layout,
    pub(super) standing: Standing,
}

#[derive(Debug)]
pub(super) enum Standing {
    /// It is not installed, but in this package.
    Missing(&'static str),
    Measured(Measured),
}

/// What was measured of a contender, in the order of [`Case::ALL`].
#[derive(Debug, Default)]
pub(super) struct Measured {
    /// CPU time of each turn.
    pub(super) times: [Vec<Seconds>; 3],
    /// None where they were not counted.
    pub(super) calls: Option<[Calls; 3]>,
    /// Wall time with slow calls; none where it was not measured.
    pub(super) slowly: Option<[Seconds; 3]>,
}

impl Measured {
    pub(super) fn time(&self, case: Case) -> Seconds {
        median(of(&self.times, case).clone())
    }

    /// How far the middle half of the turns lies apart, as a share of the median.
    pub(super) fn spread(&self, case: Case) -> f64 {
        spread(of(&self.times, case).clone())
    }

    pub(super) fn calls(&self, case: Case) -> Option<Calls> {
        self.calls.as_ref().map(|calls| *of(calls, case))
    }

    pub(super) fn slowly(&self, case: Case) -> Option<Seconds> {
        self.slowly.as_ref().map(|times| *of(times, case))
    }

    pub(super) fn n_turns(&self) -> usize {
        self.times[0].len()
    }
}

fn of<T>([cold, unchanged, one_more]: &[T; 3], case: Case) -> &T {
    match case {
        Case::Cold => cold,
        Case::Unchanged => unchanged,
        Case::OneMore => one_more,
    }
}

fn spread(mut times: Vec<Seconds>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    let quarter = times.len() / 4;
    match (times.get(quarter), times.iter().nth_back(quarter)) {
        (Some(low), Some(high)) => (high - low) / median(times),
        _ => f64::NAN,
    }
}

impl Row {
    pub(super) fn of(contender: &Contender, standing: Standing) -> Self {
        Self { name: contender.name, layout: contender.layout, standing }
    }

    pub(super) fn measured(&self) -> Option<&Measured> {
        match &self.standing {
            Standing::Missing(_) => None,
            Standing::Measured(measured) => Some(measured),
        }
    }

    pub(super) fn is_ours(&self) -> bool {
        self.name == OURS
    }
}

impl Outcome {
    /// What was measured of a contender.
    pub(super) fn of(&self, name: &str, layout: Layout) -> Option<&Measured> {
        self.rows.iter().find(|row| row.name == name && row.layout == layout).and_then(Row::measured)
    }

    pub(super) fn name(&self) -> String {
        format!("{}, {}", self.size, self.file_system)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "whole numbers")]
    fn the_spread_leaves_the_outer_quarters_out() {
        assert_eq!(spread(vec![9.0, 4.0, 5.0, 3.0, 0.0]), 0.5);
        assert_eq!(spread(vec![7.0]), 0.0);
    }
}
