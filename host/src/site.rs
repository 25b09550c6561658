//! What a host knows by its table. A swap replaces all of it at once; a request goes by what it found.

use std::borrow::Cow;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bakehouse_runtime::link::LinkPlan;
use bakehouse_runtime::registry::{LoadError, State, Why};
use bakehouse_runtime::table::AppRecord;
use bakehouse_sdk::Edition;
use tokio::task::JoinSet;

use crate::catalog::Catalog;
use crate::config::Config;
use crate::event::{Linked, Loaded};
use crate::files::Place;
use crate::linker::{Critical, Linker};
use crate::progress::{AssetProgress, LinkMetrics};
use crate::warm_up;

/// What a host knows by its table.
pub(crate) struct Site {
    pub(crate) edition: Edition,
    pub(crate) catalog: Catalog,
    pub(crate) place: Arc<Place>,
    pub(crate) links: Arc<Linker>,
    pub(crate) assets: AssetProgress,
    /// Set when each core app was tried.
    has_tried_core: AtomicBool,
    /// What tries core apps again and what warms apps up, as long as the host goes by this site.
    background: Mutex<JoinSet<()>>,
}

/// What is left of a link plan when the critical entries are in place.
pub(crate) struct Rest {
    plan: LinkPlan<'static>,
    critical: Critical,
}

impl Site {
    /// The site of an edition, whose critical assets are linked as far as they could be.
    pub(crate) fn new(edition: Edition, links: Arc<Linker>, rest: &Rest) -> Self {
        Self {
            edition,
            catalog: Catalog::new(edition),
            place: Arc::new(links.place(&rest.plan)),
            links,
            assets: AssetProgress::new(rest.critical.is_fine),
            has_tried_core: AtomicBool::new(false),
            background: Mutex::default(),
        }
    }

    /// Links all other assets but the lazy ones.
    ///
    /// # Errors
    /// If the run was cut off.
    pub(crate) async fn link_rest(&self, rest: Rest, began: Instant) -> io::Result<Arc<Linked>> {
        let outcome = self.links.link_rest(rest.plan, rest.critical).await?;
        let linked = Arc::new(Linked { outcome, elapsed: began.elapsed() });
        self.assets.links.get_or_init(|| LinkMetrics::of(&linked));
        Ok(linked)
    }

    /// Loads the core apps in a task of their own, since their constructors may not give way as they should. The task
    /// begins at once.
    pub(crate) fn load_core(&self, began: Instant) -> impl Future<Output = io::Result<Arc<Loaded>>> {
        let (edition, from) = (self.edition, Instant::now());
        let task = tokio::spawn(async move {
            let results = edition.load_core().await;
            (results, from.elapsed())
        });
        async move {
            let (results, took) = task.await.map_err(io::Error::other)?;
            self.has_tried_core.store(true, Relaxed);
            let slug = |app| edition.table().app(app).slug();
            let apps = results.into_iter().map(|(app, result)| (slug(app), result)).collect();
            Ok(Arc::new(Loaded { apps, took, elapsed: began.elapsed() }))
        }
    }

    /// Tries the core apps again that failed to load, each when its next attempt is due, until they are there. A host is not
    /// ready without them, and nobody else may ask for them.
    pub(crate) fn retry(&self, failed: Vec<(&'static str, LoadError)>) {
        let edition = self.edition;
        let is_core = |slug| edition.table().resolve(slug).is_some_and(AppRecord::is_core);
        let mut background = self.background();
        for (slug, error) in failed.into_iter().filter(|(slug, _)| is_core(slug)) {
            background.spawn(retry_app(edition, slug, error));
        }
    }

    /// Loads the apps that were used most before somebody needs them.
    pub(crate) fn warm_up(&self, config: &Config) {
        self.background().spawn(warm_up::run(self.edition, config.max_loaded, config.listener.clone()));
    }

    /// Begins nothing more by itself, since the host ends.
    pub(crate) fn rest(&self) {
        self.background().abort_all();
    }

    /// Begins and links nothing more, since the host goes by another site from now on.
    pub(crate) fn retire(&self) {
        self.links.retire();
        self.rest();
    }

    fn background(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.background.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is wrong with a core app; why is for whoever runs the host.
    pub(crate) fn lacking_app(&self) -> Option<Cow<'static, str>> {
        let edition = self.edition;
        let mut core = edition.table().with_code().map(|app| edition.table().app(app)).filter(|app| app.is_core());
        let app = core.find(|app| edition.is_on(*app) && !self.was_loaded(*app))?;
        if self.has_tried_core.load(Relaxed) || edition.state(app.id()) == State::Failed {
            return Some(format!("The core app `{}` could not be loaded so far.", app.slug()).into());
        }
        Some("The core apps are still being loaded.".into())
    }

    fn was_loaded(&self, app: AppRecord<'static>) -> bool {
        self.edition.metrics_of(app.id()).is_none_or(|counted| counted.loads > 0)
    }
}

async fn retry_app(edition: Edition, slug: &'static str, mut error: LoadError) {
    while let Some(due) = error.retry_at() {
        tokio::time::sleep_until(due.into()).await;
        match edition.load_named(slug, Why::Start).await {
            Ok(_) => return,
            Err(next) => error = next,
        }
    }
}

impl Rest {
    /// Links what is critical; gives what is left.
    ///
    /// # Errors
    /// If the run was cut off.
    pub(crate) async fn after_critical(links: &Arc<Linker>) -> io::Result<Self> {
        let plan = links.plan();
        let critical = links.link_critical(&plan).await?;
        Ok(Self { plan, critical })
    }
}
