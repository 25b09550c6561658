//! The profile of a host: how its apps were used, run by run. A host writes it, a bake reads it.
//!
//! It is a JSON object with the version of its format, the number of runs, and an object an app, sorted by slug:
//!
//! ```json
//! {"version":1,"runs":12,"apps":[
//! {"slug":"zoom","runs":11,"early_runs":9,"first_use_us":8400,"hits":230,"loads":11,"load_us":5100,"why":[
//!   {"why":"route","of":"/zoom/{id}","loads":10},{"why":"used","of":"jitsi","loads":1}]}
//! ]}
//! ```
//!
//! Numbers are sums over all runs. Keys that are not known are passed over.

mod read;
mod write;

use std::fmt;

use crate::Span;

/// The version of the format.
pub const VERSION: u64 = 1;

/// How the apps of a host were used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// How many runs of the host were recorded.
    pub runs: u64,
    /// The apps that were loaded or used in any of them, sorted by slug, each once.
    pub apps: Vec<AppUse>,
}

/// How an app was used. All numbers are sums over all runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppUse {
    /// The app.
    pub slug: String,
    /// In how many runs something needed it, see [`Reason::is_need`], or asked for it when it was there.
    pub runs: u64,
    /// In how many of these it was needed in the first two seconds.
    pub early_runs: u64,
    /// How many microseconds passed from the start of the host until it was first needed.
    pub first_use_us: u64,
    /// How often it was asked for and there.
    pub hits: u64,
    /// How often it was loaded.
    pub loads: u64,
    /// How many microseconds its loads took.
    pub load_us: u64,
    /// How many of the loads were for what, sorted by reason, each once.
    pub why: Vec<(Reason, u64)>,
}

/// Why an app was loaded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The host called for it.
    Call,
    /// A route with this pattern preloads it.
    Preload(String),
    /// The app of this slug requires it.
    Required(String),
    /// A route of it, with this pattern, was entered.
    Route(String),
    /// The host loads it when it starts.
    Start,
    /// The app of this slug uses it.
    Used(String),
    /// The host loads it before somebody needs it.
    WarmUp,
}

impl Reason {
    /// Whether somebody needed the app itself: neither the host that got it ready, nor an app that requires it, of which
    /// the same may be true.
    pub fn is_need(&self) -> bool {
        !matches!(self, Self::Required(_) | Self::Start | Self::WarmUp)
    }
}

impl AppUse {
    /// The use of an app that was not used yet.
    pub fn new(slug: impl Into<String>) -> Self {
        Self { slug: slug.into(), ..Self::default() }
    }

    /// How many of its loads were because something needed it.
    pub fn needed_loads(&self) -> u64 {
        self.why.iter().filter(|(why, _)| why.is_need()).map(|(_, loads)| loads).sum()
    }

    /// Counts loads for a reason.
    pub fn count(&mut self, why: Reason, loads: u64) {
        match self.why.binary_search_by(|(known, _)| known.cmp(&why)) {
            Ok(at) => self.why[at].1 = self.why[at].1.saturating_add(loads),
            Err(at) => self.why.insert(at, (why, loads)),
        }
    }

    fn add(&mut self, other: Self) {
        let sums = [
            (&mut self.runs, other.runs),
            (&mut self.early_runs, other.early_runs),
            (&mut self.first_use_us, other.first_use_us),
            (&mut self.hits, other.hits),
            (&mut self.loads, other.loads),
            (&mut self.load_us, other.load_us),
        ];
        for (sum, more) in sums {
            *sum = sum.saturating_add(more);
        }
        for (why, loads) in other.why {
            self.count(why, loads);
        }
    }
}

impl Profile {
    /// Adds what was recorded elsewhere.
    pub fn add(&mut self, other: Self) {
        self.runs = self.runs.saturating_add(other.runs);
        for app in other.apps {
            self.app(&app.slug).add(app);
        }
    }

    /// The use of an app, to be counted on.
    pub fn app(&mut self, slug: &str) -> &mut AppUse {
        let at = self.apps.binary_search_by(|app| app.slug.as_str().cmp(slug)).unwrap_or_else(|at| {
            self.apps.insert(at, AppUse::new(slug));
            at
        });
        &mut self.apps[at]
    }
}

/// A text that is no profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileError {
    message: String,
    span: Span,
}

impl ProfileError {
    /// Where in the text it is wrong.
    pub fn span(&self) -> Span {
        self.span
    }
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ProfileError {}
