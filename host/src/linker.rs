//! Makes the links of a host: when it starts all but the lazy ones, and those of an app when somebody first needs them.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::link::{LinkError, LinkOptions, LinkPlan, Place, PlannedLink, Report, link};
use bakehouse_runtime::registry::Assets;
use bakehouse_runtime::table::AppRecord;
use bakehouse_runtime::{AppId, Table};
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::config::Config;
use crate::files;
use crate::report::{remarks, unlinked};
use crate::trouble::{Listener, Trouble};

/// Makes the links of a host, off the threads that answer.
pub(crate) struct Linker {
    table: Table<'static>,
    root: PathBuf,
    public: PathBuf,
    state: PathBuf,
    environment: Environment,
    listener: Listener,
    /// Where links are made. Who asks may be on a thread that knows no executor.
    runtime: Handle,
    /// Held while links are made: two runs must not write the ledger at the same time.
    turn: Mutex<()>,
    /// The last attempt for each app whose lazy assets somebody needed.
    attempts: Mutex<BTreeMap<AppId, Attempt>>,
    /// What was told last of an app's lazy assets: every request may ask for them, and the same again is not news.
    told: Mutex<BTreeMap<AppId, Vec<String>>>,
}

/// An attempt to link the lazy assets of an app: whether it went well, once it is over.
type Attempt = watch::Receiver<Option<bool>>;

impl Linker {
    /// A linker for the executor that this is called on.
    pub(crate) fn new(table: Table<'static>, config: &Config) -> Arc<Self> {
        let Config { root, public, state, environment, listener, .. } = config.clone();
        Arc::new(Self {
            table,
            root,
            public,
            state,
            environment,
            listener,
            runtime: Handle::current(),
            turn: Mutex::default(),
            attempts: Mutex::default(),
            told: Mutex::default(),
        })
    }

    /// What a registry asks for lazy assets.
    pub(crate) fn assets(self: &Arc<Self>) -> Assets {
        let linker = Arc::clone(self);
        Assets::new(move |app| {
            let linker = Arc::clone(&linker);
            Box::pin(async move { linker.see_to(app).await })
        })
    }

    /// Carries out the plan but for its lazy entries; gives what came of it and where files are served from.
    ///
    /// # Errors
    /// If the run was cut off.
    pub(crate) async fn link_at_start(self: &Arc<Self>) -> io::Result<(Result<Report, LinkError>, files::Place)> {
        let linker = Arc::clone(self);
        let task = self.runtime.spawn_blocking(move || {
            let LinkPlan { links, hash, .. } = LinkPlan::new(linker.table, &linker.environment);
            let outcome = linker.run(&links, hash, LinkOptions { defer_lazy: true, ..LinkOptions::default() });
            (outcome, files::Place::new(linker.public.clone(), linker.root.clone(), &links))
        });
        task.await.map_err(io::Error::other)
    }

    /// Sees that the lazy assets of an app that is on are linked. They are linked once, whoever asks and gives up
    /// meanwhile; a failure is told to the listener, once while it stays the same, and whoever asks next tries again.
    pub(crate) async fn see_to(self: &Arc<Self>, app: AppId) {
        let mut attempt = self.attempt(app);
        // One that ended without an answer is over too.
        let _ = attempt.wait_for(Option::is_some).await;
    }

    /// The attempt to wait for: the last one, unless it failed.
    fn attempt(self: &Arc<Self>, app: AppId) -> Attempt {
        let mut attempts = lock(&self.attempts);
        let last = attempts.get(&app).filter(|attempt| !has_failed(attempt));
        last.cloned().unwrap_or_else(|| {
            let attempt = self.begin(app);
            attempts.insert(app, attempt.clone());
            attempt
        })
    }

    fn begin(self: &Arc<Self>, app: AppId) -> Attempt {
        let (tell, attempt) = watch::channel(None);
        let linker = Arc::clone(self);
        self.runtime.spawn_blocking(move || {
            let is_fine = linker.link_lazy(app);
            // Nobody may wait any more.
            let _ = tell.send(Some(is_fine));
        });
        attempt
    }

    /// Links the lazy assets of an app. Says whether they are in place now; why not, the listener is told.
    fn link_lazy(&self, app: AppId) -> bool {
        let app = self.table.app(app);
        let links: Vec<_> = app.links().filter(|link| link.lazy).collect();
        // The hash of a plan is not noted by a run for a part of it.
        let outcome = self.run(&links, 0, LinkOptions { partial: true, ..LinkOptions::default() });
        let (is_fine, causes) = match &outcome {
            Ok(report) => (report.is_fine(), remarks(report)),
            Err(error) => (false, vec![unlinked(error)]),
        };
        self.tell(app, causes);
        is_fine
    }

    fn tell(&self, app: AppRecord<'static>, causes: Vec<String>) {
        let before = lock(&self.told).insert(app.id(), causes.clone()).unwrap_or_default();
        if causes.is_empty() || causes == before {
            return;
        }
        let message = format!("the lazy assets of app `{}` were not linked as planned", app.slug());
        self.listener.tell(&Trouble { app: Some(app.slug()), request: None, message, causes });
    }

    fn run(&self, links: &[PlannedLink<'static>], hash: u64, options: LinkOptions) -> Result<Report, LinkError> {
        let place = Place { root: &self.root, public: &self.public, state: &self.state };
        let options = LinkOptions { mode: self.environment.link, ..options };
        let _turn = lock(&self.turn);
        link(links, |app| self.table.app(app).slug(), hash, &place, &options)
    }
}

/// Whether an attempt is over and did not go well; one that panicked or was cut off never answers.
fn has_failed(attempt: &Attempt) -> bool {
    let answer = *attempt.borrow();
    answer.map_or_else(|| attempt.has_changed().is_err(), |is_fine| !is_fine)
}

/// A run that panicked leaves what a killed one leaves, and that the next one can go on from.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
