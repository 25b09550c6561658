//! How far a run has come, as a line on a terminal that goes when the run is over.

use std::io::{self, IsTerminal as _, Stderr, Write};
use std::time::{Duration, Instant};

use bakehouse_runtime::link::{Phase, Progress};

/// How long a run may take before anything is said.
const SILENCE: Duration = Duration::from_secs(1);

/// How long a line stays as it is: more often, nobody could read it.
const PAUSE: Duration = Duration::from_millis(100);

/// Says how far a run has come, on a terminal and once the run has taken a while.
pub(crate) struct Meter<W: Write = Stderr> {
    /// None where nobody watches.
    out: Option<W>,
    began: Instant,
    /// When the next line is due, counted from the beginning.
    due: Duration,
    /// How many characters the last line had.
    width: usize,
}

impl Meter {
    /// A meter on stderr; it says nothing if that is no terminal.
    pub(crate) fn start() -> Self {
        Self::new(Some(io::stderr()).filter(Stderr::is_terminal))
    }
}

impl<W: Write> Meter<W> {
    fn new(out: Option<W>) -> Self {
        Self { out, began: Instant::now(), due: SILENCE, width: 0 }
    }

    /// Says how far the run has come, if it is time for that.
    pub(crate) fn tell(&mut self, progress: Progress) {
        if self.out.is_some() {
            self.tell_at(self.began.elapsed(), progress);
        }
    }

    fn tell_at(&mut self, elapsed: Duration, progress: Progress) {
        if elapsed >= self.due {
            self.due = elapsed + PAUSE;
            let doing = match progress.phase {
                Phase::Looking => "looking at",
                Phase::Making => "linking",
            };
            self.draw(&format!("{doing} {} of {}", progress.done, progress.total));
        }
    }

    /// Puts a line in the place of the last one. If that can't be written, there is nobody to tell.
    fn draw(&mut self, line: &str) {
        let Some(out) = &mut self.out else { return };
        let width = std::mem::replace(&mut self.width, line.len());
        let _ = write!(out, "\r{line:width$}\r{line}").and_then(|()| out.flush());
    }
}

impl<W: Write> Drop for Meter<W> {
    fn drop(&mut self) {
        if self.width > 0 {
            self.draw("");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a meter writes that is told of so many done after so many milliseconds.
    fn written(told: &[(u64, usize)], is_watched: bool) -> String {
        let mut bytes = Vec::new();
        let mut meter = Meter::new(is_watched.then_some(&mut bytes));
        for &(millis, done) in told {
            meter.tell_at(Duration::from_millis(millis), progress(done));
        }
        drop(meter);
        String::from_utf8(bytes).expect("text")
    }

    fn progress(done: usize) -> Progress {
        Progress { phase: Phase::Looking, done, total: 100 }
    }

    #[test]
    fn a_run_that_takes_longer_than_a_second_says_how_far_it_has_come_and_leaves_nothing() {
        let told = [(0, 1), (999, 8), (1000, 9), (1050, 10), (1100, 11), (1200, 9)];
        let lines = [
            "\rlooking at 9 of 100\rlooking at 9 of 100",
            "\rlooking at 11 of 100\rlooking at 11 of 100",
            "\rlooking at 9 of 100 \rlooking at 9 of 100",
            "\r                   \r",
        ];
        assert_eq!(written(&told, true), lines.concat());
    }

    #[test]
    fn a_shorter_run_says_nothing_nor_does_one_that_nobody_watches() {
        assert_eq!(written(&[(0, 1), (999, 99)], true), "");
        assert_eq!(written(&[(0, 1), (5000, 99)], false), "");
    }
}
