//! Numbers of the threads of a model, in the order in which they first ask.

use std::sync::atomic::{AtomicUsize, Ordering};

loom::lazy_static! {
    /// Begins anew in each run.
    static ref NEXT: AtomicUsize = AtomicUsize::new(0);
}

loom::thread_local! {
    static NUMBER: usize = NEXT.fetch_add(1, Ordering::Relaxed);
}

pub(super) fn of_this_thread() -> usize {
    NUMBER.with(|number| *number)
}
