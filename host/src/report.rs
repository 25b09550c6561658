//! The start as a person reads it, on stderr.

use std::fmt::{self, Display, Formatter};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::awaiting_link::Report;

use crate::event::{Linked, Loaded, chain};

/// How many lines of one kind are printed before the rest is only counted.
const MANY: usize = 10;

/// What a host did until it was ready, and how long each step took. Prints as a few lines.
#[derive(Debug, Clone)]
pub struct StartReport {
    /// The host's name.
    pub host: &'static str,
    /// How many apps its table has.
    pub n_apps: usize,
    /// How many routes its table has.
    pub n_routes: usize,
    /// What came of the link plan.
    pub linked: Arc<Linked>,
    /// What came of the core apps.
    pub loaded: Arc<Loaded>,
    /// Where it listens.
    pub addr: SocketAddr,
    /// How long all of it took.
    pub elapsed: Duration,
}

impl Display for StartReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}, {}", self.host, count(self.n_apps, "app"), count(self.n_routes, "route"))?;
        match &self.linked.outcome {
            Ok(report) => linked(f, report)?,
            Err(error) => writeln!(f, "  links    failed: {}", chain(error))?,
        }
        loaded(f, &self.loaded)?;
        writeln!(f, "  ready    http://{}/ after {}", self.addr, Time(self.elapsed))
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
    let made = report.methods.iter().map(|(method, n)| format!("{n} by {method}"));
    let parts: Vec<String> = counts.chain(made).collect();
    write!(f, "  links    {} in {}", count(report.planned, "link"), Time(report.elapsed))?;
    writeln!(f, "{}{}", if parts.is_empty() { "" } else { ": " }, parts.join(", "))?;
    few(f, report.conflicts.iter().map(|conflict| format!("in the way: {conflict}")))?;
    few(f, report.failed.iter().map(|failure| format!("not linked: {}", chain(failure))))
}

fn loaded(f: &mut Formatter<'_>, loaded: &Loaded) -> fmt::Result {
    let done = loaded.apps.iter().filter_map(|(slug, result)| Some((slug, result.as_ref().ok()?)));
    let done: Vec<String> = done.map(|(slug, took)| format!("{slug} {}", Time(*took))).collect();
    let total = Time(loaded.took);
    write!(f, "  loaded   {} of {} in {total}", done.len(), count(loaded.apps.len(), "app"))?;
    writeln!(f, "{}{}", if done.is_empty() { "" } else { ": " }, done.join(", "))?;
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
