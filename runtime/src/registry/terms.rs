//! What a registry goes by: a table, what of the binary belongs to its apps, and what the host decided.

use std::sync::{Arc, OnceLock};

use super::bind::{Binding, Constructor};
use super::limit::Limit;
use super::names::Names;
use super::{Assets, Observer, StartError, StartOptions, TimeLimit};
use crate::table::AppRecord;
use crate::{AppId, Table, environment, sorted};

/// Makes what a constructor takes.
pub(super) type MakeContext<C> = Arc<dyn Fn(AppRecord<'static>) -> C + Send + Sync>;

/// What a registry goes by from a start or a swap to the next swap. Never changed, and never freed, since who read it may go
/// by it for as long as he likes.
pub(super) struct Terms<C> {
    /// One more than that of the terms before.
    pub(super) number: u64,
    pub(super) table: Table<'static>,
    pub(super) binding: Binding,
    /// Made when a name is first looked up.
    names: OnceLock<Names>,
    pub(super) context: MakeContext<C>,
    pub(super) eager: bool,
    /// Sorted, one an app.
    flags: Vec<(AppId, bool)>,
    assets: Option<Assets>,
    pub(super) observer: Option<Observer>,
    pub(super) limit: Option<Limit>,
    pub(super) time_limit: Option<TimeLimit>,
}

impl<C> Terms<C> {
    /// # Errors
    ///
    /// If the table names an entry that no constructor has.
    pub(super) fn new<A: ?Sized>(
        number: u64,
        table: Table<'static>,
        constructors: &[Constructor<A, C>],
        context: MakeContext<C>,
        options: StartOptions,
    ) -> Result<Self, StartError> {
        let binding = Binding::new(table, constructors)?;
        let StartOptions { eager, flags: unsorted, assets, observer, max_loaded, time_limit } = options;
        let mut flags = Vec::new();
        for (app, is_on) in unsorted {
            sorted::insert(&mut flags, app, is_on);
        }
        let limit = max_loaded.map(Limit::new);
        let names = OnceLock::new();
        Ok(Self { number, table, binding, names, context, eager, flags, assets, observer, limit, time_limit })
    }

    pub(super) fn is_on(&self, app: AppRecord<'_>) -> bool {
        environment::is_on(&self.flags, app)
    }

    /// What sees to the app's lazy assets; none where there is nothing to see to.
    pub(super) fn assets(&self, app: AppRecord<'_>) -> Option<&Assets> {
        self.assets.as_ref().filter(|_| app.has_lazy_links() && self.is_on(app))
    }

    /// The constructor of the app of that slug or alias.
    #[inline]
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.names.get_or_init(|| Names::new(self.table, &self.binding)).get(name)
    }

    /// The record of the app of a constructor, if that may be loaded.
    pub(super) fn loadable(&self, constructor: usize) -> Option<AppRecord<'static>> {
        self.binding.app(constructor).map(|app| self.table.app(app)).filter(|app| self.is_on(*app))
    }
}
