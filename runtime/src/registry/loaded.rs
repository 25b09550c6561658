//! An app that is there.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A loaded app. It lives as long as somebody has one of these, so it can be kept across an await.
pub struct Loaded<A: ?Sized>(pub(super) Arc<A>);

impl<A: ?Sized> Loaded<A> {
    /// The app itself, shared.
    pub fn into_arc(self) -> Arc<A> {
        self.0
    }
}

impl<A: ?Sized> Clone for Loaded<A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<A: ?Sized> Deref for Loaded<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.0
    }
}

impl<A: ?Sized> fmt::Debug for Loaded<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded").finish_non_exhaustive()
    }
}
