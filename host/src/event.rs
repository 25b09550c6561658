//! What a host tells of its start and its end: each event in the order of the enum, and once, but for the swaps of
//! its table. A host that is told to end while
//! it starts skips what it did not get to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bakehouse_runtime::link::{LinkError, Report};
use bakehouse_runtime::registry::LoadError;
use serde_json::{Map, Value, json};

use crate::metrics::Observation;
pub use crate::report::StartReport;
use crate::swap::SwapReport;
use crate::trouble::causes;

/// A step of a host's life. `elapsed` is counted from the call of [`serve`](crate::serve()).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// The host answers from now on.
    Listening {
        /// Where: with the port that it got, if any would do.
        addr: SocketAddr,
        /// Since the start.
        elapsed: Duration,
        /// How the host is doing, from now on whenever somebody asks.
        observation: Observation,
    },
    /// The link plan was carried out, as far as it could be.
    Linked(Arc<Linked>),
    /// The core apps were loaded, as far as they could be.
    Loaded(Arc<Loaded>),
    /// The start is over.
    Ready {
        /// All of it, for people.
        report: StartReport,
        /// Since the start.
        elapsed: Duration,
    },
    /// The host goes by another table.
    Swapped(Arc<SwapReport>),
    /// The host has ended.
    Stopped {
        /// Whether every request in flight was answered; if not, the rest was cut off when the time for it was over.
        clean: bool,
        /// Since the start.
        elapsed: Duration,
    },
}

/// What came of the link plan.
#[derive(Debug)]
pub struct Linked {
    /// What the linker did, conflicts and failures included, or why it did nothing.
    pub outcome: Result<Report, LinkError>,
    /// Since the start.
    pub elapsed: Duration,
}

/// What came of the core apps.
#[derive(Debug)]
pub struct Loaded {
    /// Each by its slug, in the baked order, with the time that it took.
    pub apps: Vec<(&'static str, Result<Duration, LoadError>)>,
    /// How long all of them took together; some are loaded side by side.
    pub took: Duration,
    /// Since the start.
    pub elapsed: Duration,
}

impl Event {
    /// The event as a line of `serve --format json`. Times are in microseconds.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Linked(linked) => named("linked", linked.to_json()),
            Self::Listening { addr, elapsed, .. } => {
                named("listening", json!({ "addr": addr.to_string(), "elapsed_us": micros(*elapsed) }))
            }
            Self::Loaded(loaded) => named("loaded", loaded.to_json()),
            Self::Ready { elapsed, .. } => named("ready", json!({ "elapsed_us": micros(*elapsed) })),
            Self::Swapped(report) => named("swapped", report.to_json()),
            Self::Stopped { clean, elapsed } => {
                named("stopped", json!({ "clean": clean, "elapsed_us": micros(*elapsed) }))
            }
        }
    }
}

fn named(name: &str, mut event: Value) -> Value {
    if let Value::Object(event) = &mut event {
        event.insert("event".to_owned(), name.into());
    }
    event
}

impl Loaded {
    /// The apps that could not be loaded.
    pub(crate) fn failed(&self) -> Vec<(&'static str, LoadError)> {
        self.apps.iter().filter_map(|(slug, result)| Some((*slug, result.as_ref().err()?.clone()))).collect()
    }

    fn to_json(&self) -> Value {
        let apps = self.apps.iter().map(|(slug, result)| match result {
            Ok(took) => json!({ "slug": slug, "elapsed_us": micros(*took) }),
            Err(error) => json!({ "slug": slug, "error": chain(error) }),
        });
        json!({ "apps": apps.collect::<Vec<_>>(), "elapsed_us": micros(self.elapsed) })
    }
}

impl SwapReport {
    fn to_json(&self) -> Value {
        let Self { n_apps, n_routes, apps, linked, loaded, elapsed } = self;
        json!({
            "apps": n_apps,
            "routes": n_routes,
            "kept": apps.kept,
            "changed": apps.changed,
            "added": apps.added,
            "removed": apps.removed,
            "links": linked.to_json(),
            "loaded": loaded.to_json(),
            "elapsed_us": micros(*elapsed),
        })
    }
}

impl Linked {
    /// As the command `link` prints it, with how many lazy entries wait; `error` instead if nothing was done.
    pub(crate) fn to_json(&self) -> Value {
        let mut linked = match &self.outcome {
            Ok(report) => {
                let mut linked = report_json(report);
                linked["deferred"] = report.deferred.into();
                linked
            }
            Err(error) => json!({ "error": chain(error) }),
        };
        if let Value::Object(linked) = &mut linked {
            linked.insert("elapsed_us".to_owned(), micros(self.elapsed).into());
        }
        linked
    }
}

/// The counts of a link report, as the command `link` prints them.
pub fn report_json(report: &Report) -> Value {
    let methods = report.methods.iter().filter(|(_, n)| *n > 0).map(|(method, n)| (method.name().to_owned(), n.into()));
    let methods: Map<String, Value> = methods.collect();
    json!({
        "planned": report.planned,
        "created": report.created,
        "unchanged": report.unchanged,
        "replaced": report.replaced,
        "removed": report.removed,
        "conflicts": report.conflicts.len(),
        "failed": report.failed.len(),
        "methods": methods,
        "elapsed_us": micros(report.elapsed),
    })
}

/// An error and its causes in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    causes(error).fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Whole microseconds.
pub(crate) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
