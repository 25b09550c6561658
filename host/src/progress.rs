//! How far a host has come: its start and its assets, as far as somebody may ask for it later, and whether its end has begun.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use serde_json::{Value, json};

use crate::event::{Linked, micros};

/// How far a host has come.
#[derive(Default)]
pub(crate) struct Progress {
    /// How long the core apps took together.
    pub(crate) load_time: OnceLock<Duration>,
    /// How long the whole start took.
    pub(crate) start_time: OnceLock<Duration>,
    is_ending: AtomicBool,
}

/// How far the assets of a table have come.
#[derive(Default)]
pub(crate) struct AssetProgress {
    /// Whether the critical ones were in place when the host began to go by the table.
    has_critical: bool,
    /// What came of the link plan.
    pub(crate) links: OnceLock<LinkMetrics>,
}

/// What came of the link plan, at the start or after the last swap of the table.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct LinkMetrics {
    /// How long the linker took; `None` if it could do nothing.
    pub took: Option<Duration>,
    /// How many links the plan has, a folder that is linked as a whole being one.
    pub planned: usize,
    /// How many were made.
    pub created: usize,
    /// How many took the place of earlier ones.
    pub replaced: usize,
    /// How many were as planned already.
    pub unchanged: usize,
    /// How many were taken away.
    pub removed: usize,
    /// How many are made when they are first needed.
    pub deferred: usize,
    /// In how many places something was in the way.
    pub conflicts: usize,
    /// How many could not be made.
    pub failed: usize,
    /// As `/metrics` shows it.
    pub(crate) shown: Value,
}

impl LinkMetrics {
    pub(crate) fn of(linked: &Linked) -> Self {
        match &linked.outcome {
            Ok(report) => Self {
                took: Some(report.elapsed),
                planned: report.planned,
                created: report.created,
                replaced: report.replaced,
                unchanged: report.unchanged,
                removed: report.removed,
                deferred: report.deferred,
                conflicts: report.conflicts.len(),
                failed: report.failed.len(),
                shown: linked.to_json(),
            },
            // Why is told at the start, and may name a folder of this machine.
            Err(_) => Self {
                shown: json!({ "error": "the assets could not be linked", "elapsed_us": micros(linked.elapsed) }),
                ..Self::default()
            },
        }
    }

    fn is_fine(&self) -> bool {
        self.took.is_some() && self.conflicts == 0 && self.failed == 0
    }
}

impl Progress {
    /// Notes that the host is ending.
    pub(crate) fn end(&self) {
        self.is_ending.store(true, Relaxed);
    }

    /// Whether the host is ending, so that a request is the last of its connection.
    pub(crate) fn is_ending(&self) -> bool {
        self.is_ending.load(Relaxed)
    }
}

impl AssetProgress {
    pub(crate) fn new(has_critical: bool) -> Self {
        Self { has_critical, links: OnceLock::new() }
    }

    /// What is wrong with the assets, so that the host is not ready.
    ///
    /// Those that are neither critical nor lazy need not be there: a request for one waits until they are. What is in the
    /// way of one of them is told at the start, and keeps nobody from the others.
    pub(crate) fn lacking(&self) -> Option<&'static str> {
        match self.links.get() {
            None if self.has_critical => None,
            None => Some("The assets are still being linked."),
            Some(links) if links.took.is_none() => Some("The assets could not be linked."),
            Some(links) if self.has_critical || links.is_fine() => None,
            Some(_) => Some("Critical assets could not be linked."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_that_are_not_critical_are_not_waited_for() {
        let fine = LinkMetrics { took: Some(Duration::ZERO), ..LinkMetrics::default() };
        let conflict = LinkMetrics { conflicts: 1, ..fine.clone() };
        let failed = LinkMetrics { failed: 1, ..fine.clone() };
        let cases = [
            (true, None, None),
            (true, Some(&fine), None),
            (true, Some(&conflict), None),
            (false, None, Some("The assets are still being linked.")),
            (false, Some(&fine), None),
            (false, Some(&conflict), Some("Critical assets could not be linked.")),
            (false, Some(&failed), Some("Critical assets could not be linked.")),
            (true, Some(&LinkMetrics::default()), Some("The assets could not be linked.")),
        ];
        for (has_critical, links, expected) in cases {
            let links = links.cloned().map(Into::into).unwrap_or_default();
            let case = format!("{has_critical} {links:?}");
            assert_eq!(AssetProgress { has_critical, links }.lacking(), expected, "{case}");
        }
    }
}
