//! Waits for several futures at once, and polls only those that were woken.

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use super::sync::{AtomicBool, Mutex, Ordering, lock};
use super::{BoxFuture, asker};

/// Polls futures side by side until all are ready; the outputs are in the order of the futures.
pub(super) struct JoinAll<'f, T> {
    children: Vec<Child<'f, T>>,
    n_pending: usize,
    woken: Arc<Woken>,
}

enum Child<'f, T> {
    Pending(BoxFuture<'f, T>, Arc<WakeChild>),
    /// Until all are ready.
    Ready(T),
}

/// Which children were woken, and who is to poll them.
struct Woken {
    /// No child twice.
    children: Mutex<Vec<usize>>,
    parent: Mutex<Option<Waker>>,
}

/// Wakes one child.
struct WakeChild {
    idx: usize,
    /// Whether it is among the woken.
    is_woken: AtomicBool,
    woken: Arc<Woken>,
}

pub(super) fn join_all<'f, T>(futures: impl IntoIterator<Item = BoxFuture<'f, T>>) -> JoinAll<'f, T> {
    let woken = Arc::new(Woken { children: Mutex::new(Vec::new()), parent: Mutex::new(None) });
    let waker = |idx| Arc::new(WakeChild { idx, is_woken: AtomicBool::new(true), woken: Arc::clone(&woken) });
    let children = futures.into_iter().enumerate().map(|(idx, future)| Child::Pending(future, waker(idx)));
    let children: Vec<_> = children.collect();
    // Each is polled once to begin with.
    lock(&woken.children).extend(0..children.len());
    JoinAll { n_pending: children.len(), children, woken }
}

// The futures are pinned in their boxes, and an output is never pinned.
impl<T> Unpin for JoinAll<'_, T> {}

impl<T> Future for JoinAll<'_, T> {
    type Output = Vec<T>;

    fn poll(self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Vec<T>> {
        let own = self.get_mut();
        // First this, so that who is woken from now on finds somebody to wake.
        let replaced = lock(&own.woken.parent).replace(ctx.waker().clone());
        drop(replaced);
        let woken = mem::take(&mut *lock(&own.woken.children));
        asker::on_behalf_of(ctx.waker(), || woken.into_iter().for_each(|idx| own.poll_child(idx)));
        if own.n_pending == 0 {
            Poll::Ready(own.children.drain(..).filter_map(Child::output).collect())
        } else {
            Poll::Pending
        }
    }
}

impl<T> JoinAll<'_, T> {
    fn poll_child(&mut self, idx: usize) {
        let Some(child) = self.children.get_mut(idx) else { return };
        let Child::Pending(future, wake) = child else { return };
        // A swap, so that the child sees what was done before a wake which finds it woken already, and adds nothing.
        wake.is_woken.swap(false, Ordering::SeqCst);
        let waker = Waker::from(Arc::clone(wake));
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            *child = Child::Ready(output);
            self.n_pending -= 1;
        }
    }
}

impl<T> Child<'_, T> {
    fn output(self) -> Option<T> {
        match self {
            Self::Ready(output) => Some(output),
            Self::Pending(..) => None,
        }
    }
}

impl Wake for WakeChild {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.is_woken.swap(true, Ordering::SeqCst) {
            return;
        }
        lock(&self.woken.children).push(self.idx);
        let parent = lock(&self.woken.parent).take();
        parent.into_iter().for_each(Waker::wake);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::future::poll_fn;
    use std::pin::Pin;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};
    use std::task::{Context, Poll, Wake, Waker};

    use super::join_all;
    use crate::registry::BoxFuture;

    /// Counts how often it is woken.
    #[derive(Default)]
    struct Task(AtomicUsize);

    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// A future that is ready when it is polled for the second time, and who polls it.
    #[derive(Default)]
    struct Child {
        n_polls: AtomicUsize,
        waker: Mutex<Option<Waker>>,
    }

    impl Child {
        fn future(&self) -> BoxFuture<'_, usize> {
            Box::pin(poll_fn(|ctx| {
                *self.waker.lock().unwrap() = Some(ctx.waker().clone());
                let n_earlier = self.n_polls.fetch_add(1, Ordering::SeqCst);
                if n_earlier == 0 { Poll::Pending } else { Poll::Ready(n_earlier) }
            }))
        }

        fn wake(&self) {
            self.waker.lock().unwrap().as_ref().unwrap().wake_by_ref();
        }
    }

    #[test]
    fn only_who_was_woken_is_polled() {
        let children: [Child; 3] = Default::default();
        let task = Arc::new(Task::default());
        let waker = Waker::from(Arc::clone(&task));
        let mut all = join_all(children.iter().map(Child::future));
        let mut poll = || Pin::new(&mut all).poll(&mut Context::from_waker(&waker));
        let n_polls = || children.each_ref().map(|child| child.n_polls.load(Ordering::SeqCst));

        assert!(poll().is_pending());
        assert_eq!(n_polls(), [1, 1, 1]);
        for _ in 0..3 {
            children[1].wake();
        }
        assert_eq!(task.0.load(Ordering::SeqCst), 1);
        assert!(poll().is_pending());
        assert_eq!(n_polls(), [1, 2, 1]);
        children[2].wake();
        children[0].wake();
        assert!(matches!(poll(), Poll::Ready(outputs) if outputs == [1, 1, 1]));
        assert_eq!(n_polls(), [2, 2, 2]);
    }

    #[test]
    fn of_none_is_ready_at_once() {
        let mut none = join_all::<()>([]);
        assert!(Pin::new(&mut none).poll(&mut Context::from_waker(Waker::noop())).is_ready());
    }
}
