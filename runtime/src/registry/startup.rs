//! Loads at start what a host wants to have from its first request on.

use std::time::Duration;

use super::error::LoadError;
use super::join::join_all;
use super::{BoxFuture, Registry, Why};
use crate::AppId;
use crate::table::AppRecord;

impl<A: ?Sized + Send + Sync + 'static, C: 'static> Registry<A, C> {
    /// Loads the core apps, or every app if the registry was started `eager`, side by side where `requires` allows it.
    ///
    /// Gives, in the baked order, how long each took from the call of its constructor. Apps that have no code or are
    /// switched off are left out.
    pub async fn load_core(&self) -> Vec<(AppId, Result<Duration, LoadError>)> {
        let wanted: Vec<AppId> = self.table.with_code().filter(|app| self.is_wanted_at_start(*app)).collect();
        join_all(wanted.into_iter().map(|app| self.load_timed(app))).await
    }

    fn load_timed(&self, app: AppId) -> BoxFuture<'_, (AppId, Result<Duration, LoadError>)> {
        Box::pin(async move {
            let loaded = self.load_for(app, Why::Start).await;
            (app, loaded.map(|_| self.load_time(app).unwrap_or_default()))
        })
    }

    fn is_wanted_at_start(&self, app: AppId) -> bool {
        let eager = self.started.get().is_some_and(|started| started.eager);
        let is_wanted = |app: AppRecord<'_>| eager || app.is_core();
        self.record(app).is_ok_and(|app| is_wanted(app) && self.is_on(app))
    }

    /// Whether the app is on; before the registry is started, what its manifest says.
    pub(super) fn is_on(&self, app: AppRecord<'_>) -> bool {
        self.started.get().map_or_else(|| app.is_enabled(), |started| started.is_on(app))
    }
}
