//! What every request of a running host shares.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use bakehouse_runtime::registry::{Edition, State};
use bakehouse_runtime::table::AppRecord;
use bakehouse_sdk::{Context, DynApp};

use crate::catalog::Catalog;
use crate::config::Config;
use crate::counters::Counters;
use crate::files::Place;
use crate::linker::Linker;
use crate::progress::Progress;

/// A host that is up or coming up.
pub(crate) struct Host {
    pub(crate) site: Site,
    pub(crate) config: Config,
    pub(crate) progress: Progress,
    pub(crate) counters: Counters,
    /// When it was started.
    pub(crate) began: Instant,
}

/// The apps of a host, as long as its registry goes by one table.
pub(crate) type Apps = Edition<'static, dyn DynApp, Context>;

/// What a host knows by its table.
pub(crate) struct Site {
    pub(crate) edition: Apps,
    pub(crate) catalog: Catalog,
    pub(crate) place: Arc<Place>,
    pub(crate) links: Arc<Linker>,
}

impl Host {
    /// Why the host is not ready; none if it is.
    ///
    /// It is ready once its critical assets are in place and each core app was loaded.
    pub(crate) fn obstacle(&self) -> Option<Cow<'static, str>> {
        if self.progress.is_ending() {
            return Some("The host is ending.".into());
        }
        self.progress.lacking_assets().map(Cow::Borrowed).or_else(|| self.lacking_app())
    }

    /// What is wrong with a core app; why is for whoever runs the host.
    fn lacking_app(&self) -> Option<Cow<'static, str>> {
        let edition = self.site.edition;
        let mut core = edition.table().with_code().map(|app| edition.table().app(app)).filter(|app| app.is_core());
        let app = core.find(|app| edition.is_on(*app) && !self.was_loaded(*app))?;
        if self.progress.load_time.get().is_some() || edition.state(app.id()) == State::Failed {
            return Some(format!("The core app `{}` could not be loaded so far.", app.slug()).into());
        }
        Some("The core apps are still being loaded.".into())
    }

    fn was_loaded(&self, app: AppRecord<'static>) -> bool {
        self.site.edition.metrics_of(app.id()).is_none_or(|counted| counted.loads > 0)
    }
}
