//! How a registry has lazy assets put in place; it knows no file system.

use std::fmt;
use std::sync::Arc;

use super::BoxFuture;
use crate::AppId;

/// Sees that the lazy assets of an app are in place.
///
/// A registry asks for it when an app loads and whenever one of its routes is entered, so that it should cost little
/// once they are there. It is asked for no app that is off or has no lazy assets.
#[derive(Clone)]
pub struct Assets(Arc<dyn Fn(AppId) -> BoxFuture<'static, ()> + Send + Sync>);

impl Assets {
    /// Calls this function, which tells its failures itself: an app answers without its assets too.
    pub fn new(see_to: impl Fn(AppId) -> BoxFuture<'static, ()> + Send + Sync + 'static) -> Self {
        Self(Arc::new(see_to))
    }

    pub(super) fn see_to(&self, app: AppId) -> BoxFuture<'static, ()> {
        (self.0)(app)
    }
}

impl fmt::Debug for Assets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assets").finish_non_exhaustive()
    }
}
