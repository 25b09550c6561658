//! The start as a person reads it, on stderr.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bakehouse_runtime::Table;
use bakehouse_runtime::link::{Conflict, Failure, LinkError, Report};
use bakehouse_runtime::registry::Swapped;

use crate::event::{Linked, Loaded, chain};
use crate::swap::SwapReport;

/// How many lines of one kind are printed before the rest is only counted.
const MANY: usize = 10;

/// What a host did until it was ready, and how long each step took. Prints as a few lines.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StartReport {
    /// The host's name.
    pub host: &'static str,
    /// How many apps its table has.
    pub n_apps: usize,
    /// How many routes its table has.
    pub n_routes: usize,
    /// The public folder, which the paths of links are below.
    pub public: PathBuf,
    /// What came of the link plan.
    pub linked: Arc<Linked>,
    /// What came of the core apps.
    pub loaded: Arc<Loaded>,
    /// Where it listens.
    pub addr: SocketAddr,
    /// How long all of it took.
    pub elapsed: Duration,
}

impl StartReport {
    pub(crate) fn new(
        table: Table<'static>,
        public: PathBuf,
        linked: Arc<Linked>,
        loaded: Arc<Loaded>,
        addr: SocketAddr,
        elapsed: Duration,
    ) -> Self {
        let (n_apps, n_routes) = (table.n_apps(), table.n_routes());
        Self { host: table.host_name(), n_apps, n_routes, public, linked, loaded, addr, elapsed }
    }
}

impl Display for StartReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}, {}", self.host, count(self.n_apps, "app"), count(self.n_routes, "route"))?;
        writeln!(f, "  public   {}", self.public.display())?;
        carried_out(f, &self.linked)?;
        loaded(f, &self.loaded)?;
        writeln!(f, "  ready    http://{}/ after {}", self.addr, Time(self.elapsed))
    }
}

impl Display for SwapReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Swapped { kept, changed, added, removed, .. } = &self.apps;
        writeln!(f, "another table: {}, {}", count(self.n_apps, "app"), count(self.n_routes, "route"))?;
        writeln!(f, "  code     {} as before", count(kept.len(), "app"))?;
        let lists = [("changed", changed), ("added", added), ("removed", removed)];
        few(f, lists.into_iter().flat_map(|(what, slugs)| slugs.iter().map(move |slug| format!("{slug} {what}"))))?;
        carried_out(f, &self.linked)?;
        loaded(f, &self.loaded)?;
        writeln!(f, "  in force after {}", Time(self.elapsed))
    }
}

fn carried_out(f: &mut Formatter<'_>, plan: &Linked) -> fmt::Result {
    match &plan.outcome {
        Ok(report) => linked(f, report),
        Err(error) => writeln!(f, "  links    {}", unlinked(error)),
    }
}

fn linked(f: &mut Formatter<'_>, report: &Report) -> fmt::Result {
    let counts = [
        (report.created, "created"),
        (report.replaced, "replaced"),
        (report.unchanged, "unchanged"),
        (report.removed, "removed"),
    ];
    let counts = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
    let made = report.methods.iter().filter(|(_, n)| *n > 0).map(|(method, n)| format!("{n} by {}", method.name()));
    let nothing =
        (!report.conflicts.is_empty()).then(|| "nothing was linked, since something is in the way".to_owned());
    let parts: Vec<String> = nothing.into_iter().chain(counts).chain(made).collect();
    let later = match report.deferred {
        0 => String::new(),
        n => format!(", {n} more when needed,"),
    };
    let now = count(report.planned.saturating_sub(report.deferred), "link");
    write!(f, "  links    {now}{later} in {}", Time(report.elapsed))?;
    writeln!(f, "{}{}", if parts.is_empty() { "" } else { ": " }, parts.join(", "))?;
    by_kind(report).into_iter().try_for_each(|lines| few(f, lines.into_iter()))
}

/// What a person should know about a run of the linker, a line each.
pub(crate) fn remarks(report: &Report) -> Vec<String> {
    by_kind(report).concat()
}

/// The remarks: fallbacks, conflicts, failures, and what is about the run as a whole.
fn by_kind(report: &Report) -> [Vec<String>; 4] {
    [
        fallbacks(report).into_iter().map(|(reason, n)| format!("{n} by {reason}")).collect(),
        report.conflicts.iter().map(in_the_way).collect(),
        report.failed.iter().map(not_linked).collect(),
        report.notes.clone(),
    ]
}

/// Why links were not made as they should have been, with how many of each.
fn fallbacks(report: &Report) -> BTreeMap<&str, usize> {
    let mut reasons = BTreeMap::new();
    for entry in report.entries.iter().filter(|entry| entry.reason.contains(" failed: ")) {
        *reasons.entry(&*entry.reason).or_default() += 1;
    }
    reasons
}

fn in_the_way(conflict: &Conflict) -> String {
    let path = String::from_utf8_lossy(&conflict.path);
    format!("{} is in the way at `{path}`; {}", conflict.found, conflict.help)
}

fn not_linked(failure: &Failure) -> String {
    let path = String::from_utf8_lossy(&failure.path);
    let cause = failure.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
    format!("not linked: `{path}`: {}{cause}; {}", failure.problem, failure.help)
}

/// Why nothing at all could be linked, and what to do about it.
pub(crate) fn unlinked(error: &LinkError) -> String {
    format!("{}; {}", chain(error), error.help())
}

fn loaded(f: &mut Formatter<'_>, loaded: &Loaded) -> fmt::Result {
    if loaded.apps.is_empty() {
        return writeln!(f, "  loaded   nothing: no app with code is to be loaded at start");
    }
    let done = loaded.apps.iter().filter_map(|(slug, result)| Some((slug, result.as_ref().ok()?)));
    let (n_done, n_apps) = (done.clone().count(), count(loaded.apps.len(), "app"));
    writeln!(f, "  loaded   {n_done} of {n_apps} in {}", Time(loaded.took))?;
    few(f, done.map(|(slug, took)| format!("{slug} in {}", Time(*took))))?;
    few(f, loaded.apps.iter().filter_map(|(_, result)| Some(chain(result.as_ref().err()?))))
}

/// A line each, until there are many.
fn few(f: &mut Formatter<'_>, lines: impl Iterator<Item = String>) -> fmt::Result {
    let mut lines = lines.peekable();
    lines.by_ref().take(MANY).try_for_each(|line| writeln!(f, "           {line}"))?;
    match lines.count() {
        0 => Ok(()),
        n => writeln!(f, "           and {n} more"),
    }
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// A time in the unit that suits it.
struct Time(Duration);

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let micros = self.0.as_micros();
        match micros {
            0..1_000 => write!(f, "{micros} us"),
            1_000..1_000_000 => write!(f, "{:.1} ms", self.0.as_secs_f64() * 1_000.0),
            _ => write!(f, "{:.1} s", self.0.as_secs_f64()),
        }
    }
}
