//! Makes the links of a host: the critical ones before it answers, then all others but the lazy ones, and those of an app
//! when somebody first needs them.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::link::{LinkError, LinkOptions, LinkPlan, Outcome, Place, PlannedLink, Report, link};
use bakehouse_runtime::registry::Assets;
use bakehouse_runtime::table::AppRecord;
use bakehouse_runtime::{AppId, Table};
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::config::Config;
use crate::files;
use crate::report::{remarks, unlinked};
use crate::trace;
use crate::trouble::{Listener, Trouble};

/// Makes the links of a host by one table, off the threads that answer.
pub(crate) struct Linker {
    table: Table<'static>,
    environment: Environment,
    bench: Arc<Bench>,
    /// The last attempt for each app whose lazy assets somebody needed.
    attempts: Mutex<BTreeMap<AppId, Attempt>>,
    /// Whether the run of the start is over, however it ended.
    is_settled: watch::Sender<bool>,
    /// Whether another linker has taken over, which knows what is to be linked now.
    is_retired: AtomicBool,
    /// What was told last of an app's lazy assets: every request may ask for them, and the same again is not news.
    told: Mutex<BTreeMap<AppId, Vec<String>>>,
}

/// What all linkers of a host work with.
struct Bench {
    root: PathBuf,
    public: PathBuf,
    state: PathBuf,
    listener: Listener,
    /// Where links are made. Who asks may be on a thread that knows no executor.
    runtime: Handle,
    /// Held while links are made: two runs must not write the ledger at the same time.
    turn: Mutex<()>,
}

/// What came of the critical assets.
pub(crate) struct Critical {
    /// None if there were none, or if nothing could be done.
    report: Option<Report>,
    /// Whether all of them are in place.
    pub(crate) is_fine: bool,
}

/// An attempt to link the lazy assets of an app: whether it went well, once it is over.
type Attempt = watch::Receiver<Option<bool>>;

impl Linker {
    /// A linker for the executor that this is called on.
    pub(crate) fn new(table: Table<'static>, config: &Config) -> Arc<Self> {
        let Config { root, public, state, environment, listener, .. } = config.clone();
        let bench = Bench { root, public, state, listener, runtime: Handle::current(), turn: Mutex::default() };
        Self::at(Arc::new(bench), table, environment)
    }

    /// The linker for another table, in the same folders.
    pub(crate) fn successor(&self, table: Table<'static>, environment: Environment) -> Arc<Self> {
        Self::at(Arc::clone(&self.bench), table, environment)
    }

    fn at(bench: Arc<Bench>, table: Table<'static>, environment: Environment) -> Arc<Self> {
        Arc::new(Self {
            table,
            environment,
            bench,
            attempts: Mutex::default(),
            is_settled: watch::Sender::new(false),
            is_retired: AtomicBool::new(false),
            told: Mutex::default(),
        })
    }

    /// Links nothing more for who goes by the table before.
    pub(crate) fn retire(&self) {
        self.is_retired.store(true, Relaxed);
    }

    /// What a registry asks for lazy assets. It keeps that for good, and the linker need not stay for it.
    pub(crate) fn assets(self: &Arc<Self>) -> Assets {
        let linker = Arc::downgrade(self);
        Assets::new(move |app| {
            let linker = linker.upgrade();
            Box::pin(async move {
                if let Some(linker) = linker {
                    linker.see_to(app).await;
                }
            })
        })
    }

