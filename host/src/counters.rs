//! Counts requests, each thread in a place of its own, so that threads do not slow one another.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use http::StatusCode;

/// How many threads count side by side; more share places, which costs them nothing but time.
const N_PLACES: usize = 16;

/// What became of requests.
#[derive(Default)]
pub(crate) struct Counters {
    places: [Place; N_PLACES],
}

/// What one thread counts.
// As far apart as the lines that processors fetch in pairs.
#[derive(Default)]
#[repr(align(128))]
struct Place {
    begun: AtomicU64,
    ended: AtomicU64,
    /// Answers by the first digit of their status, from 1 to 5.
    classes: [AtomicU64; 5],
}

/// What was counted of requests since the host began to listen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestMetrics {
    /// How many are being answered at this moment: from their heads until the last of their answers is handed to the system.
    pub in_flight: u64,
    /// How many were answered, by the first digit of the status: 1xx first, 5xx last. What hyper refuses before the host
    /// sees it is not counted.
    pub classes: [u64; 5],
}

impl Counters {
    pub(crate) fn begin(&self) {
        self.own().begun.fetch_add(1, Relaxed);
    }

    pub(crate) fn answer(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(count) = self.own().classes.get(class) {
            count.fetch_add(1, Relaxed);
        }
    }

    pub(crate) fn end(&self) {
        self.own().ended.fetch_add(1, Relaxed);
    }

    /// All places together. Counts may be of slightly different moments.
    pub(crate) fn total(&self) -> RequestMetrics {
        let sum = |count: fn(&Place) -> &AtomicU64| self.places.iter().map(|place| count(place).load(Relaxed)).sum();
        // Ends first: a request that ends meanwhile is then in flight, and none is less than none.
        let ended: u64 = sum(|place| &place.ended);
        let begun: u64 = sum(|place| &place.begun);
        let mut classes = [0; 5];
        for place in &self.places {
            classes.iter_mut().zip(&place.classes).for_each(|(total, count)| *total += count.load(Relaxed));
        }
        RequestMetrics { in_flight: begun.saturating_sub(ended), classes }
    }

    fn own(&self) -> &Place {
        &self.places[number() % N_PLACES]
    }
}

/// The number of this thread among those that have counted.
fn number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static OWN: usize = NEXT.fetch_add(1, Relaxed));
    OWN.with(|own| *own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_threads_count_is_added_up() {
        let counters = Counters::default();
        std::thread::scope(|scope| {
            for status in
                [200, 204, 301, 404, 599, 600, 999].map(|status| StatusCode::from_u16(status).expect("a status"))
            {
                let counters = &counters;
                scope.spawn(move || {
                    counters.begin();
                    counters.answer(status);
                    counters.end();
                });
            }
        });
        counters.begin();
        assert_eq!(counters.total(), RequestMetrics { in_flight: 1, classes: [0, 2, 1, 1, 1] });
    }
}
