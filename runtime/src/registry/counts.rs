//! What a slot counts where it is not in a hurry; hits are counted by [`Users`](super::users::Users).

use std::time::Duration;

/// How often it came to what.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) loads: u64,
    /// Of all loads together.
    pub(super) load_time: Duration,
    /// Of the last load.
    pub(super) last_load_time: Duration,
    pub(super) errors: u64,
    pub(super) misses: u64,
    pub(super) evictions: u64,
}

impl Counts {
    pub(super) fn load(&mut self, took: Duration) {
        self.loads += 1;
        self.load_time += took;
        self.last_load_time = took;
    }
}
