//! A host whose apps are counted while they live.

use std::sync::{Arc, Mutex};

use bakehouse_runtime::AppId;
use bakehouse_runtime::registry::{AppMetrics, Constructor, Loaded, Registry, Slot, StartOptions, State};
use bakehouse_runtime::table::AppRecord;

use crate::image::{App, table};

/// An app that tells when it is dropped, and panics then if it is `mad`.
pub(crate) struct Counted {
    pub(crate) slug: &'static str,
    life: Arc<Life>,
}

/// Who was made and who was dropped, in order.
#[derive(Default)]
pub(crate) struct Life {
    made: Mutex<Vec<&'static str>>,
    dropped: Mutex<Vec<&'static str>>,
}

type Job = (&'static str, Arc<Life>);

pub(crate) struct Host {
    pub(crate) registry: &'static Registry<Counted, Job>,
    life: Arc<Life>,
}

impl Counted {
    fn new((slug, life): Job) -> Self {
        life.made.lock().unwrap().push(slug);
        Self { slug, life }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.life.dropped.lock().unwrap().push(self.slug);
        assert!(self.slug != "mad", "no mind to go");
    }
}

/// A started host whose apps all load.
pub(crate) fn host(apps: &[App], options: StartOptions) -> Host {
    let with_code = apps.iter().filter(|app| !app.entry.is_empty());
    let constructor = |app: &App| Constructor {
        slug: app.slug,
        entry: app.entry.clone().leak(),
        construct: |job: Job| Box::pin(async { Ok(Box::new(Counted::new(job))) }),
    };
    let constructors: Vec<Constructor<Counted, Job>> = with_code.map(constructor).collect();
    let slots: Vec<_> = constructors.iter().map(|_| Slot::new()).collect();
    let registry: &'static _ = Box::leak(Box::new(Registry::new(table(apps), constructors.leak(), slots.leak())));
    let life = Arc::new(Life::default());
    let lives = Arc::clone(&life);
    registry.start(move |app| (app.slug(), Arc::clone(&lives)), options).unwrap();
    Host { registry, life }
}

impl Host {
    pub(crate) fn id(&self, slug: &str) -> AppId {
        self.registry.table().resolve(slug).unwrap().id()
    }

    pub(crate) fn load(&self, slug: &str) -> Loaded<Counted> {
        self.registry.load_blocking(self.id(slug)).unwrap()
    }

    pub(crate) fn unload(&self, slug: &str) -> bool {
        self.registry.unload(self.id(slug))
    }

    pub(crate) fn metrics(&self, slug: &str) -> AppMetrics {
        self.registry.metrics_of(self.id(slug)).unwrap()
    }

    /// The slugs of the apps that are loaded.
    pub(crate) fn loaded(&self) -> Vec<&'static str> {
        let apps = self.registry.table().apps().filter(|app| self.registry.state(app.id()) == State::Loaded);
        apps.map(AppRecord::slug).collect()
    }

    pub(crate) fn made(&self) -> Vec<&'static str> {
        self.life.made.lock().unwrap().clone()
    }

    pub(crate) fn dropped(&self) -> Vec<&'static str> {
        self.life.dropped.lock().unwrap().clone()
    }
}
