//! From a path to a loaded app in one call.

use std::fmt;

use super::error::LoadError;
use super::join::join_all;
use super::{BoxFuture, Edition, Loaded, Why, dates};
use crate::find::{Found, Match};
use crate::{AppId, Method, Methods};

/// What became of a path.
#[derive(Debug)]
pub enum Entered<'p, A: ?Sized + 'static> {
    /// An app serves it.
    App(Entry<'p, A>),
    /// It is only served under these methods.
    WrongMethod(Methods),
    /// It is served there.
    Redirect {
        /// The path in the form that its pattern has.
        location: Vec<u8>,
    },
    /// Nobody serves it.
    Nothing,
}

/// A route that was entered.
pub struct Entry<'p, A: ?Sized + 'static> {
    /// The route, its app's record, and the params.
    pub matched: Match<'static, 'p>,
    /// The app, or why it can't answer; [`LoadError::is_declarative`] for an app without code.
    pub app: Result<Loaded<A>, LoadError>,
    /// The preloads of the route that are not there, but for those that are switched off. They don't keep the app from
    /// answering.
    pub failed_preloads: Vec<(AppId, LoadError)>,
}

impl<A: ?Sized + Send + Sync + 'static, C: 'static> Edition<'_, A, C> {
    /// Finds the route of a path, given without its query, then loads the app and, along with it, what the route
    /// preloads, and sees to the lazy assets of all of these, whether they have code or not. What is switched off is
    /// neither allowed under another method nor redirected to.
    pub async fn enter(self, method: Method, path: &[u8]) -> Entered<'_, A> {
        self.enter_found(self.find(method, path)).await
    }

    /// Finds the route of a path, given without its query, among those of the apps that are on.
    pub fn find(self, method: Method, path: &[u8]) -> Found<'static, '_> {
        self.table().find_on(method, path, |app| self.is_on(app))
    }

    /// As [`Edition::enter`], for a path that was looked up in this edition already.
    pub async fn enter_found<'p>(self, found: Found<'static, 'p>) -> Entered<'p, A> {
        dates::refresh();
        match found {
            Found::Match(matched) => Entered::App(self.enter_route(matched).await),
            Found::WrongMethod(methods) => Entered::WrongMethod(methods),
            Found::Redirect { location } => Entered::Redirect { location },
            Found::Nothing => Entered::Nothing,
        }
    }

    /// An app that is there and all that it needs is entered at once; what else may have to be done is put aside, so that who
    /// enters need not carry the room for it.
    async fn enter_route<'p>(self, matched: Match<'static, 'p>) -> Entry<'p, A> {
        let app = matched.app();
        let needs_more = app.has_lazy_links() || matched.route().preload().len() > 0;
        match self.loaded(app.id()).filter(|_| !needs_more) {
            Some(loaded) => Entry { matched, app: Ok(loaded), failed_preloads: Vec::new() },
            None => Box::pin(self.load_route(matched)).await,
        }
    }

    async fn load_route<'p>(self, matched: Match<'static, 'p>) -> Entry<'p, A> {
        let (app, preload): (AppId, Vec<AppId>) = (matched.app().id(), matched.route().preload().collect());
        let route = matched.route();
        if preload.is_empty() {
            return Entry {
                matched,
                app: self.load_with_assets(app, || Why::Route(route.pattern())).await,
                failed_preloads: Vec::new(),
            };
        }
        let preloads = preload.iter().map(|app| (*app, Why::Preload(route.pattern())));
        let wanted = [(app, Why::Route(route.pattern()))].into_iter().chain(preloads);
        let wanted = wanted.map(|(app, why)| -> BoxFuture<'_, _> { Box::pin(self.load_with_assets(app, move || why)) });
        let mut loaded = join_all(wanted).await.into_iter();
        let app = loaded.next().unwrap_or_else(|| Err(LoadError::not_in_table(matched.app().slug())));
        let failed = preload.into_iter().zip(loaded).filter_map(|(app, result)| Some((app, result.err()?)));
        // An app without code is there, and one that is off is not there because somebody wants it so.
        let is_failure = |(_, error): &(AppId, LoadError)| !error.is_declarative() && !error.is_off();
        Entry { matched, app, failed_preloads: failed.filter(is_failure).collect() }
    }

    /// Loads an app. Its assets are seen to again even if it was loaded before: they may have failed then.
    async fn load_with_assets(self, app: AppId, why: impl FnOnce() -> Why) -> Result<Loaded<A>, LoadError> {
        let loaded = self.load_because(app, why).await;
        if let Ok(record) = self.record(app) {
            self.see_to_assets(record).await;
        }
        loaded
    }
}

impl<A: ?Sized> fmt::Debug for Entry<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut entry = f.debug_struct("Entry");
        entry.field("matched", &self.matched).field("app", &self.app);
        entry.field("failed_preloads", &self.failed_preloads).finish()
    }
}
