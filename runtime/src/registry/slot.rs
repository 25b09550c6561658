//! The place of one app: idle, loading, loaded, or failed and resting.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use super::backoff;
use super::error::{Cause, LoadError, Retry};
use super::flight::{Flight, Work, lock};
use super::{Loaded, State};

/// What time it is; another one in tests.
pub(super) type Clock = fn() -> Instant;

/// The place where a loaded app lives; a binary has one for each constructor.
///
/// A new one is all zero bytes, so that a static array of them lies in `.bss` and takes no room in the binary.
pub struct Slot<A: ?Sized> {
    /// `None`: idle. Behind one thin pointer, which is zero when there is nothing.
    phase: Mutex<Option<Box<Phase<A>>>>,
}

enum Phase<A: ?Sized> {
    Loading(Arc<Attempt<A>>),
    Loaded { app: Loaded<A>, took: Duration },
    Failed(Failure),
}

/// One attempt to load an app, shared by all who wait for it.
struct Attempt<A: ?Sized> {
    app: &'static str,
    clock: Clock,
    began: Instant,
    /// How many attempts in a row failed before this one.
    n_failures: u32,
    flight: Flight<A, Result<Loaded<A>, LoadError>>,
}

/// The last failure, until the next attempt.
struct Failure {
    cause: Arc<Cause>,
    /// In a row.
    n_failures: u32,
    retry_at: Instant,
}

impl<A: ?Sized> Slot<A> {
    /// An idle slot.
    pub const fn new() -> Self {
        Self { phase: Mutex::new(None) }
    }

    pub(super) fn state(&self) -> State {
        match lock(&self.phase).as_deref() {
            None => State::Idle,
            Some(Phase::Loading(_)) => State::Loading,
            Some(Phase::Loaded { .. }) => State::Loaded,
            Some(Phase::Failed(_)) => State::Failed,
        }
    }

    pub(super) fn loaded(&self) -> Option<Loaded<A>> {
        match lock(&self.phase).as_deref() {
            Some(Phase::Loaded { app, .. }) => Some(app.clone()),
            _ => None,
        }
    }

    /// How long the load took, from the call of the constructor.
    pub(super) fn took(&self) -> Option<Duration> {
        match lock(&self.phase).as_deref() {
            Some(Phase::Loaded { took, .. }) => Some(*took),
            _ => None,
        }
    }

    /// Loads the app, or waits for the load that is under way. `work` must not run foreign code before it is polled.
    pub(super) fn load(&self, app: &'static str, clock: Clock, work: impl FnOnce() -> Work<A>) -> Load<'_, A> {
        let began = clock();
        let mut phase = lock(&self.phase);
        let n_failures = match phase.as_deref() {
            Some(Phase::Loaded { app, .. }) => return Load::Done(Ok(app.clone())),
            Some(Phase::Loading(attempt)) => return Load::waiting(self, Arc::clone(attempt)),
            Some(Phase::Failed(failure)) if failure.retry_at > began => {
                return Load::Done(Err(failure.again(app, began)));
            }
            Some(Phase::Failed(failure)) => failure.n_failures,
            None => 0,
        };
        let attempt = Arc::new(Attempt { app, clock, began, n_failures, flight: Flight::new(work()) });
        let failed = phase.replace(Box::new(Phase::Loading(Arc::clone(&attempt))));
        // The earlier error is an author's value: dropped after the lock is free.
        drop(phase);
        drop(failed);
        Load::waiting(self, attempt)
    }

    /// Keeps what an attempt came to, then tells all who waited.
    fn settle(&self, attempt: &Attempt<A>, result: Result<Box<A>, Cause>) {
        let (phase, outcome) = match result {
            Ok(app) => attempt.succeed(app),
            Err(cause) => attempt.fail(cause),
        };
        let loading = lock(&self.phase).replace(Box::new(phase));
        drop(loading);
        attempt.flight.land(outcome);
    }
}

impl<A: ?Sized> Attempt<A> {
    fn succeed(&self, app: Box<A>) -> (Phase<A>, Result<Loaded<A>, LoadError>) {
        let app: Loaded<A> = Loaded(Arc::from(app));
        let took = (self.clock)().saturating_duration_since(self.began);
        (Phase::Loaded { app: app.clone(), took }, Ok(app))
    }

    fn fail(&self, cause: Cause) -> (Phase<A>, Result<Loaded<A>, LoadError>) {
        let n_failures = self.n_failures.saturating_add(1);
        let wait = backoff::rest(n_failures);
        let failure = Failure { cause: Arc::new(cause), n_failures, retry_at: (self.clock)() + wait };
        let retry = Retry { at: failure.retry_at, wait, again: false };
        let error = LoadError::failed(self.app, Arc::clone(&failure.cause), retry);
        (Phase::Failed(failure), Err(error))
    }
}

impl Failure {
    /// The error, told again within the back-off.
    fn again(&self, app: &str, now: Instant) -> LoadError {
        let wait = self.retry_at.saturating_duration_since(now);
        LoadError::failed(app, Arc::clone(&self.cause), Retry { at: self.retry_at, wait, again: true })
    }
}

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

/// Somebody who loads an app, or waits for somebody else's load of it.
#[must_use = "does nothing unless polled"]
pub(super) enum Load<'s, A: ?Sized> {
    /// The answer was there at once.
    Done(Result<Loaded<A>, LoadError>),
    Waiting(Waiting<'s, A>),
}

/// A place in the queue of an attempt; given up when it is dropped.
pub(super) struct Waiting<'s, A: ?Sized> {
    slot: &'s Slot<A>,
    attempt: Arc<Attempt<A>>,
    number: u64,
}

impl<'s, A: ?Sized> Load<'s, A> {
    fn waiting(slot: &'s Slot<A>, attempt: Arc<Attempt<A>>) -> Self {
        let number = attempt.flight.join();
        Self::Waiting(Waiting { slot, attempt, number })
    }
}

impl<A: ?Sized> Future for Load<'_, A> {
    type Output = Result<Loaded<A>, LoadError>;

    fn poll(self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Done(result) => Poll::Ready(result.clone()),
            Self::Waiting(waiting) => waiting.poll(ctx),
        }
    }
}

impl<A: ?Sized> Waiting<'_, A> {
    fn poll(&self, ctx: &Context<'_>) -> Poll<Result<Loaded<A>, LoadError>> {
        let flight = &self.attempt.flight;
        if flight.is_own(ctx.waker()) {
            return Poll::Ready(Err(LoadError::waits_for_itself(self.attempt.app)));
        }
        if let Some(outcome) = flight.wait(self.number, ctx.waker()) {
            return Poll::Ready(outcome.clone());
        }
        if let Poll::Ready(result) = flight.drive() {
            self.slot.settle(&self.attempt, result);
        }
        flight.outcome().cloned().map_or(Poll::Pending, Poll::Ready)
    }
}

impl<A: ?Sized> Drop for Waiting<'_, A> {
    fn drop(&mut self) {
        self.attempt.flight.leave(self.number);
    }
}

#[cfg(test)]
mod tests;
