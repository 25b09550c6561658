//! Where one app is made, and what makes it.

use std::sync::Arc;

use super::assets::Assets;
use super::attempt::Job;
use super::bind::Constructor;
use super::error::Cause;
use super::flight::Work;
use super::options::TimeLimit;
use super::terms::Terms;
use super::{Slot, Why};
use crate::table::AppRecord;

/// Where one app is made.
pub(super) struct Place<A: ?Sized + 'static, C: 'static> {
    pub(super) terms: &'static Terms<C>,
    pub(super) slot: &'static Slot<A>,
    pub(super) constructor: &'static Constructor<A, C>,
}

impl<A: ?Sized + Send, C> Place<A, C> {
    /// What makes the app and sees to its assets. The context and the constructor run when it is first polled: their
    /// panics are its own.
    pub(super) fn job(&self, app: AppRecord<'static>, why: Why) -> Job<A> {
        let work = self.work(app);
        match &self.terms.observer {
            Some(observer) => {
                let (work, watch) = observer.watch(app, why, work);
                Job { work, watch: Some(watch) }
            }
            None => work.into(),
        }
    }

    fn work(&self, app: AppRecord<'static>) -> Work<A> {
        let made = self.make(app);
        let made = match &self.terms.time_limit {
            Some(limit) => within(limit.clone(), made),
            None => made,
        };
        match self.terms.assets(app) {
            Some(assets) => with_assets(assets.clone(), app, made),
            None => made,
        }
    }

    fn make(&self, app: AppRecord<'static>) -> Work<A> {
        let context = Arc::clone(&self.terms.context);
        let construct = self.constructor.construct;
        Box::pin(async move { construct(context(app)).await.map_err(Cause::Error) })
    }
}

fn within<A: ?Sized + Send + 'static>(limit: TimeLimit, made: Work<A>) -> Work<A> {
    Box::pin(async move { limit.keep(made).await.map_err(Cause::TooSlow)? })
}

fn with_assets<A: ?Sized + Send + 'static>(assets: Assets, app: AppRecord<'static>, made: Work<A>) -> Work<A> {
    Box::pin(async move {
        let made = made.await?;
        assets.see_to(app.id()).await;
        Ok(made)
    })
}
