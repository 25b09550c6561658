//! One load of one app under way: the constructor's future, and whoever waits for it.
//!
//! Nobody owns the future. It rests here, and whoever is polled first after it was woken takes it out, polls it without
//! any lock, and puts it back. A wake of the future wakes all who wait, so that nobody is needed in particular: a waiter
//! that is dropped, or that its task leaves unpolled, holds nobody up.

use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use super::error::Cause;
use super::sync::{AtomicBool, AtomicU64, Mutex, Ordering, lock};
use super::{BoxFuture, asker};
use crate::sorted;

/// What a constructor does.
pub(super) type Work<A> = BoxFuture<'static, Result<Box<A>, Cause>>;

/// A load under way. `T` is what it ends with, for everybody who waits.
pub(super) struct Flight<A: ?Sized, T> {
    /// Empty while somebody polls it, and once it has ended.
    work: Mutex<Option<Work<A>>>,
    waiters: Arc<Waiters>,
    outcome: Mutex<Option<T>>,
}

impl<A: ?Sized, T: Clone> Flight<A, T> {
    pub(super) fn new(work: Work<A>) -> Self {
        Self { work: Mutex::new(Some(work)), waiters: Arc::new(Waiters::new()), outcome: Mutex::new(None) }
    }

    /// A number for one who will wait.
    pub(super) fn join(&self) -> u64 {
        self.waiters.next.fetch_add(1, Ordering::Relaxed)
    }

    /// The waiter of that number gives up, or has its answer.
    pub(super) fn leave(&self, waiter: u64) {
        let waker = sorted::remove(&mut lock(&self.waiters.wakers), &waiter);
        drop(waker);
    }

    /// Keeps the waker for the waiter of that number, who looks for the outcome after this: it may come in between, and
    /// then it wakes whom it finds.
    pub(super) fn wait(&self, waiter: u64, waker: &Waker) {
        let waker = waker.clone();
        let replaced = sorted::insert(&mut lock(&self.waiters.wakers), waiter, waker);
        drop(replaced);
    }

    /// What it ended with.
    pub(super) fn outcome(&self) -> Option<T> {
        lock(&self.outcome).clone()
    }

    /// Whether whoever is polled with this waker is awaited by the future itself.
    pub(super) fn is_own(&self, waker: &Waker) -> bool {
        asker::is(&self.waker(), waker)
    }

    fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.waiters))
    }

    /// Polls the future if it was woken since it was last polled and nobody else is at it.
    pub(super) fn drive(&self) -> Poll<Result<Box<A>, Cause>> {
        let Some(mut work) = self.take() else { return Poll::Pending };
        let waker = self.waker();
        let mut poll = || work.as_mut().poll(&mut Context::from_waker(&waker));
        let polled = asker::anew(|| catch_unwind(AssertUnwindSafe(&mut poll)));
        let result = match polled {
            Ok(Poll::Pending) => {
                self.put_back(work);
                return Poll::Pending;
            }
            Ok(Poll::Ready(result)) => result,
            Err(payload) => {
                let text = message(&*payload);
                discard(payload);
                Err(Cause::Panic(text))
            }
        };
        discard(work);
        Poll::Ready(result)
    }

    /// Ends the flight: everybody who waits gets a clone of the outcome.
    pub(super) fn land(&self, outcome: T) {
        *lock(&self.outcome) = Some(outcome);
        self.waiters.wake_all();
    }

    fn take(&self) -> Option<Work<A>> {
        let mut work = lock(&self.work);
        if work.is_some() && self.waiters.woken.swap(false, Ordering::SeqCst) { work.take() } else { None }
    }

    fn put_back(&self, work: Work<A>) {
        *lock(&self.work) = Some(work);
        // Whoever was woken while the future was out has found nothing to poll, so they are woken once more.
        if self.waiters.woken.load(Ordering::SeqCst) {
            self.waiters.wake_all();
        }
    }
}

/// Whoever waits for a flight; the waker of its future.
struct Waiters {
    next: AtomicU64,
    /// Whether the future was woken since it was last polled. True at first.
    woken: AtomicBool,
    /// Sorted by number. A waker is taken out when it is used, and comes back when its waiter is polled.
    wakers: Mutex<Vec<(u64, Waker)>>,
}

impl Waiters {
    fn new() -> Self {
        Self { next: AtomicU64::new(0), woken: AtomicBool::new(true), wakers: Mutex::new(Vec::new()) }
    }

    fn wake_all(&self) {
        // Wakers are code of an executor: not to be called under the lock.
        let wakers = mem::take(&mut *lock(&self.wakers));
        for (_, waker) in wakers {
            waker.wake();
        }
    }
}

impl Wake for Waiters {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // A swap, since loom lets a swap elsewhere miss what is only stored.
        self.woken.swap(true, Ordering::SeqCst);
        self.wake_all();
    }
}

/// Drops what an author wrote; a panic in there is no concern of those who wait.
pub(super) fn discard<T>(value: T) {
    let _ = catch_unwind(AssertUnwindSafe(|| drop(value)));
}

/// What a panic said.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
