//! What a registry has counted, app by app.

use std::time::{Duration, Instant};

use super::{Edition, LastLoad, State, dates};
use crate::AppId;

/// What was counted of an app since the host started. Counts of different things may be of slightly different moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppMetrics {
    /// The app.
    pub app: AppId,
    /// What is known of its code.
    pub state: State,
    /// How often it was loaded.
    pub loads: u64,
    /// How long all these loads took together, each from the call of the constructor.
    pub load_time: Duration,
    /// Its last load, though the app may have gone since.
    pub last_load: Option<LastLoad>,
    /// How often its constructor failed.
    pub errors: u64,
    /// How often it was asked for and there.
    pub hits: u64,
    /// How often it was asked to be loaded and not there: those who waited for one load count each, and so do those who
    /// were told of an earlier error.
    pub misses: u64,
    /// How often it was taken out because of the limit on loaded apps.
    pub evictions: u64,
    /// When it was last loaded, or asked for and there. As exact as the registry knew the time then: it looks at it when
    /// an app loads, when a route is entered, and when these metrics are read.
    pub last_used: Option<Instant>,
}

impl<A: ?Sized + Send + Sync + 'static, C: 'static> Edition<'_, A, C> {
    /// What was counted of each app that has code, sorted by slug.
    pub fn metrics(self) -> Vec<AppMetrics> {
        dates::refresh();
        self.terms.binding.apps().filter_map(|(app, _)| self.metrics_of(app)).collect()
    }

    /// What was counted of an app; `None` if it has no code.
    pub fn metrics_of(self, app: AppId) -> Option<AppMetrics> {
        let tally = self.slot(app)?.tally();
        Some(AppMetrics {
            app,
            state: self.state(app),
            loads: tally.counts.loads,
            load_time: tally.counts.load_time,
            last_load: tally.counts.last_load,
            errors: tally.counts.errors,
            hits: tally.hits,
            misses: tally.counts.misses,
            evictions: tally.counts.evictions,
            last_used: dates::time(tally.used),
        })
    }
}
