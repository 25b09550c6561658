//! Loads apps: each when it is first needed, once, after all that it requires.
//!
//! Input: a table, and the constructors and slots that the bake has put into the binary. Output: apps that live in
//! their slots. A registry is generic over what an app is (`A`) and over what its constructor takes (`C`), and it knows
//! no executor: whoever waits for a load, polls it.
//!
//! Rules
//! 1. Nothing of an app runs before it is first needed. Then what it requires loads first, in the baked order.
//! 2. A load happens once. Who comes while it is under way waits for it, and drives it if nobody else does.
//! 3. A constructor that fails or panics fails for all who wait for it. For a while, 100 ms and twice as long after
//!    each further failure up to 30 s, a call answers with that error; the next one after that tries again. One that takes
//!    longer than the host's [`TimeLimit`] fails too.
//! 4. A constructor that awaits its own app, or one that requires it, gets an error: it would wait for itself. So does
//!    what it awaits in turn. That is not seen through a task that it spawns, a blocking load, or another constructor.
//! 5. A loaded app is lent: for a call ([`Handle::with`]), or with a guard that can be kept across an await ([`Loaded`]).
//!    Neither slows another thread that does the same.
//! 6. An app goes when the registry lets go of it and its last user does: after [`Registry::unload`], or when a host
//!    limits how many are loaded and this one was idle for the longest time. The next call loads it anew.
//! 7. A host may go by another table from one moment to the next ([`Registry::swap`]). What did not change keeps running.
//! 8. Where an app has lazy assets, its load ends when they are seen to, and so does each entering of its routes.

// No lock is held while code of an app, of a context or of an executor runs or is dropped: see `flight`.

mod asker;
mod assets;
mod attempt;
mod backoff;
mod bind;
mod counts;
mod dates;
mod edition;
mod enter;
mod error;
mod flight;
mod handle;
mod join;
mod limit;
mod loaded;
mod metrics;
#[cfg(all(loom, test))]
mod models;
mod names;
#[cfg_attr(all(loom, test), path = "models/number.rs")]
mod number;
mod observe;
mod options;
mod place;
mod published;
mod requires;
mod slot;
mod start_error;
mod startup;
mod state;
mod swap;
mod sync;
mod terms;
mod users;
mod wait;
mod waiting;
mod why;

pub use assets::Assets;
pub use bind::Constructor;
pub use edition::Edition;
pub use enter::{Entered, Entry};
pub use error::LoadError;
pub use handle::Handle;
pub use loaded::Loaded;
pub use metrics::AppMetrics;
pub use observe::{Ended, Observer};
pub use options::{StartOptions, TimeLimit};
pub use slot::Slot;
pub use start_error::StartError;
pub use state::State;
pub use swap::Swapped;
pub use wait::block_on;
pub use why::{LastLoad, Why};

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::table::AppRecord;
use crate::{AppId, Method, Table};
use published::Published;
use sync::{Mutex, lock};
use terms::Terms;

/// A future that can be sent to another thread.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Any error.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// What loads the apps of a host. A host has one, in a static.
///
/// What can be asked of an [`Edition`] can be asked of it as well, and is then asked of the one in force.
pub struct Registry<A: ?Sized + 'static, C: 'static> {
    /// That of the binary.
    table: Table<'static>,
    constructors: &'static [Constructor<A, C>],
    /// One a constructor, in their order.
    slots: &'static [Slot<A>],
    /// Those in force; none before the start.
    terms: Published<Terms<C>>,
    /// Held by who changes them.
    turn: Mutex<()>,
}

impl<A: ?Sized + Send + Sync + 'static, C: 'static> Registry<A, C> {
    /// A registry for the apps of a table. `slots` has one slot a constructor, in the same order.
    #[cfg(not(all(loom, test)))]
    pub const fn new(
        table: Table<'static>,
        constructors: &'static [Constructor<A, C>],
        slots: &'static [Slot<A>],
    ) -> Self {
        Self { table, constructors, slots, terms: Published::none(), turn: Mutex::new(()) }
    }

    /// Binds the constructors to the apps of the table. Until then, nothing loads.
    ///
    /// `context` makes what a constructor takes; it is called for each attempt to load an app. A constructor that the
    /// table does not name is left alone.
    ///
    /// # Errors
    ///
    /// If the table names an entry that the binary lacks, or if the registry was started before.
    pub fn start(
        &self,
        context: impl Fn(AppRecord<'static>) -> C + Send + Sync + 'static,
        options: StartOptions,
    ) -> Result<(), StartError> {
        self.start_with(self.table, context, options)
    }

    /// As [`Registry::start`], but goes by another table than that of the binary.
    ///
    /// # Errors
    ///
    /// As [`Registry::start`].
    pub fn start_with(
        &self,
        table: Table<'static>,
        context: impl Fn(AppRecord<'static>) -> C + Send + Sync + 'static,
        options: StartOptions,
    ) -> Result<(), StartError> {
        if self.constructors.len() != self.slots.len() {
            return Err(StartError::slots(self.constructors.len(), self.slots.len()));
        }
        let _turn = lock(&self.turn);
        if self.terms.get().is_some() {
            return Err(StartError::already_started());
        }
        let terms = Terms::new(1, table, self.constructors, Arc::new(context), options)?;
        self.terms.set(Box::leak(Box::new(terms)));
        Ok(())
    }

    /// The apps as they are now; `None` before the registry is started.
    #[inline]
    pub fn edition(&self) -> Option<Edition<'_, A, C>> {
        Some(Edition { registry: self, terms: self.terms.get()? })
    }

    /// The table in force; before the registry is started, that of the binary.
    pub fn table(&self) -> Table<'static> {
        self.terms.get().map_or(self.table, |terms| terms.table)
    }

