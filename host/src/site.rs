//! What a host knows by its table. A swap replaces all of it at once; a request goes by what it found.

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bakehouse_runtime::link::{LinkPlan, Report};
use bakehouse_sdk::Edition;
use serde_json::Value;

use crate::catalog::Catalog;
use crate::event::{Linked, Loaded};
use crate::files::Place;
use crate::linker::Linker;

/// What a host knows by its table.
pub(crate) struct Site {
    pub(crate) edition: Edition,
    pub(crate) catalog: Catalog,
    pub(crate) place: Arc<Place>,
    pub(crate) links: Arc<Linker>,
    /// What came of the link plan.
    pub(crate) linked: OnceLock<Links>,
}

/// What came of the link plan, as far as somebody may ask for it later.
pub(crate) struct Links {
    /// As `/metrics` shows it.
    pub(crate) shown: Value,
    /// How long the linker took; none if it could do nothing.
    pub(crate) time: Option<Duration>,
}

/// What is left of a link plan when the critical entries are in place.
pub(crate) struct Rest {
    plan: LinkPlan<'static>,
    critical: Option<Report>,
}

impl Site {
    /// The site of an edition, whose critical assets are linked.
    pub(crate) fn new(edition: Edition, links: Arc<Linker>, rest: &Rest) -> Self {
        let place = Arc::new(links.place(&rest.plan));
        Self { edition, catalog: Catalog::new(edition), place, links, linked: OnceLock::new() }
    }

    /// Links all other assets but the lazy ones.
    ///
    /// # Errors
    /// If the run was cut off.
    pub(crate) async fn link_rest(&self, rest: Rest, began: Instant) -> io::Result<Arc<Linked>> {
        let outcome = self.links.link_rest(rest.plan, rest.critical).await?;
        let linked = Arc::new(Linked { outcome, elapsed: began.elapsed() });
        self.linked.get_or_init(|| Links::of(&linked));
        Ok(linked)
    }

    /// Loads the core apps in a task of their own, since their constructors may not give way as they should. The task
    /// begins at once.
    pub(crate) fn load_core(&self, began: Instant) -> impl Future<Output = io::Result<Arc<Loaded>>> + use<> {
        let (edition, from) = (self.edition, Instant::now());
        let task = tokio::spawn(async move {
            let results = edition.load_core().await;
            (results, from.elapsed())
        });
        async move {
            let (results, took) = task.await.map_err(io::Error::other)?;
            let slug = |app| edition.table().app(app).slug();
            let apps = results.into_iter().map(|(app, result)| (slug(app), result)).collect();
            Ok(Arc::new(Loaded { apps, took, elapsed: began.elapsed() }))
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

impl Links {
    fn of(linked: &Linked) -> Self {
        Self { shown: linked.to_json(), time: linked.outcome.as_ref().ok().map(|report| report.elapsed) }
    }
}
