//! One attempt to load an app, and what is left of it when it failed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::error::{Cause, LoadError, Retry};
use super::flight::{Flight, Work};
use super::{Loaded, backoff};

/// What time it is; another one in tests.
pub(super) type Clock = fn() -> Instant;

/// One attempt to load an app, shared by all who wait for it.
///
/// Its outcome uses the app, so that this is not evicted before they have it.
pub(super) struct Attempt<A: ?Sized + 'static> {
    app: &'static str,
    clock: Clock,
    began: Instant,
    /// How many attempts in a row failed before this one.
    n_failures: u32,
    flight: Flight<A, Result<Loaded<A>, LoadError>>,
}

/// The last failure, until the next attempt.
pub(super) struct Failure {
    cause: Arc<Cause>,
    /// In a row.
    n_failures: u32,
    retry_at: Instant,
}

impl<A: ?Sized> Attempt<A> {
    /// An attempt after what came of the earlier ones.
    pub(super) fn new(app: &'static str, clock: Clock, began: Instant, n_failures: u32, work: Work<A>) -> Self {
        Self { app, clock, began, n_failures, flight: Flight::new(work) }
    }

    pub(super) fn app(&self) -> &'static str {
        self.app
    }

    pub(super) fn flight(&self) -> &Flight<A, Result<Loaded<A>, LoadError>> {
        &self.flight
    }

    /// How long it has taken so far.
    pub(super) fn took(&self) -> Duration {
        (self.clock)().saturating_duration_since(self.began)
    }

    pub(super) fn fail(&self, cause: Cause) -> (Failure, LoadError) {
        let n_failures = self.n_failures.saturating_add(1);
        let wait = backoff::rest(n_failures);
        let failure = Failure { cause: Arc::new(cause), n_failures, retry_at: (self.clock)() + wait };
        let retry = Retry { at: failure.retry_at, wait, again: false };
        let error = LoadError::failed(self.app, Arc::clone(&failure.cause), retry);
        (failure, error)
    }
}

impl Failure {
    pub(super) fn n_failures(&self) -> u32 {
        self.n_failures
    }

    /// The error, told again within the back-off; `None` once the next attempt is due.
    pub(super) fn again(&self, app: &str, now: Instant) -> Option<LoadError> {
        let wait = self.retry_at.checked_duration_since(now).filter(|wait| !wait.is_zero())?;
        Some(LoadError::failed(app, Arc::clone(&self.cause), Retry { at: self.retry_at, wait, again: true }))
    }
}
