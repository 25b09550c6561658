//! When apps were last used, by a coarse clock: to read it is to read a number that hardly ever changes.
//!
//! Nothing here keeps time by itself. The clock is set when an app is loaded and when a route is entered, so that a use
//! is dated by what was the last of these. With each load it goes on, even within a microsecond: what was used after
//! a load is always younger than the load, and that is younger than what was used before it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Microseconds since the clock was first set; 0 before that.
static NOW: AtomicU64 = AtomicU64::new(0);
static START: OnceLock<Instant> = OnceLock::new();

/// The date of the last use of something. Of two uses at once, the older date may stay: it is coarse anyway.
// Not an atomic of `sync`, since a date decides nothing that a model looks at, and no two runs of a model have the same.
#[derive(Debug)]
pub(super) struct Date(AtomicU64);

impl Date {
    pub(super) const fn never() -> Self {
        Self(AtomicU64::new(0))
    }

    /// 0 for never.
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    #[inline]
    pub(super) fn set_now(&self) {
        let now = now();
        if self.get() != now {
            self.0.store(now, Ordering::Relaxed);
        }
    }
}

/// How far behind the clock may be before an entering sets it.
const COARSE: u64 = 1_000;

/// The date of what is used now.
#[inline]
fn now() -> u64 {
    NOW.load(Ordering::Relaxed)
}

/// Sets the clock, and moves it on in any case.
pub(super) fn advance() {
    NOW.fetch_add(1, Ordering::Relaxed);
    NOW.fetch_max(read(), Ordering::Relaxed);
}

/// Sets the clock if it is a millisecond behind, so that threads do not take the number from one another all the time.
pub(super) fn refresh() {
    let date = read();
    if date >= now() + COARSE {
        NOW.fetch_max(date, Ordering::Relaxed);
    }
}

/// The time of a date; `None` for that of what was never used.
pub(super) fn time(date: u64) -> Option<Instant> {
    let start = START.get().filter(|_| date > 0)?;
    start.checked_add(Duration::from_micros(date))
}

fn read() -> u64 {
    let elapsed = START.get_or_init(Instant::now).elapsed();
    u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{advance, now, refresh, time};

    #[test]
    fn dates_only_grow() {
        advance();
        let before = now();
        advance();
        let date = now();
        assert!(date > before);
        refresh();
        assert!(now() >= date);
        assert!(time(date) > time(before));
        assert_eq!(time(0), None);
    }
}