    /// The app, loaded if it is not, after all that it requires.
    ///
    /// # Errors
    ///
    /// As [`Edition::load_for`], and if the registry was not started.
    pub async fn load(&self, app: AppId) -> Result<Loaded<A>, LoadError> {
        self.load_for(app, Why::Call).await
    }

    /// As [`Edition::load_for`].
    ///
    /// # Errors
    ///
    /// As [`Registry::load`].
    pub async fn load_for(&self, app: AppId, why: Why) -> Result<Loaded<A>, LoadError> {
        self.started(app)?.load_for(app, why).await
    }

    /// As [`Edition::load_named`].
    ///
    /// # Errors
    ///
    /// As [`Edition::load_named`], and if the registry was not started.
    pub async fn load_named(&self, name: &str, why: Why) -> Result<Loaded<A>, LoadError> {
        let edition = self.edition().ok_or_else(|| LoadError::not_started(name))?;
        edition.load_named(name, why).await
    }

    /// The app, as [`Registry::load`] gives it; parks the thread meanwhile.
    ///
    /// Not for a thread that runs async tasks, nor for a constructor: what the load waits for may be waiting for that
    /// very thread.
    ///
    /// # Errors
    ///
    /// As [`Registry::load`].
    pub fn load_blocking(&self, app: AppId) -> Result<Loaded<A>, LoadError> {
        self.started(app)?.load_blocking(app, Why::Call)
    }

    /// As [`Edition::loaded`].
    pub fn loaded(&self, app: AppId) -> Option<Loaded<A>> {
        self.edition()?.loaded(app)
    }

    /// As [`Edition::load_time`].
    pub fn load_time(&self, app: AppId) -> Option<Duration> {
        self.edition()?.load_time(app)
    }

    /// As [`Edition::load_core`]; nothing before the registry is started.
    pub async fn load_core(&self) -> Vec<(AppId, Result<Duration, LoadError>)> {
        match self.edition() {
            Some(edition) => edition.load_core().await,
            None => Vec::new(),
        }
    }

    /// As [`Edition::enter`]; before the registry is started, no app answers.
    pub async fn enter<'p>(&self, method: Method, path: &'p [u8]) -> Entered<'p, A> {
        match self.edition() {
            Some(edition) => edition.enter(method, path).await,
            None => Entered::Nothing,
        }
    }

    /// As [`Edition::unload`].
    pub fn unload(&self, app: AppId) -> bool {
        self.edition().is_some_and(|edition| edition.unload(app))
    }

    /// As [`Edition::state`]; [`State::Idle`] before the registry is started.
    pub fn state(&self, app: AppId) -> State {
        self.edition().map_or(State::Idle, |edition| edition.state(app))
    }

    /// As [`Edition::metrics`]; nothing before the registry is started.
    pub fn metrics(&self) -> Vec<AppMetrics> {
        self.edition().map(Edition::metrics).unwrap_or_default()
    }

    /// As [`Edition::metrics_of`].
    pub fn metrics_of(&self, app: AppId) -> Option<AppMetrics> {
        self.edition()?.metrics_of(app)
    }

    /// The app of that slug or alias, if it has code. `None` too before the registry is started.
    #[inline]
    pub fn named(&'static self, name: &str) -> Option<Handle<A, C>> {
        Some(Handle::new(self, self.terms.get()?.named(name)?))
    }

    /// The typed function of an app: `idx` is the place of its constructor.
    ///
    /// # Panics
    ///
    /// If there is no constructor at `idx`.
    #[track_caller]
    pub fn handle(&'static self, idx: usize) -> Handle<A, C> {
        Handle::new(self, idx)
    }

    fn started(&self, app: AppId) -> Result<Edition<'_, A, C>, LoadError> {
        self.edition().ok_or_else(|| LoadError::not_started(self.table.app(app).slug()))
    }
}

impl<A: ?Sized, C> fmt::Debug for Registry<A, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_started = self.terms.get().is_some();
        f.debug_struct("Registry").field("started", &is_started).field("slots", &self.slots).finish_non_exhaustive()
    }
}
