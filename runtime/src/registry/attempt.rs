//! One attempt to load an app, and what is left of it when it failed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::error::{Cause, LoadError, Retry};
use super::flight::{Flight, Work};
use super::observe::Watch;
use super::{LastLoad, Loaded, Why, backoff};

/// What time it is; another one in tests.
pub(super) type Clock = fn() -> Instant;

/// What a slot is asked for.
#[derive(Clone, Copy)]
pub(super) struct Order {
    /// The app's slug.
    pub(super) app: &'static str,
    /// That by which whoever asks goes.
    pub(super) edition: u64,
    pub(super) why: Why,
    pub(super) clock: Clock,
}

/// What has to be done for it.
pub(super) struct Job<A: ?Sized> {
    pub(super) work: Work<A>,
    /// Told of its end.
    pub(super) watch: Option<Watch>,
}

/// One attempt to load an app, shared by all who wait for it.
///
/// Its outcome uses the app, so that this is not evicted before they have it.
pub(super) struct Attempt<A: ?Sized + 'static> {
    order: Order,
    began: Instant,
    /// How many attempts in a row failed before this one.
    n_failures: u32,
    watch: Option<Watch>,
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
    pub(super) fn new(order: Order, began: Instant, n_failures: u32, job: Job<A>) -> Self {
        let Job { work, watch } = job;
        Self { order, began, n_failures, watch, flight: Flight::new(work) }
    }

    pub(super) fn app(&self) -> &'static str {
        self.order.app
    }

    pub(super) fn flight(&self) -> &Flight<A, Result<Loaded<A>, LoadError>> {
        &self.flight
    }

    /// The load as it is if it ends now.
    pub(super) fn load(&self) -> LastLoad {
        let took = (self.order.clock)().saturating_duration_since(self.began);
        LastLoad { at: self.began, took, why: self.order.why }
    }

    /// Says what it came to, then tells all who wait.
    pub(super) fn end(&self, took: Duration, outcome: Result<Loaded<A>, LoadError>) {
        if let Some(watch) = &self.watch {
            watch.end(outcome.as_ref().map(|_| took));
        }
        self.flight.land(outcome);
    }

    pub(super) fn fail(&self, cause: Cause) -> (Failure, LoadError) {
        let n_failures = self.n_failures.saturating_add(1);
        let wait = backoff::rest(n_failures);
        let failure = Failure { cause: Arc::new(cause), n_failures, retry_at: (self.order.clock)() + wait };
        let retry = Retry { at: failure.retry_at, wait, again: false };
        let error = LoadError::failed(self.order.app, Arc::clone(&failure.cause), retry);
        (failure, error)
    }
}

impl<A: ?Sized> From<Work<A>> for Job<A> {
    fn from(work: Work<A>) -> Self {
        Self { work, watch: None }
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
