//! What a typed function of a host answers, `store::zoom()`, and what a name leads to.

use std::fmt;

use super::error::LoadError;
use super::{Edition, Loaded, Registry, Why};
use crate::AppId;

/// An app of a registry that has code.
pub struct Handle<A: ?Sized + 'static, C: 'static> {
    registry: &'static Registry<A, C>,
    /// The place of its constructor and of its slot.
    idx: usize,
}

impl<A: ?Sized + Send + Sync + 'static, C: 'static> Handle<A, C> {
    #[track_caller]
    pub(super) fn new(registry: &'static Registry<A, C>, idx: usize) -> Self {
        let n_constructors = registry.constructors.len();
        assert!(idx < n_constructors, "must be below {n_constructors}, the number of constructors, but was {idx}");
        Self { registry, idx }
    }

    /// Its slug.
    pub fn slug(self) -> &'static str {
        self.registry.constructors.get(self.idx).map_or("", |constructor| constructor.slug)
    }

    /// Its number in the registry's table; `None` before the registry is started, and where the table leaves it out.
    pub fn app(self) -> Option<AppId> {
        self.registry.terms.get()?.binding.app(self.idx)
    }

    /// Lends the app to a call, if it is loaded: what the call comes to.
    ///
    /// ```
    /// # use bakehouse_runtime::registry::Handle;
    /// fn length(handle: Handle<str, ()>) -> Option<usize> {
    ///     handle.with(|app| app.len())
    /// }
    /// ```
    #[inline]
    pub fn with<R>(self, call: impl FnOnce(&A) -> R) -> Option<R> {
        self.loaded().map(|app| call(&app))
    }

    /// The app if it is loaded.
    #[inline]
    pub fn loaded(self) -> Option<Loaded<A>> {
        self.registry.slots.get(self.idx)?.loaded()
    }

    /// The app, loaded if it is not.
    ///
    /// # Errors
    ///
    /// As [`Registry::load`].
    pub async fn load(self) -> Result<Loaded<A>, LoadError> {
        if let Some(loaded) = self.loaded() {
            return Ok(loaded);
        }
        let (edition, app) = self.resolve()?;
        edition.load_for(app, Why::Call).await
    }

    /// The app, as [`Handle::load`] gives it; parks the thread meanwhile, as [`Registry::load_blocking`] does.
    ///
    /// # Errors
    ///
    /// As [`Registry::load`].
    pub fn load_blocking(self) -> Result<Loaded<A>, LoadError> {
        if let Some(loaded) = self.loaded() {
            return Ok(loaded);
        }
        let (edition, app) = self.resolve()?;
        edition.load_blocking(app, Why::Call)
    }

    fn resolve(self) -> Result<(Edition<'static, A, C>, AppId), LoadError> {
        let edition = self.registry.edition().ok_or_else(|| LoadError::not_started(self.slug()))?;
        let app = edition.terms.binding.app(self.idx).ok_or_else(|| LoadError::not_in_table(self.slug()))?;
        Ok((edition, app))
    }
}

impl<A: ?Sized, C> Clone for Handle<A, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A: ?Sized, C> Copy for Handle<A, C> {}

impl<A: ?Sized, C> fmt::Debug for Handle<A, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slug = self.registry.constructors.get(self.idx).map(|constructor| constructor.slug);
        f.debug_tuple("Handle").field(&slug).finish()
    }
}
