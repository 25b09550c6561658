//! The apps of a registry under one table: how they are loaded, each after all that it requires.

use std::fmt;
use std::time::{Duration, Instant};

use super::attempt::Order;
use super::place::Place;
use super::requires::Requires;
use super::terms::Terms;
use super::waiting::Landed;
use super::{LoadError, Loaded, Registry, Slot, Why, wait};
use crate::table::AppRecord;
use crate::{AppId, Table};

/// The apps of a registry as they are from its start, or from a swap, to the next swap.
///
/// Numbers of apps mean something in one table only. Whoever does more than one thing with them takes an edition, and goes
/// by that all the while: what he finds there he can load there, even if another table is in force by then.
pub struct Edition<'r, A: ?Sized + 'static, C: 'static> {
    pub(super) registry: &'r Registry<A, C>,
    pub(super) terms: &'static Terms<C>,
}

impl<A: ?Sized + Send + Sync + 'static, C: 'static> Edition<'_, A, C> {
    /// The table.
    pub fn table(self) -> Table<'static> {
        self.terms.table
    }

    /// How manieth edition of its registry this is, from 1 on.
    pub fn number(self) -> u64 {
        self.terms.number
    }

    /// The app, loaded if it is not, after all that it requires; if it has to be loaded, that is why.
    ///
    /// # Errors
    ///
    /// If its constructor fails, now or so recently that it is not tried again yet, if one that it requires is not
    /// there, and if there is nothing to load: see the predicates of [`LoadError`].
    pub async fn load_for(self, app: AppId, why: Why) -> Result<Loaded<A>, LoadError> {
        self.load_because(app, || why).await
    }

    /// The app of that slug or alias, as [`Edition::load_for`] gives it.
    ///
    /// # Errors
    ///
    /// As [`Edition::load_for`], and if the table has no such app.
    pub async fn load_named(self, name: &str, why: Why) -> Result<Loaded<A>, LoadError> {
        match self.table().resolve(name) {
            Some(app) => self.load_for(app.id(), why).await,
            None => Err(LoadError::not_in_table(name)),
        }
    }

    /// As [`Edition::load_for`]; parks the thread meanwhile.
    pub(super) fn load_blocking(self, app: AppId, why: Why) -> Result<Loaded<A>, LoadError> {
        wait::block_on(self.load_for(app, why))
    }

    pub(super) async fn load_because(self, app: AppId, why: impl FnOnce() -> Why) -> Result<Loaded<A>, LoadError> {
        if let Some(loaded) = self.loaded(app) {
            return Ok(loaded);
        }
        let record = self.record(app)?;
        let place = self.place(record)?;
        let required = self.load_required(app).await?;
        let landed = self.construct(record, place, why()).await;
        drop(required);
        self.finish(landed)
    }

    /// The app if it is loaded.
    pub fn loaded(self, app: AppId) -> Option<Loaded<A>> {
        self.slot(app)?.loaded()
    }

    /// How long the load of the app took, from the call of its constructor; `None` if it is not loaded.
    pub fn load_time(self, app: AppId) -> Option<Duration> {
        self.slot(app)?.took()
    }

    /// Whether the app is on: what the host's flags say, or else its manifest.
    pub fn is_on(self, app: AppRecord<'_>) -> bool {
        self.terms.is_on(app)
    }

    pub(super) fn record(self, app: AppId) -> Result<AppRecord<'static>, LoadError> {
        let is_known = usize::try_from(app.0).is_ok_and(|number| number < self.table().n_apps());
        if is_known { Ok(self.table().app(app)) } else { Err(LoadError::not_in_table(format!("#{}", app.0))) }
    }

    pub(super) fn slot(self, app: AppId) -> Option<&'static Slot<A>> {
        self.registry.slots.get(self.terms.binding.constructor(app)?)
    }

    /// Where an app is made, if it can be.
    pub(super) fn place(self, app: AppRecord<'static>) -> Result<Place<A, C>, LoadError> {
        if !self.is_on(app) {
            return Err(LoadError::off(app.slug()));
        }
        let idx = self.terms.binding.constructor(app.id());
        let place = idx.and_then(|idx| Some((self.registry.slots.get(idx)?, self.registry.constructors.get(idx)?)));
        let (slot, constructor) = place.ok_or_else(|| LoadError::declarative(app.slug()))?;
        Ok(Place { terms: self.terms, slot, constructor })
    }

    /// Loads what an app requires. In use as long as the caller likes, so that it is there while the app is made.
    async fn load_required(self, app: AppId) -> Result<Vec<Loaded<A>>, LoadError> {
        let requires = Requires::of(app, |app| self.requires(app));
        let mut loaded = Vec::new();
        let slug = |app| self.table().app(app).slug();
        for required in requires.in_order(self.table().load_order()) {
            match self.load_one(required, Why::Required(slug(requires.owner(required)))).await {
                Ok(app) => loaded.extend(app),
                Err(error) => {
                    let chain = requires.chain(required).into_iter().map(slug).collect();
                    return Err(LoadError::required(chain, error));
                }
            }
        }
        Ok(loaded)
    }

    /// The edges of an app; none for a number that a wrong table made up.
    fn requires(self, app: AppId) -> Vec<AppId> {
        self.record(app).map(|record| record.requires().collect()).unwrap_or_default()
    }

    /// Loads a required app whose own requirements are met. One without code is there, but there is nothing to use.
    async fn load_one(self, app: AppId, why: Why) -> Result<Option<Loaded<A>>, LoadError> {
        let record = self.record(app)?;
        match self.place(record) {
            Ok(place) => self.finish(self.construct(record, place, why).await).map(Some),
            Err(error) if error.is_declarative() => {
                self.see_to_assets(record).await;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Sees that the lazy assets of an app are in place.
    pub(super) async fn see_to_assets(self, app: AppRecord<'static>) {
        if let Some(assets) = self.terms.assets(app) {
            assets.see_to(app.id()).await;
        }
    }

    async fn construct(self, app: AppRecord<'static>, place: Place<A, C>, why: Why) -> Landed<A> {
        let order = Order { app: app.slug(), edition: self.number(), why, clock: Instant::now };
        place.slot.load(order, || place.job(app, why)).await
    }

    /// One of those who waited for a load sees that not too many apps are loaded now.
    fn finish(self, landed: Landed<A>) -> Result<Loaded<A>, LoadError> {
        if landed.is_driver {
            self.keep_to_limit();
        }
        landed.result
    }
}

impl<A: ?Sized, C> Clone for Edition<'_, A, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A: ?Sized, C> Copy for Edition<'_, A, C> {}

impl<A: ?Sized, C> fmt::Debug for Edition<'_, A, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Terms { number, table, .. } = self.terms;
        f.debug_struct("Edition").field("number", number).field("table", table).finish_non_exhaustive()
    }
}
