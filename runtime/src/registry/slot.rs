//! The place of one app: idle, loading, loaded, or failed and resting.

use std::fmt;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use super::attempt::{Attempt, Failure, Job, Order};
use super::counts::Counts;
use super::error::Cause;
use super::flight::discard;
use super::loaded::{Cell, Cells};
use super::published::Published;
use super::sync::{Mutex, lock};
use super::waiting::Load;
use super::{Loaded, State, dates};

/// The place where a loaded app lives; a binary has one for each constructor.
///
/// A new one is all zero bytes, so that a static array of them lies in `.bss` and takes no room in the binary. It knows
/// nothing of a table: an app may stay where it is when its number changes.
pub struct Slot<A: ?Sized + 'static> {
    /// The cell that is open, or was a moment ago. Changed under the lock of `inner` only.
    current: Published<Cell<A>>,
    /// `None`: never asked for. Behind one thin pointer, which is zero when there is nothing.
    inner: Mutex<Option<Box<Inner<A>>>>,
}

struct Inner<A: ?Sized + 'static> {
    phase: Phase<A>,
    /// One is open if and only if the phase is `Loaded`.
    cells: Cells<A>,
    counts: Counts,
    /// Who goes by an earlier edition wants another app than this.
    since: u64,
}

enum Phase<A: ?Sized + 'static> {
    Idle,
    Loading(Arc<Attempt<A>>),
    Loaded,
    Failed(Failure),
}

/// What was in a slot that was retired.
pub(super) struct Retired<A: ?Sized + 'static> {
    _app: Option<Arc<A>>,
    _phase: Phase<A>,
}

/// What a slot has counted.
pub(super) struct Tally {
    pub(super) counts: Counts,
    pub(super) hits: u64,
    /// The date of the last use; 0 if there was none.
    pub(super) used: u64,
}

impl<A: ?Sized> Slot<A> {
    /// An idle slot.
    #[cfg(not(all(loom, test)))]
    pub const fn new() -> Self {
        Self { current: Published::none(), inner: Mutex::new(None) }
    }

    #[cfg(all(loom, test))]
    pub(super) fn new() -> Self {
        Self { current: Published::none(), inner: Mutex::new(None) }
    }

    pub(super) fn state(&self) -> State {
        match lock(&self.inner).as_deref().map(|inner| &inner.phase) {
            None | Some(Phase::Idle) => State::Idle,
            Some(Phase::Loading(_)) => State::Loading,
            Some(Phase::Loaded) => State::Loaded,
            Some(Phase::Failed(_)) => State::Failed,
        }
    }

    pub(super) fn is_loaded(&self) -> bool {
        self.state() == State::Loaded
    }

    #[inline]
    pub(super) fn loaded(&self) -> Option<Loaded<A>> {
        self.current.get()?.enter().or_else(|| self.loaded_for_sure())
    }

    /// Looks under the lock, since a cell may also be closed for a moment while somebody sees whether it is idle.
    #[cold]
    fn loaded_for_sure(&self) -> Option<Loaded<A>> {
        lock(&self.inner).as_deref()?.cells.enter()
    }

    /// How long the load took, from the call of the constructor; `None` if the app is not there.
    pub(super) fn took(&self) -> Option<Duration> {
        let inner = lock(&self.inner);
        let inner = inner.as_deref().filter(|inner| matches!(inner.phase, Phase::Loaded))?;
        inner.counts.last_load.map(|load| load.took)
    }

    pub(super) fn tally(&self) -> Tally {
        let inner = lock(&self.inner);
        let tally =
            |inner: &Inner<A>| Tally { counts: inner.counts, hits: inner.cells.hits(), used: inner.cells.used() };
        inner.as_deref().map_or(Tally { counts: Counts::default(), hits: 0, used: 0 }, tally)
    }

