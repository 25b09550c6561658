//! What an app gets from its host: who it is, its settings, and the way to other apps.

use std::borrow::Borrow;
use std::env;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::testing::TestContext;
use crate::{Registry, Uses, UsesError};
use bakehouse_runtime::href::{AppAsset, AppRoute, Href, HrefError};
use bakehouse_runtime::table::AppRecord;

/// What an app gets from its host. Its constructor is lent it, and keeps a clone if it wants.
#[derive(Clone)]
pub struct Context {
    pub(crate) home: Home,
    /// Whether the app's constructor has come to a good end. Shared by all clones.
    constructed: Arc<AtomicBool>,
}

/// Where an app lives.
#[derive(Clone)]
pub(crate) enum Home {
    Host { registry: &'static Registry, app: AppRecord<'static> },
    Test(Arc<TestContext>),
}

impl Context {
    /// The context of one app, for one attempt to construct it.
    pub fn new(registry: &'static Registry, app: AppRecord<'static>) -> Self {
        Self { home: Home::Host { registry, app }, constructed: Arc::default() }
    }

    /// A context without a host, settings or other apps, to test an app with; see [`testing`](crate::testing) for more.
    pub fn for_tests(slug: &str) -> Self {
        TestContext::new(slug).build()
    }

    pub(crate) fn of_test(test: TestContext) -> Self {
        Self { home: Home::Test(Arc::new(test)), constructed: Arc::new(AtomicBool::new(true)) }
    }

    /// The app's slug.
    pub fn slug(&self) -> &str {
        match &self.home {
            Home::Host { app, .. } => app.slug(),
            Home::Test(test) => test.slug(),
        }
    }

    /// The app's name for people.
    pub fn name(&self) -> &str {
        match &self.home {
            Home::Host { app, .. } => app.name(),
            Home::Test(test) => test.slug(),
        }
    }

    /// The manifest's `[metadata]`: a JSON object.
    pub fn metadata(&self) -> &str {
        match &self.home {
            Home::Host { app, .. } => app.metadata(),
            Home::Test(test) => test.metadata(),
        }
    }

    /// A setting of the app, from the environment variable `<SLUG>_<KEY>`: in upper case, other bytes than letters and
    /// digits as `_`. `setting("client_id")` of `zoom` is `ZOOM_CLIENT_ID`.
    ///
    /// # Errors
    ///
    /// If the variable is not set, is empty, or is not UTF-8. The error names it; as the answer to a request it is a 503.
    pub fn setting(&self, key: &str) -> Result<String, SettingError> {
        let variable = variable(self.slug(), key);
        let value = match &self.home {
            Home::Host { .. } => env::var(&variable),
            Home::Test(test) => test.setting(key).ok_or(env::VarError::NotPresent),
        };
        let reason = match value {
            Ok(value) if !value.is_empty() => return Ok(value),
            Ok(_) | Err(env::VarError::NotPresent) => Reason::NotSet,
            Err(env::VarError::NotUnicode(_)) => Reason::NotUnicode,
        };
        Err(SettingError { app: self.slug().to_owned(), variable, reason })
    }

    /// Another app's interface, by its slug: `ctx.uses::<dyn Calendar>("google-calendar")`. Nothing loads yet: that is for
    /// [`Uses::get`].
    ///
    /// # Errors
    ///
    /// If this app's manifest has the other one neither in `uses` nor in `requires`, or if there is no such app.
    pub fn uses<I: ?Sized + Send + Sync + 'static>(&self, slug: &str) -> Result<Uses<I>, UsesError> {
        Uses::new(self.clone(), slug)
    }

    /// The address of one of the app's own routes: `ctx.href(route!("/users/{id}", id = 7))`. What the host puts before all
    /// patterns is in it.
    ///
    /// In a test nothing stands before patterns.
    ///
    /// # Errors
    ///
    /// If a value can't stand for its param, or if the host's table was baked from another manifest than the app was
    /// compiled with, and has no such route.
    pub fn href<const N: usize>(&self, route: impl Borrow<AppRoute<N>>) -> Result<Href, HrefError> {
        match &self.home {
            Home::Host { app, .. } => app.href(route.borrow()),
            Home::Test(_) => route.borrow().href_without_prefix(),
        }
    }

    /// The address of one of the app's own assets: `ctx.asset(asset!("icon.svg"))`. It has the hash of what the asset held
    /// when the app was compiled, so that clients keep it and need not ask again.
    ///
    /// In a test it is in the place that hosts give it by default.
    ///
    /// # Errors
    ///
    /// If the host's table was baked from another manifest than the app was compiled with, and has no such asset.
    pub fn asset(&self, asset: AppAsset) -> Result<Href, HrefError> {
        match &self.home {
            Home::Host { app, .. } => app.asset(asset),
            Home::Test(test) => {
                let public = format!("app-assets/{}/{}", test.slug(), asset.name());
                Ok(Href::of_public(public.as_bytes()).with_version(asset.version()))
            }
        }
    }

    pub(crate) fn finish_construction(&self) {
        self.constructed.store(true, Ordering::Release);
    }

    pub(crate) fn is_constructed(&self) -> bool {
        self.constructed.load(Ordering::Acquire)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut context = f.debug_struct("Context");
        context.field("slug", &self.slug()).field("constructed", &self.is_constructed()).finish_non_exhaustive()
    }
}

/// The environment variable of a setting.
fn variable(slug: &str, key: &str) -> String {
    let upper = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    slug.chars().chain(['_']).chain(key.chars()).map(upper).collect()
}

/// A setting that an app wants and does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    app: String,
    variable: String,
    reason: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    NotSet,
    NotUnicode,
}

impl SettingError {
    /// The slug of the app that wants it.
    pub fn app(&self) -> &str {
        &self.app
    }

    /// The environment variable to set.
    pub fn variable(&self) -> &str {
        &self.variable
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { app, variable, reason } = self;
        match reason {
            Reason::NotSet => write!(f, "app `{app}` is not configured: set the environment variable `{variable}`"),
            Reason::NotUnicode => {
                write!(f, "app `{app}` is not configured: the environment variable `{variable}` must be UTF-8")
            }
        }
    }
}

impl Error for SettingError {}

#[cfg(test)]
mod tests {
    use super::variable;

    #[test]
    fn a_variable_is_the_slug_and_the_key_in_upper_case() {
        let cases = [
            ("zoom", "client_id", "ZOOM_CLIENT_ID"),
            ("google-calendar", "client-secret", "GOOGLE_CALENDAR_CLIENT_SECRET"),
            ("cal.com", "url", "CAL_COM_URL"),
        ];
        for (slug, key, expected) in cases {
            assert_eq!(variable(slug, key), expected);
        }
    }
}
