//! What a slot counts where it is not in a hurry; hits are counted by [`Users`](super::users::Users).

use std::time::Duration;

use super::LastLoad;

/// How often it came to what.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) loads: u64,
    /// Of all loads together.
    pub(super) load_time: Duration,
    pub(super) last_load: Option<LastLoad>,
    pub(super) errors: u64,
    pub(super) misses: u64,
    pub(super) evictions: u64,
}

impl Counts {
    /// A load has ended; `None` if it failed.
    pub(super) fn end(&mut self, load: Option<LastLoad>) {
        let Some(load) = load else {
            self.errors += 1;
            return;
        };
        self.loads += 1;
        self.load_time += load.took;
        self.last_load = Some(load);
    }
}