    /// Loads the app, or waits for the load that is under way. `job` must not run foreign code before it is polled.
    pub(super) fn load(&self, order: Order, job: impl FnOnce() -> Job<A>) -> Load<'_, A> {
        let began = (order.clock)();
        let mut guard = lock(&self.inner);
        let inner = guard.get_or_insert_default();
        if order.edition < inner.since {
            inner.counts.misses += 1;
            drop(guard);
            return Load::waiting(self, Arc::new(Attempt::new(order, began, 0, job())));
        }
        if let Some(app) = inner.cells.enter() {
            return Load::Done(Ok(app));
        }
        inner.counts.misses += 1;
        let n_failures = match &inner.phase {
            Phase::Loading(attempt) => return Load::waiting(self, Arc::clone(attempt)),
            Phase::Failed(failure) => match failure.again(order.app, began) {
                Some(error) => return Load::Done(Err(error)),
                None => failure.n_failures(),
            },
            Phase::Idle | Phase::Loaded => 0,
        };
        let attempt = Arc::new(Attempt::new(order, began, n_failures, job()));
        let failed = inner.enter_phase(Phase::Loading(Arc::clone(&attempt)));
        // The earlier error is an author's value: dropped after the lock is free.
        drop(guard);
        drop(failed);
        Load::waiting(self, attempt)
    }

    /// Drops the slot's hold of the app, if that is loaded. It goes with its last user.
    pub(super) fn unload(&self) -> bool {
        let mut guard = lock(&self.inner);
        let Some(inner) = guard.as_deref_mut().filter(|inner| matches!(inner.phase, Phase::Loaded)) else {
            return false;
        };
        let app = inner.cells.close();
        inner.phase = Phase::Idle;
        self.current.clear();
        drop(guard);
        discard(app);
        true
    }

    /// From this edition on, the app is another one. What there is of the one before goes with its last user, a load that is
    /// under way too, and an earlier failure is forgotten.
    ///
    /// Gives what the caller is to drop.
    pub(super) fn retire(&self, edition: u64) -> Option<Retired<A>> {
        let mut guard = lock(&self.inner);
        let inner = guard.get_or_insert_default();
        inner.since = edition;
        self.current.clear();
        let app = inner.cells.close();
        let phase = inner.enter_phase(Phase::Idle);
        (app.is_some() || !matches!(phase, Phase::Idle)).then_some(Retired { _app: app, _phase: phase })
    }

    /// Takes the app out if nobody uses it; the caller drops it.
    pub(super) fn evict(&self) -> Option<Arc<A>> {
        let mut guard = lock(&self.inner);
        let inner = guard.as_deref_mut()?;
        let app = inner.cells.close_if_idle()?;
        inner.phase = Phase::Idle;
        inner.counts.evictions += 1;
        self.current.clear();
        Some(app)
    }

    /// The date of the last use of an app that is loaded and idle.
    pub(super) fn idle_since(&self) -> Option<u64> {
        let inner = lock(&self.inner);
        inner.as_deref().map(|inner| &inner.cells).filter(|cells| cells.is_idle()).map(Cells::used)
    }

    /// Keeps what an attempt came to, then tells all who waited. If the slot was retired meanwhile, it is for them alone.
    pub(super) fn settle(&self, attempt: &Arc<Attempt<A>>, result: Result<Box<A>, Cause>) {
        let load = attempt.load();
        let result = result.map(Arc::from).map_err(|cause| attempt.fail(cause));
        let mut guard = lock(&self.inner);
        let inner = guard.get_or_insert_default();
        inner.counts.end(result.is_ok().then_some(load));
        let is_own = inner.is_loading(attempt);
        let (next, outcome) = match result {
            Ok(app) if is_own => {
                let app = inner.admit(app);
                self.current.set(app.cell());
                (Phase::Loaded, Ok(app))
            }
            Ok(app) => (Phase::Idle, Ok(inner.cells.lend(app))),
            Err((failure, error)) => (Phase::Failed(failure), Err(error)),
        };
        let over = if is_own { inner.enter_phase(next) } else { next };
        drop(guard);
        drop(over);
        attempt.end(load.took, outcome);
    }
}

impl<A: ?Sized> Inner<A> {
    /// Whether this is the attempt that fills the slot.
    fn is_loading(&self, attempt: &Arc<Attempt<A>>) -> bool {
        matches!(&self.phase, Phase::Loading(own) if Arc::ptr_eq(own, attempt))
    }

    fn admit(&mut self, app: Arc<A>) -> Loaded<A> {
        // The load is younger than any use before it, and older than any after it.
        dates::advance();
        let app = self.cells.open(app);
        dates::advance();
        app
    }

    /// The phase that it was in, to be dropped without the lock.
    fn enter_phase(&mut self, phase: Phase<A>) -> Phase<A> {
        mem::replace(&mut self.phase, phase)
    }
}

impl<A: ?Sized> Default for Inner<A> {
    fn default() -> Self {
        Self { phase: Phase::Idle, cells: Cells::new(), counts: Counts::default(), since: 0 }
    }
}

#[cfg(not(all(loom, test)))]
impl<A: ?Sized> Default for Slot<A> {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: ?Sized> fmt::Debug for Slot<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Slot").field(&self.state()).finish()
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
