//! Binds the constructors of a binary to the apps of a table, by slug and entry.

use std::fmt;

use super::start_error::{Missing, StartError};
use super::{BoxError, BoxFuture};
use crate::distance::distance;
use crate::{AppId, Table};

/// How the binary makes one app.
pub struct Constructor<A: ?Sized, C> {
    /// The app's slug.
    pub slug: &'static str,
    /// The path of the constructor, as the app's manifest names it.
    pub entry: &'static str,
    /// Makes the app. It may fail or panic: that is a failed load of this app.
    pub construct: fn(C) -> BoxFuture<'static, Result<Box<A>, BoxError>>,
}

impl<A: ?Sized, C> fmt::Debug for Constructor<A, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Constructor").field("slug", &self.slug).field("entry", &self.entry).finish_non_exhaustive()
    }
}

/// Which constructor belongs to which app.
#[derive(Debug)]
pub(super) struct Binding {
    /// By constructor; `None` for an app that the table leaves out.
    apps: Vec<Option<AppId>>,
    /// By app, up to the last one that has one. A look at it is part of each request.
    constructors: Vec<Option<usize>>,
}

impl Binding {
    /// # Errors
    ///
    /// If the table names an entry that no constructor has.
    pub(super) fn new<A: ?Sized, C>(table: Table<'_>, constructors: &[Constructor<A, C>]) -> Result<Self, StartError> {
        let apps: Vec<_> = constructors.iter().map(|constructor| app_of(table, constructor)).collect();
        let n_apps = apps.iter().flatten().map(|app| number(*app) + 1).max().unwrap_or_default();
        let mut bound = vec![None; n_apps];
        for (idx, app) in apps.iter().enumerate() {
            if let Some(place) = app.and_then(|app| bound.get_mut(number(app))) {
                *place = Some(idx);
            }
        }
        let binding = Self { apps, constructors: bound };
        let missing = binding.missing(table, constructors);
        if missing.is_empty() { Ok(binding) } else { Err(StartError::missing(missing)) }
    }

    /// Every app that has a constructor, sorted by number, and the place of that.
    pub(super) fn apps(&self) -> impl Iterator<Item = (AppId, usize)> {
        (0..).map(AppId).zip(&self.constructors).filter_map(|(app, constructor)| Some((app, (*constructor)?)))
    }

    /// The app of the constructor at `idx`.
    pub(super) fn app(&self, idx: usize) -> Option<AppId> {
        self.apps.get(idx).copied().flatten()
    }

    /// The constructor of an app.
    pub(super) fn constructor(&self, app: AppId) -> Option<usize> {
        self.constructors.get(number(app)).copied().flatten()
    }

    fn missing<A: ?Sized, C>(&self, table: Table<'_>, constructors: &[Constructor<A, C>]) -> Vec<Missing> {
        let with_code = table.with_code().map(|app| table.app(app)).filter_map(|app| Some((app, app.entry()?)));
        let unbound = with_code.filter(|(app, _)| self.constructor(app.id()).is_none());
        let missing = unbound.map(|(app, entry)| {
            let own = constructors.iter().find(|constructor| constructor.slug == app.slug());
            let instead = own.map(|constructor| constructor.entry).or_else(|| nearest(app.slug(), constructors));
            Missing { slug: app.slug().to_owned(), entry: entry.to_owned(), instead }
        });
        missing.collect()
    }
}

/// The entry of the app whose slug is most like that one, if it is so like it that it may have been meant.
fn nearest<A: ?Sized, C>(slug: &str, constructors: &[Constructor<A, C>]) -> Option<&'static str> {
    let entries = constructors.iter().map(|constructor| (distance(slug, constructor.slug), constructor.entry));
    let (distance, entry) = entries.min()?;
    (distance * 3 <= slug.len()).then_some(entry)
}

/// Where a list by app has one; no list is so long that it has what does not fit in.
fn number(app: AppId) -> usize {
    usize::try_from(app.0).unwrap_or(usize::MAX)
}

/// The app of the table that a constructor makes. An alias does not count: it may be another app's in another table.
fn app_of<A: ?Sized, C>(table: Table<'_>, constructor: &Constructor<A, C>) -> Option<AppId> {
    let app = table.resolve(constructor.slug)?;
    let is_same = app.slug() == constructor.slug && app.entry() == Some(constructor.entry);
    is_same.then(|| app.id())
}
