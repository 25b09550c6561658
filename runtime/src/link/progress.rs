//! Tells whoever waits for a run how far it has come.

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What the run is at.
    pub phase: Phase,
    /// How many entries of the plan it has behind it in this phase.
    pub done: usize,
    /// How many entries the plan has.
    pub planned: usize,
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
    planned: usize,
}

impl<'o> Observer<'o> {
    pub(super) fn new(planned: usize, tell: &'o mut dyn FnMut(Progress)) -> Self {
        Self { tell, planned }
    }

    /// So many entries are done in a phase.
    pub(super) fn tell(&mut self, phase: Phase, done: usize) {
        (self.tell)(Progress { phase, done, planned: self.planned });
    }
}
