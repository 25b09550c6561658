//! A calendar, to apps that plan.

use crate::{BoxFuture, Error};

/// A calendar that can be asked when its owner is busy.
pub trait Calendar: Send + Sync {
    /// What people call it.
    fn name(&self) -> &str;

    /// When its owner is busy between two Unix times, `from` included and `to` not: sorted, and without overlap.
    ///
    /// # Errors
    ///
    /// If the calendar can't be asked.
    fn busy(&self, from: i64, to: i64) -> BoxFuture<'_, Result<Vec<Busy>, Error>>;
}

/// A time in which somebody is busy, in Unix time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Busy {
    /// The first second of it.
    pub from: i64,
    /// The first second behind it; greater than `from`.
    pub to: i64,
}

impl Busy {
    /// The times as [`Calendar::busy`] gives them: cut to what is between `from` and `to`, sorted, and put together where they
    /// meet.
    pub fn merged(times: impl IntoIterator<Item = Self>, from: i64, to: i64) -> Vec<Self> {
        let cut = times.into_iter().map(|time| Self { from: time.from.max(from), to: time.to.min(to) });
        let mut times: Vec<Self> = cut.filter(|time| time.from < time.to).collect();
        times.sort_unstable();
        times.dedup_by(|next, last| {
            let meets = next.from <= last.to;
            if meets {
                last.to = last.to.max(next.to);
            }
            meets
        });
        times
    }
}

#[cfg(test)]
mod tests {
    use super::Busy;

    #[test]
    fn merged_times_are_sorted_apart_and_within() {
        type Times = &'static [(i64, i64)];
        let cases: [(Times, i64, i64, Times); 6] = [
            (&[], 0, 9, &[]),
            (&[(5, 6), (1, 2)], 0, 9, &[(1, 2), (5, 6)]),
            (&[(1, 4), (2, 3), (4, 5)], 0, 9, &[(1, 5)]),
            (&[(0, 9)], 3, 5, &[(3, 5)]),
            (&[(0, 3), (5, 9), (4, 4)], 3, 5, &[]),
            (&[(1, 9)], 5, 3, &[]),
        ];
        let busy = |times: Times| times.iter().map(|(from, to)| Busy { from: *from, to: *to }).collect::<Vec<_>>();
        for (times, from, to, expected) in cases {
            assert_eq!(Busy::merged(busy(times), from, to), busy(expected), "{times:?} in {from} to {to}");
        }
    }
}
