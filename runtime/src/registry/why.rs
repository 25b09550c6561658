//! Why an app is loaded.

use std::fmt;
use std::time::{Duration, Instant};

/// Why an app is loaded: who needed it first. Whoever comes while the load is under way needs it too, but is not noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
    /// The host loads it when it starts.
    Start,
    /// The host loads it before somebody needs it.
    WarmUp,
    /// A route of it, with this pattern, was entered.
    Route(&'static str),
    /// A route with this pattern preloads it.
    Preload(&'static str),
    /// The app of this slug requires it.
    Required(&'static str),
    /// The app of this slug uses it.
    Used(&'static str),
    /// The host called for it.
    Call,
}

/// The last load of an app that went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LastLoad {
    /// When its constructor was called.
    pub at: Instant,
    /// How long it took from then on.
    pub took: Duration,
    /// Why it was loaded.
    pub why: Why,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("start"),
            Self::WarmUp => f.write_str("warm-up"),
            Self::Route(pattern) => write!(f, "route `{pattern}`"),
            Self::Preload(pattern) => write!(f, "preload of route `{pattern}`"),
            Self::Required(slug) => write!(f, "required by `{slug}`"),
            Self::Used(slug) => write!(f, "used by `{slug}`"),
            Self::Call => f.write_str("call"),
        }
    }
}
