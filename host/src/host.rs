//! What every request of a running host shares.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use bakehouse_sdk::Registry;

use crate::config::Config;
use crate::counters::Counters;
use crate::progress::Progress;
use crate::site::Site;

/// A host that is up or coming up.
pub(crate) struct Host {
    pub(crate) registry: &'static Registry,
    site: RwLock<Arc<Site>>,
    pub(crate) config: Config,
    pub(crate) progress: Progress,
    pub(crate) counters: Counters,
    /// When it was started.
    pub(crate) began: Instant,
}

impl Host {
    pub(crate) fn new(registry: &'static Registry, site: Arc<Site>, config: Config, began: Instant) -> Self {
        let (progress, counters) = (Progress::default(), Counters::default());
        Self { registry, site: RwLock::new(site), config, progress, counters, began }
    }

    /// The site by which a request that comes now goes.
    pub(crate) fn site(&self) -> Arc<Site> {
        Arc::clone(&self.site.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Has requests go by another site from now on.
    pub(crate) fn move_to(&self, site: Arc<Site>) {
        *self.site.write().unwrap_or_else(PoisonError::into_inner) = site;
    }

    /// Why the host is not ready; none if it is.
    ///
    /// It is ready once its critical assets are in place and each core app was loaded.
    pub(crate) fn obstacle(&self, site: &Site) -> Option<Cow<'static, str>> {
        if self.progress.is_ending() {
            return Some("The host is ending.".into());
        }
        site.assets.lacking().map(Cow::Borrowed).or_else(|| site.lacking_app())
    }
}