    /// What is to be linked.
    pub(crate) fn plan(&self) -> LinkPlan<'static> {
        LinkPlan::new(self.table, &self.environment)
    }

    /// Where files are served from.
    pub(crate) fn place(&self, plan: &LinkPlan<'static>) -> files::Place {
        files::Place::new(self.bench.public.clone(), self.bench.root.clone(), &plan.links)
    }

    /// Links the critical entries of the plan, lazy ones too. What is wrong with them, the run for the rest will say.
    ///
    /// # Errors
    /// If the run was cut off.
    pub(crate) async fn link_critical(self: &Arc<Self>, plan: &LinkPlan<'static>) -> io::Result<Critical> {
        let critical: Vec<_> = plan.links.iter().filter(|link| link.critical).cloned().collect();
        if critical.is_empty() || self.environment.link_off {
            return Ok(Critical { report: None, is_fine: true });
        }
        let linker = Arc::clone(self);
        let run = move || linker.run(None, &critical, 0, LinkOptions { partial: true, ..LinkOptions::default() });
        let report = self.bench.runtime.spawn_blocking(run).await.map_err(io::Error::other)?.ok();
        let is_fine = report.as_ref().is_some_and(Report::is_fine);
        Ok(Critical { report, is_fine })
    }

    /// Carries out the plan but for its lazy entries; gives what came of it and of the `critical` run before.
    ///
    /// # Errors
    /// If the run was cut off.
    pub(crate) async fn link_rest(
        self: &Arc<Self>,
        plan: LinkPlan<'static>,
        critical: Critical,
    ) -> io::Result<Result<Report, LinkError>> {
        let linker = Arc::clone(self);
        let run = move || {
            let _settled = Settled(&linker.is_settled);
            if linker.environment.link_off {
                return Ok(untouched());
            }
            linker.run(None, &plan.links, plan.hash, LinkOptions { defer_lazy: true, ..LinkOptions::default() })
        };
        let outcome = self.bench.runtime.spawn_blocking(run).await.map_err(io::Error::other)?;
        Ok(outcome.map(|report| critical.report.into_iter().fold(report, after_critical)))
    }

    /// Waits until the run of the start is over, so that what it makes is there and what it takes away is not.
    pub(crate) async fn settled(&self) {
        // The sender is ours, so it is there as long as we wait.
        let _ = self.is_settled.subscribe().wait_for(|is_settled| *is_settled).await;
    }

    /// Whether the run of the start is over.
    pub(crate) fn is_settled(&self) -> bool {
        *self.is_settled.borrow()
    }

    /// Sees that the lazy assets of an app that is on are linked. They are linked once, whoever asks and gives up
    /// meanwhile; a failure is told to the listener, once while it stays the same, and whoever asks next tries again.
    pub(crate) async fn see_to(self: &Arc<Self>, app: AppId) {
        if self.environment.link_off || self.is_retired.load(Relaxed) {
            return;
        }
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
        self.bench.runtime.spawn_blocking(move || {
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
        let outcome = self.run(Some(app), &links, 0, LinkOptions { partial: true, ..LinkOptions::default() });
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
        self.bench.listener.tell(&Trouble { app: Some(app.slug()), request: None, message, causes });
    }

    /// Makes links, of one app or of all.
    fn run(
        &self,
        app: Option<AppRecord<'static>>,
        links: &[PlannedLink<'static>],
        hash: u64,
        options: LinkOptions,
    ) -> Result<Report, LinkError> {
        let place = Place { root: &self.bench.root, public: &self.bench.public, state: &self.bench.state };
        let options = LinkOptions { mode: self.environment.link, ..options };
        let _turn = lock(&self.bench.turn);
        let slug = |app| self.table.app(app).slug();
        trace::link(app.map(AppRecord::slug), || link(links, slug, hash, &place, &options))
    }
}

/// Says that the run of the start is over when it goes, though that may have panicked.
struct Settled<'l>(&'l watch::Sender<bool>);

impl Drop for Settled<'_> {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

/// The report of a run that was not to be.
fn untouched() -> Report {
    let mut report = Report::default();
    let note = "nothing is linked, because `BAKEHOUSE_LINK` is `off`: the public folder is served as it is";
    report.notes.push(note.to_owned());
    report
}

/// The report of the whole start: what the critical run made, the run after it found unchanged.
fn after_critical(mut report: Report, critical: Report) -> Report {
    report.elapsed += critical.elapsed;
    report.removed += critical.removed;
    report.kept.extend(critical.kept);
    report.notes.splice(..0, critical.notes);
    if report.conflicts.is_empty() {
        let n_made = critical.created + critical.replaced;
        report.created += critical.created;
        report.replaced += critical.replaced;
        report.unchanged = report.unchanged.saturating_sub(n_made);
        for made in critical.entries.iter().filter(|made| made.outcome != Outcome::Unchanged) {
            report
                .entries
                .iter_mut()
                .filter(|entry| entry.path == made.path)
                .for_each(|entry| entry.outcome = made.outcome);
        }
    }
    report
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
