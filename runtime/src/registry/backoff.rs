//! How long a failed load rests before it is tried again: from 100 ms, doubled by each failure, 30 s at most.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);

/// The rest after the given number of failures in a row, counted from 1.
pub(super) fn rest(n_failures: u32) -> Duration {
    let factor = 1_u32.checked_shl(n_failures.saturating_sub(1)).unwrap_or(u32::MAX);
    FIRST.saturating_mul(factor).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::rest;

    #[test]
    fn doubles_up_to_half_a_minute() {
        let cases =
            [(1, 100), (2, 200), (3, 400), (9, 25_600), (10, 30_000), (32, 30_000), (33, 30_000), (u32::MAX, 30_000)];
        for (n_failures, millis) in cases {
            assert_eq!(rest(n_failures).as_millis(), millis, "after {n_failures} failures");
        }
    }
}
