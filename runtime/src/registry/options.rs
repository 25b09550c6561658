//! What a host decides about its registry when it starts.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::{Assets, BoxFuture, Observer};
use crate::AppId;

/// What a host decides when it starts.
#[derive(Debug, Clone, Default)]
pub struct StartOptions {
    /// Whether [`load_core`](super::Registry::load_core) loads every app that has code.
    pub eager: bool,
    /// The apps that are switched on or off whatever their manifests say.
    pub flags: Vec<(AppId, bool)>,
    /// Sees to lazy assets; without it, nobody does.
    pub assets: Option<Assets>,
    /// Is told of each load.
    pub observer: Option<Observer>,
    /// How many apps may be loaded at once, core apps among them; without it, all.
    ///
    /// When a load exceeds it, apps that nobody uses go, those first that were last used longest ago. Core apps stay, and so
    /// does what is in use: then there are more, until a load finds some idle.
    pub max_loaded: Option<usize>,
    /// How long a constructor may take; without it, as long as it likes.
    pub time_limit: Option<TimeLimit>,
}

/// How long a constructor may take, and how to wait: a registry knows no timer.
///
/// A constructor that keeps its thread instead of giving way can't be stopped by it.
#[derive(Clone)]
pub struct TimeLimit {
    limit: Duration,
    sleep: Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>,
}

impl TimeLimit {
    /// Gives up a constructor after `limit`, which `sleep` waits for.
    pub fn new(limit: Duration, sleep: impl Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync + 'static) -> Self {
        Self { limit, sleep: Arc::new(sleep) }
    }

    /// The output of the work.
    ///
    /// # Errors
    ///
    /// The limit, if that is over first.
    pub(super) async fn keep<T>(&self, work: impl Future<Output = T>) -> Result<T, Duration> {
        let (mut work, mut sleep) = (pin!(work), (self.sleep)(self.limit));
        poll_fn(|ctx| match work.as_mut().poll(ctx) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending => sleep.as_mut().poll(ctx).map(|()| Err(self.limit)),
        })
        .await
    }
}

impl fmt::Debug for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimeLimit").field("limit", &self.limit).finish_non_exhaustive()
    }
}
