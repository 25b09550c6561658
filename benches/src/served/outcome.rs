//! What came of cal.com's tree: how long each contender took, by the public folder that it found.

use crate::measure::{Seconds, median};

/// What a host finds when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// An empty public folder.
    Empty,
    /// What it made when it was started before.
    Made,
}

impl Found {
    pub(super) const ALL: [Self; 2] = [Self::Empty, Self::Made];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty public folder",
            Self::Made => "nothing changed",
        }
    }
}

/// How long after the start of the process something was there, a time a round.
#[derive(Debug, Clone, Default)]
pub(super) struct Times {
    /// The first answer of an app.
    pub(super) answer: Vec<Seconds>,
    /// The first file of an app, asked for after that.
    pub(super) file: Vec<Seconds>,
}

/// How one contender did.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(super) contender: &'static str,
    pub(super) found: Found,
    /// Whether each file operation took 3 ms.
    pub(super) is_slow: bool,
    pub(super) times: Times,
}

impl Outcome {
    pub(super) fn answer(&self) -> Seconds {
        median(self.times.answer.clone())
    }

    pub(super) fn file(&self) -> Seconds {
        median(self.times.file.clone())
    }
}
