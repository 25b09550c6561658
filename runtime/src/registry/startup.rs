//! Loads at start what a host wants to have from its first request on.

use std::time::Duration;

use super::error::LoadError;
use super::join::join_all;
use super::{BoxFuture, Edition, Why};
use crate::AppId;

impl<'r, A: ?Sized + Send + Sync + 'static, C: 'static> Edition<'r, A, C> {
    /// Loads the core apps, or every app if the host wants them `eager`, side by side where `requires` allows it.
    ///
    /// Gives, in the baked order, how long each took from the call of its constructor. Apps that have no code or are
    /// switched off are left out.
    pub async fn load_core(self) -> Vec<(AppId, Result<Duration, LoadError>)> {
        let wanted: Vec<AppId> = self.table().with_code().filter(|app| self.is_wanted_at_start(*app)).collect();
        join_all(wanted.into_iter().map(|app| self.load_timed(app))).await
    }

    fn load_timed(self, app: AppId) -> BoxFuture<'r, (AppId, Result<Duration, LoadError>)> {
        Box::pin(async move {
            let loaded = self.load_for(app, Why::Start).await;
            (app, loaded.map(|_| self.load_time(app).unwrap_or_default()))
        })
    }

    fn is_wanted_at_start(self, app: AppId) -> bool {
        self.record(app).is_ok_and(|app| (self.terms.eager || app.is_core()) && self.is_on(app))
    }
}
