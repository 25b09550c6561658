//! Waits for a future on this thread, for hosts without an executor.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Wakes a parked thread.
struct Unpark {
    thread: Thread,
    /// Whether it was woken since the future was last polled. The token of `unpark` alone is not enough: what the
    /// future does may park this thread too, and use it up.
    woken: AtomicBool,
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

/// What the future comes to; parks the thread until then.
///
/// For hosts without an executor, which call what their apps do asynchronously. Not for a thread that runs async tasks, as
/// [`Registry::load_blocking`](super::Registry::load_blocking).
pub fn block_on<F: Future>(future: F) -> F::Output {
    let unpark = Arc::new(Unpark { thread: thread::current(), woken: AtomicBool::new(false) });
    let waker = Waker::from(Arc::clone(&unpark));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        while !unpark.woken.swap(false, Ordering::Acquire) {
            // A wake that came before leaves a token, with which this returns at once.
            thread::park();
        }
    }
}
