//! Carries out a link plan: makes the assets of the apps appear in a public folder, mostly by symlink.
//!
//! [`link`](link()) looks at everything first (`survey`) and writes nothing if something that Bakehouse did not make is
//! in the way; then it takes away what the plan no longer has and makes what is missing (`carry_out`). What was made is
//! noted in a ledger (`state`), so that the next run and [`clean`](clean()) touch nothing else. All paths are opened beneath the
//! public folder and the folder of the apps, one name at a time and never through a link (`walk`, `dir`).
//!
//! [`status`](status()) looks and writes nothing, [`materialize`](materialize()) makes a whole folder of real files, and
//! [`doctor`](doctor()) tries which ways of linking work in a place.

mod carry_out;
mod clean;
mod dir;
mod doctor;
mod error;
mod foresee;
mod made;
mod materialize;
mod path;
mod plan;
mod progress;
mod report;
mod run;
mod scene;
mod state;
mod status;
mod survey;
mod swap;
mod target;
mod walk;

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::AppId;
pub use crate::table::{LinkKind, LinkMode, PlannedLink};
use progress::Observer;
use run::Run;

pub use clean::clean;
pub use doctor::{Check, Diagnosis, doctor};
pub use error::LinkError;
pub use materialize::{MaterializeOptions, materialize};
pub use plan::LinkPlan;
pub use progress::{Phase, Progress};
pub use report::{Cleaned, Conflict, Entry, Failure, Kept, LinkMethod, MethodCounts, Outcome, Report};
pub use status::{Finding, Status, status};

/// Where a plan is carried out.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The folder of the apps, below which the sources are.
    pub root: &'a Path,
    /// The public folder. It may be a link, and is made if it is missing.
    pub public: &'a Path,
    /// The folder of the ledger, which is named after the public folder; see [`state_dir`]. Not in the public folder.
    pub state: &'a Path,
}

/// How a plan is carried out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, and named where it is set")]
pub struct LinkOptions {
    /// Takes the place of every entry's own mode.
    pub mode: Option<LinkMode>,
    /// Makes it a failure when an entry can't be made by the first method of its mode.
    pub require: bool,
    /// Reports what would be done, and writes nothing at all.
    pub dry_run: bool,
    /// The plan is a part of the whole one, the assets of one app for instance: what it does not name stays, unless it
    /// stands on the way to something that the plan does name.
    pub partial: bool,
    /// Leaves lazy entries that are not there yet for a later run. Conflicts with them are found all the same, and one
    /// that is there is kept true.
    pub defer_lazy: bool,
}

/// The folder where a public folder's ledger lies unless the user names another: `.bakehouse` beside it.
pub fn state_dir(public: &Path) -> PathBuf {
    folder_of(public).join(".bakehouse")
}

/// The folder that the public folder is in; the empty path is the current one.
fn folder_of(public: &Path) -> PathBuf {
    if let (Some(parent), Some(_)) = (public.parent(), public.file_name()) {
        return parent.to_owned();
    }
    // `.`, `..` and `/` do not say what is beside them.
    let public = public.canonicalize().unwrap_or_else(|_| public.to_owned());
    public.parent().unwrap_or(&public).to_owned()
}

/// Carries out `plan`. `slug_of` names its apps for the ledger, and `hash` is the plan's own.
///
/// [`LinkPlan`] has both. Conflicts and single failures are in the report. If there is a conflict, nothing was written.
///
/// # Errors
///
/// What stops everything: the public folder can't be made or opened, the folder of the apps is not there, the ledger
/// would lie in the public folder, can't be read or written, or its file is somebody else's, or another process holds the
/// lock for half a minute.
pub fn link<'t>(
    plan: &[PlannedLink<'t>],
    slug_of: impl Fn(AppId) -> &'t str,
    hash: u64,
    place: &Place<'_>,
    options: &LinkOptions,
) -> Result<Report, LinkError> {
    link_observed(plan, slug_of, hash, place, options, &mut |_| {})
}

/// Carries out `plan` as [`link`](link()) does, and tells `observe` how far it has come.
///
/// # Errors
///
/// As [`link`](link()).
pub fn link_observed<'t>(
    plan: &[PlannedLink<'t>],
    slug_of: impl Fn(AppId) -> &'t str,
    hash: u64,
    place: &Place<'_>,
    options: &LinkOptions,
    observe: &mut dyn FnMut(Progress),
) -> Result<Report, LinkError> {
    let began = Instant::now();
    let last = Cell::new(None);
    // Asked for each entry, and most belong to the app of the one before.
    let slug_of = |app: AppId| match last.get() {
        Some((known, slug)) if known == app => slug,
        _ => {
            let slug = slug_of(app);
            last.set(Some((app, slug)));
            slug
        }
    };
    let run = Run { plan, slug_of: &slug_of, hash, place, options: *options };
    let mut report = run.carry_out(&mut Observer::new(observe))?;
    report.elapsed = began.elapsed();
    Ok(report)
}

/// A name that nothing else has, for what is renamed when it is complete.
fn temporary_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    // Process ids are not unique among containers that share a volume; the hasher's keys are random.
    let random = RandomState::new().hash_one(std::process::id());
    format!(".bakehouse-{random:016x}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
