//! Tells whoever waits for a run how far it has come.

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What the run is at.
    pub phase: Phase,
    /// How much of that it has behind it.
    pub done: usize,
    /// How much of it there is: entries of the plan to look at, links and files to make.
    pub total: usize,
}

/// What a run is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// It looks at the sources and at what is there.
    Looking,
    /// It makes what is missing.
    Making,
}

/// Who is told.
pub(super) struct Observer<'o> {
    tell: &'o mut dyn FnMut(Progress),
    at: Progress,
}

impl<'o> Observer<'o> {
    pub(super) fn new(tell: &'o mut dyn FnMut(Progress)) -> Self {
        Self { tell, at: Progress { phase: Phase::Looking, done: 0, total: 0 } }
    }

    /// A phase with so much to do begins.
    pub(super) fn begin(&mut self, phase: Phase, total: usize) {
        self.at = Progress { phase, done: 0, total };
    }

    /// The next of it begins.
    pub(super) fn step(&mut self) {
        (self.tell)(self.at);
        self.at.done += 1;
    }
}
