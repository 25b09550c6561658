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
//! 7. Where an app has lazy assets, its load ends when they are seen to, and so does each entering of its routes.

// No lock is held while code of an app, of a context or of an executor runs or is dropped: see `flight`.

mod asker;
mod assets;
mod attempt;
mod backoff;
mod bind;
mod counts;
mod dates;
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
mod options;
mod place;
mod requires;
mod slot;
mod start_error;
mod startup;
mod state;
mod sync;
mod users;
mod wait;
mod waiting;

pub use assets::Assets;
pub use bind::Constructor;
pub use enter::{Entered, Entry};
pub use error::LoadError;
pub use handle::Handle;
pub use loaded::Loaded;
pub use metrics::AppMetrics;
pub use options::{StartOptions, TimeLimit};
pub use slot::Slot;
pub use start_error::StartError;
pub use state::State;
pub use wait::block_on;

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::table::AppRecord;
use crate::{AppId, Table, environment, sorted};
use bind::Binding;
use limit::Limit;
use names::Names;
use place::Place;
use requires::Requires;
use waiting::Landed;

/// A future that can be sent to another thread.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Any error.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// What loads the apps of a host. A host has one, in a static.
pub struct Registry<A: ?Sized + 'static, C: 'static> {
    table: Table<'static>,
    constructors: &'static [Constructor<A, C>],
    /// One a constructor, in their order.
    slots: &'static [Slot<A>],
    started: OnceLock<Started<C>>,
}

/// What a registry knows once it is started.
struct Started<C> {
    binding: Binding,
    /// Made when a name is first looked up.
    names: OnceLock<Names>,
    context: Arc<dyn Fn(AppRecord<'static>) -> C + Send + Sync>,
    eager: bool,
    /// Sorted, one an app.
    flags: Vec<(AppId, bool)>,
    assets: Option<Assets>,
    limit: Option<Limit>,
    time_limit: Option<TimeLimit>,
}

impl<A: ?Sized + Send + Sync + 'static, C: 'static> Registry<A, C> {
    /// A registry for the apps of a table. `slots` has one slot a constructor, in the same order.
    pub const fn new(
        table: Table<'static>,
        constructors: &'static [Constructor<A, C>],
        slots: &'static [Slot<A>],
    ) -> Self {
        Self { table, constructors, slots, started: OnceLock::new() }
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
        if self.constructors.len() != self.slots.len() {
            return Err(StartError::slots(self.constructors.len(), self.slots.len()));
        }
        let binding = Binding::new(self.table, self.constructors)?;
        let mut flags = Vec::new();
        for (app, is_on) in options.flags {
            sorted::insert(&mut flags, app, is_on);
        }
        let StartOptions { eager, assets, time_limit, .. } = options;
        let limit = options.max_loaded.map(Limit::new);
        let (context, names) = (Arc::new(context), OnceLock::new());
        let started = Started { binding, names, context, eager, flags, assets, limit, time_limit };
        self.started.set(started).map_err(|_| StartError::already_started())
    }

    /// The table.
    pub fn table(&self) -> Table<'static> {
        self.table
    }

    /// The app, loaded if it is not, after all that it requires.
    ///
    /// # Errors
    ///
    /// If its constructor fails, now or so recently that it is not tried again yet, if one that it requires is not
    /// there, and if there is nothing to load: see the predicates of [`LoadError`].
    pub async fn load(&self, app: AppId) -> Result<Loaded<A>, LoadError> {
        if let Some(loaded) = self.loaded(app) {
            return Ok(loaded);
        }
        let record = self.record(app)?;
        let place = self.place(record)?;
        let required = self.load_required(app).await?;
        let landed = self.construct(record, place).await;
        drop(required);
        self.finish(landed)
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
        wait::block_on(self.load(app))
    }

    /// The app if it is loaded.
    pub fn loaded(&self, app: AppId) -> Option<Loaded<A>> {
        self.slot(app)?.loaded()
    }

    /// How long the load of the app took, from the call of its constructor; `None` if it is not loaded.
    pub fn load_time(&self, app: AppId) -> Option<Duration> {
        self.slot(app)?.took()
    }

