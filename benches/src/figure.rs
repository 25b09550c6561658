//! A figure beside its budget, and the table of all of them.

use std::fmt;
use std::io::{self, Write};

/// An amount of something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// Seconds, of CPU time unless the figure's name says otherwise.
    Time(f64),
    /// Bytes.
    Bytes(u64),
    /// A number of things.
    Count(u64),
}

impl Amount {
    #[expect(clippy::cast_precision_loss, reason = "nothing here is near 2^52")]
    fn value(self) -> f64 {
        match self {
            Self::Time(seconds) => seconds,
            Self::Bytes(number) | Self::Count(number) => number as f64,
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value();
        let digits = |scaled: f64| if scaled < 10.0 { 2 } else { usize::from(scaled < 100.0) };
        let mut scaled = |factor: f64, unit: &str| {
            let scaled = value * factor;
            f.pad(&format!("{scaled:.*} {unit}", digits(scaled)))
        };
        match self {
            Self::Time(seconds) if *seconds < 1e-6 => scaled(1e9, "ns"),
            Self::Time(seconds) if *seconds < 1e-3 => scaled(1e6, "us"),
            Self::Time(seconds) if *seconds < 1.0 => scaled(1e3, "ms"),
            Self::Time(_) => scaled(1.0, "s"),
            Self::Bytes(bytes) if *bytes < 1_000_000 => scaled(1e-3, "KB"),
            Self::Bytes(_) => scaled(1e-6, "MB"),
            Self::Count(count) => f.pad(&count.to_string()),
        }
    }
}

/// What a figure has to keep to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Budget {
    /// Nothing; the figure is for information.
    None,
    /// Ours is at most this.
    AtMost(Amount),
    /// Ours is at most the peer's and this much more.
    Plus(Amount),
    /// The peer takes at least this many times as much as ours.
    Faster(f64),
    /// Ours is at most this many times the peer's.
    Within(f64),
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.pad("-"),
            Self::AtMost(limit) => f.pad(&format!("<= {limit}")),
            Self::Plus(Amount::Count(0)) => f.pad("the same"),
            Self::Plus(limit) => f.pad(&format!("peer + {limit}")),
            Self::Faster(factor) => f.pad(&format!("{factor}x faster")),
            Self::Within(factor) => f.pad(&format!("{factor}x of peer")),
        }
    }
}

/// What was measured for one line of the table.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// What it has to keep to.
    pub budget: Budget,
    /// What Bakehouse takes.
    pub ours: Amount,
    /// Who else was measured in the same run, and what they take.
    pub peer: Option<(&'static str, Amount)>,
}

impl Figure {
    pub(crate) fn alone(name: impl Into<String>, budget: Budget, ours: Amount) -> Self {
        Self { name: name.into(), budget, ours, peer: None }
    }

    pub(crate) fn against(
        name: impl Into<String>,
        budget: Budget,
        ours: Amount,
        peer: &'static str,
        theirs: Amount,
    ) -> Self {
        Self { name: name.into(), budget, ours, peer: Some((peer, theirs)) }
    }

    /// How many times what ours takes the peer takes.
    pub fn ratio(&self) -> Option<f64> {
        self.peer.map(|(_, theirs)| theirs.value() / self.ours.value())
    }

    /// What of its budget the figure takes: 1 is all of it, and more is too much. `None` without a budget.
    pub fn used(&self) -> Option<f64> {
        let ours = self.ours.value();
        let theirs = self.peer.map(|(_, theirs)| theirs.value());
        match self.budget {
            Budget::None => None,
            Budget::AtMost(limit) => Some(ours / limit.value()),
            Budget::Plus(Amount::Count(0)) => theirs.map(|theirs| ours / theirs),
            Budget::Plus(limit) => theirs.map(|theirs| (ours - theirs) / limit.value()),
            Budget::Faster(factor) => theirs.map(|theirs| factor * ours / theirs),
            Budget::Within(factor) => theirs.map(|theirs| ours / theirs / factor),
        }
    }

    pub(crate) fn verdict(&self) -> String {
        match self.used() {
            None => String::new(),
            Some(used) if used <= 1.0 => "met".to_owned(),
            Some(used) => format!("missed {used:.2}x"),
        }
    }
}

/// Writes the names of the columns.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_header(out: &mut impl Write) -> io::Result<()> {
    write_row(out, ["figure", "budget", "ours", "peer", "", "ratio", "verdict"])
}

/// Writes a figure as a line of the table.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_figure(out: &mut impl Write, figure: &Figure) -> io::Result<()> {
    let (peer, theirs) = figure.peer.map_or(("", String::new()), |(peer, theirs)| (peer, theirs.to_string()));
    let ratio = figure.ratio().map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    let (budget, ours) = (figure.budget.to_string(), figure.ours.to_string());
    write_row(out, [&figure.name, &budget, &ours, &theirs, peer, &ratio, &figure.verdict()])
}

fn write_row(out: &mut impl Write, cells: [&str; 7]) -> io::Result<()> {
    let [name, budget, ours, theirs, peer, ratio, verdict] = cells;
    let row = format!("{name:<76} {budget:>16} {ours:>9} {theirs:>9} {peer:<16} {ratio:>7}  {verdict}");
    writeln!(out, "{}", row.trim_end())
}
