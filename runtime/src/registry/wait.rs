//! Waits for a future on this thread, for hosts without an executor, and for several futures at once.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use super::BoxFuture;

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

/// Parks the thread until the future is ready.
pub(super) fn block_on<F: Future>(future: F) -> F::Output {
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

/// Polls futures side by side until all are ready; the outputs are in the order of the futures.
pub(super) struct JoinAll<'f, T> {
    running: Vec<(usize, BoxFuture<'f, T>)>,
    outputs: Vec<Option<T>>,
}

pub(super) fn join_all<'f, T>(futures: impl IntoIterator<Item = BoxFuture<'f, T>>) -> JoinAll<'f, T> {
    let running: Vec<_> = futures.into_iter().enumerate().collect();
    let outputs = running.iter().map(|_| None).collect();
    JoinAll { running, outputs }
}

// The futures are pinned in their boxes, and an output is never pinned.
impl<T> Unpin for JoinAll<'_, T> {}

impl<T> Future for JoinAll<'_, T> {
    type Output = Vec<T>;

    fn poll(self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Vec<T>> {
        let Self { running, outputs } = self.get_mut();
        running.retain_mut(|(idx, future)| match future.as_mut().poll(ctx) {
            Poll::Ready(output) => {
                if let Some(place) = outputs.get_mut(*idx) {
                    *place = Some(output);
                }
                false
            }
            Poll::Pending => true,
        });
        if running.is_empty() { Poll::Ready(outputs.drain(..).flatten().collect()) } else { Poll::Pending }
    }
}