    /// The app of that slug or alias, if it has code. `None` too before the registry is started.
    #[inline]
    pub fn named(&'static self, name: &str) -> Option<Handle<A, C>> {
        let started = self.started.get()?;
        let names = started.names.get_or_init(|| Names::new(self.table, &started.binding));
        Some(Handle::new(self, names.get(name)?))
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

    fn record(&self, app: AppId) -> Result<AppRecord<'static>, LoadError> {
        let is_known = usize::try_from(app.0).is_ok_and(|number| number < self.table.n_apps());
        if is_known { Ok(self.table.app(app)) } else { Err(LoadError::not_in_table(format!("#{}", app.0))) }
    }

    fn slot(&self, app: AppId) -> Option<&'static Slot<A>> {
        self.slots.get(self.started.get()?.binding.constructor(app)?)
    }

    /// Where an app is made, if it can be.
    fn place(&self, app: AppRecord<'static>) -> Result<Place<'_, A, C>, LoadError> {
        let started = self.started.get().ok_or_else(|| LoadError::not_started(app.slug()))?;
        if !started.is_on(app) {
            return Err(LoadError::off(app.slug()));
        }
        let idx = started.binding.constructor(app.id());
        let place = idx.and_then(|idx| Some((self.slots.get(idx)?, self.constructors.get(idx)?)));
        let (slot, constructor) = place.ok_or_else(|| LoadError::declarative(app.slug()))?;
        Ok(Place { started, slot, constructor })
    }

    /// Loads what an app requires. In use as long as the caller likes, so that it is there while the app is made.
    async fn load_required(&self, app: AppId) -> Result<Vec<Loaded<A>>, LoadError> {
        let requires = Requires::of(app, |app| self.requires(app));
        let mut loaded = Vec::new();
        for required in requires.in_order(self.table.load_order()) {
            match self.load_one(required).await {
                Ok(app) => loaded.extend(app),
                Err(error) => {
                    let chain = requires.chain(required).into_iter().map(|app| self.table.app(app).slug()).collect();
                    return Err(LoadError::required(chain, error));
                }
            }
        }
        Ok(loaded)
    }

    /// The edges of an app; none for a number that a wrong table made up.
    fn requires(&self, app: AppId) -> Vec<AppId> {
        self.record(app).map(|record| record.requires().collect()).unwrap_or_default()
    }

    /// Loads a required app whose own requirements are met. One without code is there, but there is nothing to use.
    async fn load_one(&self, app: AppId) -> Result<Option<Loaded<A>>, LoadError> {
        let record = self.record(app)?;
        match self.place(record) {
            Ok(place) => self.finish(self.construct(record, place).await).map(Some),
            Err(error) if error.is_declarative() => {
                self.see_to_assets(record).await;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Sees that the lazy assets of an app are in place.
    async fn see_to_assets(&self, app: AppRecord<'static>) {
        if let Some(assets) = self.started.get().and_then(|started| started.assets(app)) {
            assets.see_to(app.id()).await;
        }
    }

    async fn construct(&self, app: AppRecord<'static>, place: Place<'_, A, C>) -> Landed<A> {
        place.slot.load(app.slug(), Instant::now, || place.work(app)).await
    }

    /// One of those who waited for a load sees that not too many apps are loaded now.
    fn finish(&self, landed: Landed<A>) -> Result<Loaded<A>, LoadError> {
        if landed.is_driver {
            self.keep_to_limit();
        }
        landed.result
    }
}

impl<C> Started<C> {
    fn is_on(&self, app: AppRecord<'_>) -> bool {
        environment::is_on(&self.flags, app)
    }

    /// What sees to the app's lazy assets; none where there is nothing to see to.
    fn assets(&self, app: AppRecord<'_>) -> Option<&Assets> {
        self.assets.as_ref().filter(|_| app.has_lazy_links() && self.is_on(app))
    }
}

impl<A: ?Sized, C> fmt::Debug for Registry<A, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_started = self.started.get().is_some();
        f.debug_struct("Registry").field("started", &is_started).field("slots", &self.slots).finish_non_exhaustive()
    }
}
