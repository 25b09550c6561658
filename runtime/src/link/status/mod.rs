//! Compares the public folder with a plan and says what differs; writes nothing.
//!
//! The look is phase 1 of a run ([`survey`](super::survey)); here its findings are sorted into what is as planned,
//! missing, foreign, stale or dangling (`judge`).

mod judge;

use std::time::{Duration, Instant};

use super::progress::Observer;
use super::scene::Scene;
use super::survey::survey;
use super::{Conflict, Failure, LinkError, LinkMode, LinkOptions, Place, PlannedLink};
use judge::{judge_entry, judge_obsolete};

/// How a public folder stands against a plan. Lists are sorted by path.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Status {
    /// How many entries the plan has; a folded folder is one.
    pub planned: usize,
    /// Lazy entries that are not there yet: they come when somebody needs them, so they are not missing.
    pub deferred: usize,
    /// Entries of the plan that are as they should be, all of their files included.
    pub ok: Vec<Vec<u8>>,
    /// What the plan wants and is not there.
    pub missing: Vec<Finding>,
    /// What Bakehouse did not make and is in the way of something planned.
    pub foreign: Vec<Finding>,
    /// What Bakehouse made and is no longer what the plan wants: something that the plan no longer has, a link with an
    /// old target, a copy of a source that has changed, a link to a folder that holds something else than was planned.
    pub stale: Vec<Finding>,
    /// What Bakehouse made of a source that is gone.
    pub dangling: Vec<Finding>,
    /// What could not be looked at.
    pub unseen: Vec<Failure>,
    /// What a person should know besides: a ledger that could not be trusted, for instance.
    pub notes: Vec<String>,
    /// How long the look took.
    pub elapsed: Duration,
}

/// Something that is not as planned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Finding {
    /// Where, relative to the public folder.
    pub path: Vec<u8>,
    /// What is the matter with it.
    pub why: String,
}

impl Status {
    /// Whether everything is as planned, but for what is left until somebody needs it.
    pub fn is_fine(&self) -> bool {
        [&self.missing, &self.foreign, &self.stale, &self.dangling].iter().all(|list| list.is_empty())
            && self.unseen.is_empty()
    }
}

/// Compares the public folder with `plan`; `mode` takes the place of every entry's own, as in a run. Reads only, and
/// takes no lock.
///
/// # Errors
///
/// What stops a run too: the public folder or the folder of the apps can't be opened, the ledger would lie in the public
/// folder, can't be read, or its file is somebody else's. A public folder that does not exist is an empty one.
pub fn status(plan: &[PlannedLink<'_>], place: &Place<'_>, mode: Option<LinkMode>) -> Result<Status, LinkError> {
    let began = Instant::now();
    let mut scene = Scene::open(place, true)?;
    let options = LinkOptions { mode, dry_run: true, defer_lazy: true, ..LinkOptions::default() };
    // What a look behind links notes for a run, is a finding here.
    let notes = std::mem::take(&mut scene.notes);
    let (survey, report) = survey(plan, options, &mut scene, None, &mut Observer::new(&mut |_| {}));
    let mut status = Status {
        planned: report.planned,
        deferred: report.deferred,
        foreign: report.conflicts.into_iter().map(Finding::from).collect(),
        unseen: report.failed,
        notes,
        ..Status::default()
    };
    for steps in survey.by_entry() {
        judge_entry(steps, &mut scene, &mut status);
    }
    for record in &survey.obsolete {
        judge_obsolete(record, &mut scene, &mut status);
    }
    for list in [&mut status.missing, &mut status.foreign, &mut status.stale, &mut status.dangling] {
        list.sort_unstable();
    }
    status.elapsed = began.elapsed();
    Ok(status)
}

impl From<Conflict> for Finding {
    fn from(conflict: Conflict) -> Self {
        Self { path: conflict.path, why: format!("{} is in the way", conflict.found) }
    }
}
