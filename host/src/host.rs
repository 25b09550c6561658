//! What every request of a running host shares.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bakehouse_sdk::Registry;

use crate::catalog::Catalog;
use crate::event::{Linked, Loaded, StartReport};
use crate::files::Place;
use crate::trouble::Listener;

/// A host that is up or coming up.
pub(crate) struct Host {
    pub(crate) registry: &'static Registry,
    pub(crate) catalog: Catalog,
    pub(crate) place: Arc<Place>,
    /// The longest body of a request that an app is given, in bytes.
    pub(crate) body_limit: usize,
    pub(crate) listener: Listener,
    pub(crate) progress: Progress,
}

/// How far the start has come.
pub(crate) struct Progress {
    pub(crate) began: Instant,
    pub(crate) linked: Arc<Linked>,
    pub(crate) loaded: OnceLock<Arc<Loaded>>,
    /// How long the whole start took.
    pub(crate) ready: OnceLock<Duration>,
}

impl Progress {
    /// Notes that the core apps have been loaded, as far as they could be, and that nothing more is to be waited for.
    pub(crate) fn finish(&self, registry: &Registry, loaded: &Arc<Loaded>, addr: SocketAddr) -> StartReport {
        let loaded = self.loaded.get_or_init(|| Arc::clone(loaded));
        let elapsed = *self.ready.get_or_init(|| self.began.elapsed());
        StartReport {
            host: registry.table().host_name(),
            n_apps: registry.table().n_apps(),
            n_routes: registry.table().n_routes(),
            linked: Arc::clone(&self.linked),
            loaded: Arc::clone(loaded),
            addr,
            elapsed,
        }
    }

    /// Why the host is not ready; none if it is.
    ///
    /// An app that failed to load does not count: it is tried again when it is needed, and the others are there.
    pub(crate) fn obstacle(&self) -> Option<&'static str> {
        if self.linked.outcome.is_err() {
            Some("The assets could not be linked.")
        } else if self.ready.get().is_none() {
            Some("The core apps are still being loaded.")
        } else {
            None
        }
    }
}
