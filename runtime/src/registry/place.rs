//! Where one app is made, and what makes it.

use std::sync::Arc;

use super::assets::Assets;
use super::bind::Constructor;
use super::error::Cause;
use super::flight::Work;
use super::options::TimeLimit;
use super::{BoxFuture, Slot, Started};
use crate::table::AppRecord;

/// Where one app is made.
pub(super) struct Place<'r, A: ?Sized + 'static, C: 'static> {
    pub(super) started: &'r Started<C>,
    pub(super) slot: &'static Slot<A>,
    pub(super) constructor: &'static Constructor<A, C>,
}

impl<A: ?Sized + Send, C> Place<'_, A, C> {
    /// What makes the app and sees to its assets. The context and the constructor run when it is first polled: their
    /// panics are its own.
    pub(super) fn work(&self, app: AppRecord<'static>) -> Work<A> {
        let context = Arc::clone(&self.started.context);
        let construct = self.constructor.construct;
        let limit = self.started.time_limit.clone();
        let assets = self.started.assets(app).cloned();
        Box::pin(async move {
            let made = async { construct(context(app)).await.map_err(Cause::Error) };
            let made = within(limit, Box::pin(made)).await?;
            see_to(assets, app).await;
            Ok(made)
        })
    }
}

async fn within<T>(limit: Option<TimeLimit>, work: BoxFuture<'_, Result<T, Cause>>) -> Result<T, Cause> {
    match limit {
        Some(limit) => limit.keep(work).await.map_err(Cause::TooSlow)?,
        None => work.await,
    }
}

async fn see_to(assets: Option<Assets>, app: AppRecord<'static>) {
    if let Some(assets) = assets {
        assets.see_to(app.id()).await;
    }
}
