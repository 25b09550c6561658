//! What every request of a running host shares.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bakehouse_sdk::Registry;
use serde_json::Value;

use crate::catalog::Catalog;
use crate::config::Config;
use crate::event::Linked;
use crate::files::Place;
use crate::linker::Linker;

/// A host that is up or coming up.
pub(crate) struct Host {
    pub(crate) registry: &'static Registry,
    pub(crate) site: Site,
    pub(crate) config: Config,
    pub(crate) progress: Progress,
}

/// What a host knows by its table.
pub(crate) struct Site {
    pub(crate) catalog: Catalog,
    pub(crate) place: Arc<Place>,
    pub(crate) links: Arc<Linker>,
}

/// How far the start has come, as far as somebody may ask for it later, and whether the end has begun.
#[derive(Default)]
pub(crate) struct Progress {
    /// What came of the link plan.
    pub(crate) links: OnceLock<Links>,
    /// How long the core apps took together.
    pub(crate) load_time: OnceLock<Duration>,
    /// How long the whole start took.
    pub(crate) start_time: OnceLock<Duration>,
    is_ending: AtomicBool,
}

/// What came of the link plan, as far as somebody may ask for it later.
pub(crate) struct Links {
    /// As `/metrics` shows it.
    pub(crate) shown: Value,
    /// How long the linker took; none if it could do nothing.
    pub(crate) time: Option<Duration>,
}

impl Links {
    pub(crate) fn of(linked: &Linked) -> Self {
        Self { shown: linked.to_json(), time: linked.outcome.as_ref().ok().map(|report| report.elapsed) }
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

    /// Why the host is not ready; none if it is.
    ///
    /// An app that failed to load does not count: it is tried again when it is needed, and the others are there.
    pub(crate) fn obstacle(&self) -> Option<&'static str> {
        if self.is_ending() {
            return Some("The host is ending.");
        }
        match self.links.get() {
            None => Some("The assets are still being linked."),
            Some(Links { time: None, .. }) => Some("The assets could not be linked."),
            Some(_) if self.start_time.get().is_none() => Some("The core apps are still being loaded."),
            Some(_) => None,
        }
    }
}
