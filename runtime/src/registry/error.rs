//! Why an app is not there.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::BoxError;

/// Why an app could not be loaded. Cheap to clone: everybody who waited for a load gets the same one.
#[derive(Clone)]
pub struct LoadError {
    inner: Arc<Inner>,
}

struct Inner {
    /// The slug of the app that was asked for.
    app: String,
    kind: Kind,
}

enum Kind {
    NotStarted,
    NotInTable,
    Declarative,
    Off,
    WaitsForItself,
    Required { chain: Vec<&'static str>, error: LoadError },
    Failed { cause: Arc<Cause>, retry: Retry },
}

/// What went wrong in a constructor.
pub(super) enum Cause {
    /// It answered with this error.
    Error(BoxError),
    /// It panicked with this message.
    Panic(String),
    /// It was not done after that time.
    TooSlow(Duration),
}

/// When a load is tried again.
#[derive(Clone, Copy)]
pub(super) struct Retry {
    /// From then on, a call tries again.
    pub(super) at: Instant,
    /// How long that was away when the error was made.
    pub(super) wait: Duration,
    /// Whether the error is an earlier one, told again within the back-off.
    pub(super) again: bool,
}

impl LoadError {
    fn new(app: impl Into<String>, kind: Kind) -> Self {
        Self { inner: Arc::new(Inner { app: app.into(), kind }) }
    }

    pub(super) fn not_started(app: impl Into<String>) -> Self {
        Self::new(app, Kind::NotStarted)
    }

    pub(super) fn not_in_table(app: impl Into<String>) -> Self {
        Self::new(app, Kind::NotInTable)
    }

    pub(super) fn declarative(app: &str) -> Self {
        Self::new(app, Kind::Declarative)
    }

    pub(super) fn off(app: &str) -> Self {
        Self::new(app, Kind::Off)
    }

    pub(super) fn waits_for_itself(app: &str) -> Self {
        Self::new(app, Kind::WaitsForItself)
    }

    /// `chain` leads from the app that was asked for, to the one that `error` is about, both included.
    pub(super) fn required(chain: Vec<&'static str>, error: Self) -> Self {
        let app = chain.first().copied().unwrap_or_default();
        Self::new(app, Kind::Required { chain, error })
    }

    pub(super) fn failed(app: &str, cause: Arc<Cause>, retry: Retry) -> Self {
        Self::new(app, Kind::Failed { cause, retry })
    }

    /// The slug of the app that was asked for; `#` and its number where the registry's table has no such app.
    pub fn app(&self) -> &str {
        &self.inner.app
    }

    /// Whether the registry was not started.
    pub fn is_not_started(&self) -> bool {
        matches!(self.inner.kind, Kind::NotStarted)
    }

    /// Whether the registry's table does not have the app: it was left out of the bake.
    pub fn is_not_in_table(&self) -> bool {
        matches!(self.inner.kind, Kind::NotInTable)
    }

    /// Whether the app has no code, so that there is nothing to load.
    pub fn is_declarative(&self) -> bool {
        matches!(self.inner.kind, Kind::Declarative)
    }

    /// Whether the app is switched off, by its manifest or by the environment.
    pub fn is_off(&self) -> bool {
        matches!(self.inner.kind, Kind::Off)
    }

    /// Whether the app's own constructor, or what that awaits, asked for it: its load would have waited for itself.
    pub fn is_waiting_for_itself(&self) -> bool {
        matches!(self.inner.kind, Kind::WaitsForItself)
    }

    /// Whether the app was not tried because one that it requires, directly or not, is not there; `source` says why.
    pub fn is_required(&self) -> bool {
        matches!(self.inner.kind, Kind::Required { .. })
    }

    /// Whether the app's constructor answered with an error, panicked, or took too long.
    pub fn is_failed(&self) -> bool {
        matches!(self.inner.kind, Kind::Failed { .. })
    }

    /// Whether the app's constructor panicked.
    pub fn is_panic(&self) -> bool {
        matches!(&self.inner.kind, Kind::Failed { cause, .. } if matches!(**cause, Cause::Panic(_)))
    }

    /// Whether the app's constructor was given up because it took longer than the host's
    /// [`TimeLimit`](super::TimeLimit) allows.
    pub fn is_too_slow(&self) -> bool {
        matches!(&self.inner.kind, Kind::Failed { cause, .. } if matches!(**cause, Cause::TooSlow(_)))
    }

    /// Whether this is an earlier error, told again because the next attempt is not due yet.
    pub fn is_backing_off(&self) -> bool {
        matches!(&self.inner.kind, Kind::Failed { retry, .. } if retry.again)
    }

    /// When the next attempt is due, where a constructor failed: this app's, or that of one which it requires.
    pub fn retry_at(&self) -> Option<Instant> {
        match &self.inner.kind {
            Kind::Failed { retry, .. } => Some(retry.at),
            Kind::Required { error, .. } => error.retry_at(),
            _ => None,
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let app = &self.inner.app;
        match &self.inner.kind {
            Kind::NotStarted => write!(f, "app `{app}` can't be loaded before the registry is started"),
            Kind::NotInTable => write!(f, "app `{app}` is not in the table of this host"),
            Kind::Declarative => write!(f, "app `{app}` has no code to load"),
            Kind::Off => write!(f, "app `{app}` is switched off"),
            Kind::WaitsForItself => {
                write!(f, "app `{app}` can't be loaded: its own constructor waits for it")
            }
            Kind::Required { chain, .. } => write_chain(f, chain),
            Kind::Failed { cause, retry } => write_failed(f, app, cause, *retry),
        }
    }
}

fn write_chain(f: &mut fmt::Formatter<'_>, chain: &[&str]) -> fmt::Result {
    let (app, required) = chain.split_first().map_or(("", chain), |(app, required)| (*app, required));
    write!(f, "app `{app}` can't be loaded: it requires ")?;
    for (idx, slug) in required.iter().enumerate() {
        let joint = if idx == 0 { "" } else { ", which requires " };
        write!(f, "{joint}`{slug}`")?;
    }
    Ok(())
}

fn write_failed(f: &mut fmt::Formatter<'_>, app: &str, cause: &Cause, retry: Retry) -> fmt::Result {
    match cause {
        Cause::Error(_) => write!(f, "app `{app}` failed to load")?,
        Cause::Panic(message) => write!(f, "app `{app}` panicked while it was loaded: `{message}`")?,
        Cause::TooSlow(limit) => write!(f, "app `{app}` was not loaded within {} ms", limit.as_millis())?,
    }
    let earlier = if retry.again { " earlier" } else { "" };
    write!(f, "{earlier}; the next attempt is due in {} ms", retry.wait.as_millis())
}

impl fmt::Debug for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LoadError").field(&self.to_string()).field(&self.source().map(ToString::to_string)).finish()
    }
}

impl Error for LoadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.inner.kind {
            Kind::Required { error, .. } => Some(error),
            Kind::Failed { cause, .. } => match &**cause {
                Cause::Error(error) => Some(&**error),
                Cause::Panic(_) | Cause::TooSlow(_) => None,
            },
            _ => None,
        }
    }
}
