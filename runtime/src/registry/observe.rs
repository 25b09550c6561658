//! Tells a host of each load as it begins and ends; a registry knows no log.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use super::flight::Work;
use super::sync::{Mutex, lock};
use super::{LoadError, Why};
use crate::table::AppRecord;

/// What is called when a load has ended, with how long it took or why it failed; dropped if the load is given up.
pub type Ended = Box<dyn FnOnce(Result<Duration, &LoadError>) + Send>;

/// Who is told of each load of an app: on whatever thread drives it, before anybody has the app. What panics in there is as
/// if nobody were told.
#[derive(Clone)]
pub struct Observer(Arc<Begin>);

type Begin = dyn Fn(AppRecord<'static>, Why) -> Ended + Send + Sync;

impl Observer {
    /// Calls `begin` when a load begins, just before the constructor, and what that gives when it has ended.
    ///
    /// Calls that find an app loaded, or wait for a load that is under way, are none. Those that are told of an earlier
    /// failure neither.
    pub fn new(begin: impl Fn(AppRecord<'static>, Why) -> Ended + Send + Sync + 'static) -> Self {
        Self(Arc::new(begin))
    }

    /// Tells both, this one first.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(move |app, why| {
            let ended = [&self, &other].map(|observer| observer.begin(app, why));
            Box::new(move |outcome| {
                for ended in ended.into_iter().flatten() {
                    // What panics in one is no reason not to tell the other.
                    let _ = catch_unwind(AssertUnwindSafe(|| ended(outcome)));
                }
            })
        })
    }

    /// Tells of the begin of a load; gives what is to be told of its end, unless the observer panicked.
    fn begin(&self, app: AppRecord<'static>, why: Why) -> Option<Ended> {
        catch_unwind(AssertUnwindSafe(|| (self.0)(app, why))).ok()
    }

    /// The same work, told of when it is first polled; and the watch that tells of its end.
    pub(super) fn watch<A: ?Sized + 'static>(
        &self,
        app: AppRecord<'static>,
        why: Why,
        work: Work<A>,
    ) -> (Work<A>, Watch) {
        let (observer, watch) = (self.clone(), Watch::default());
        let own = watch.clone();
        let watched: Work<A> = Box::pin(async move {
            *lock(&own.0) = observer.begin(app, why);
            work.await
        });
        (watched, watch)
    }
}

/// What is to be told of the end of one load.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<Mutex<Option<Ended>>>);

impl Watch {
    pub(super) fn end(&self, outcome: Result<Duration, &LoadError>) {
        let ended = lock(&self.0).take();
        // Nobody waits for what an observer comes to.
        let _ = catch_unwind(AssertUnwindSafe(|| ended.into_iter().for_each(|ended| ended(outcome))));
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observer").finish_non_exhaustive()
    }
}
