//! What every request of a running host shares.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use bakehouse_sdk::Registry;

use crate::config::Config;
use crate::site::{Links, Site};

/// A host that is up or coming up.
pub(crate) struct Host {
    pub(crate) registry: &'static Registry,
    site: RwLock<Arc<Site>>,
    pub(crate) config: Config,
    pub(crate) progress: Progress,
}

/// How far the start has come, as far as somebody may ask for it later, and whether the end has begun.
#[derive(Default)]
pub(crate) struct Progress {
    /// How long the core apps took together.
    pub(crate) load_time: OnceLock<Duration>,
    /// How long the whole start took.
    pub(crate) start_time: OnceLock<Duration>,
    is_ending: AtomicBool,
}

impl Host {
    pub(crate) fn new(registry: &'static Registry, site: Arc<Site>, config: Config) -> Self {
        Self { registry, site: RwLock::new(site), config, progress: Progress::default() }
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
    /// An app that failed to load does not count: it is tried again when it is needed, and the others are there.
    pub(crate) fn obstacle(&self, site: &Site) -> Option<&'static str> {
        if self.progress.is_ending() {
            return Some("The host is ending.");
        }
        match site.linked.get() {
            None => Some("The assets are still being linked."),
            Some(Links { time: None, .. }) => Some("The assets could not be linked."),
            Some(_) if self.progress.start_time.get().is_none() => Some("The core apps are still being loaded."),
            Some(_) => None,
        }
    }
}

impl Progress {
    /// Notes that the host is ending.
    pub(crate) fn end(&self) {
        self.is_ending.store(true, Relaxed);
    }

    /// Whether the host is ending, so that a request is the last of its connection.
    pub(crate) fn is_ending(&self) -> bool {
        self.is_ending.load(Relaxed)
    }
}
