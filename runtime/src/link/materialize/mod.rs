//! Writes the assets of a plan as real files into a folder of their own, for shipping an image or an archive.
//!
//! The whole tree is made by a run in mode `copy` in a `stage` beside the folder, equal files are made one (`twins`), and
//! the tree takes the folder's place in one rename (`put`). A run that is killed or fails leaves the folder as it was. The
//! ledger that it leaves tells the next run that the folder is its own (`destination`), and a host that its files are
//! copies.

mod destination;
mod put;
mod stage;
mod tally;
mod twins;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Instant;

use super::clean::remove_state;
use super::error::Problem;
use super::scene::Scene;
use super::{LinkError, LinkMode, LinkOptions, Place, PlannedLink, Progress, Report, link_observed};
use crate::AppId;
use destination::known_or_foreign;
use put::put_in_place;
use stage::Stage;
use tally::tally;
use twins::{Twins, unite};

/// How a plan is materialized.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MaterializeOptions {
    /// Writes files that are equal once, as hard links of one another: whoever edits one edits all. They have the time and
    /// the permissions of the first of them, in the order of paths.
    pub dedupe: bool,
}

/// Writes the files of every entry of `plan`, lazy ones too, into the folder `place.public`: one that is new, empty, or
/// wholly of Bakehouse's making, which is replaced then. `slug_of`, `hash` and `observe` are as for
/// [`link_observed`](super::link_observed()).
///
/// A file has the permissions of its source, as far as the umask lets it, and its time to the second. The stage is in
/// `place.state`, which has to be on the file system of the folder. The report is as of a run in mode `copy`, compared
/// with what was there before; if there is a conflict or a failure in it, nothing was changed.
///
/// # Errors
///
/// What stops everything: the folder is a link or no folder, or can't be put in its place; the folder of the apps is not
/// there; the stage or the ledger can't be written.
pub fn materialize<'t>(
    plan: &[PlannedLink<'t>],
    slug_of: impl Fn(AppId) -> &'t str,
    hash: u64,
    place: &Place<'_>,
    options: MaterializeOptions,
    observe: &mut dyn FnMut(Progress),
) -> Result<Report, LinkError> {
    let began = Instant::now();
    refuse_what_is_no_folder(place.public)?;
    let mut scene = Scene::open(place, true)?;
    let stage = Stage::beside(&scene.ledger_path);
    let mut report = Report { planned: plan.len(), ..Report::default() };
    report.conflicts.extend(known_or_foreign(&mut scene, &stage)?);
    if report.conflicts.is_empty() {
        stage.open()?;
        let options_of_run = LinkOptions { mode: Some(LinkMode::Copy), ..LinkOptions::default() };
        let done = match link_observed(plan, slug_of, hash, &stage.place(place.root), &options_of_run, observe) {
            Ok(copied) if copied.is_fine() => finish(plan, place.public, options, &stage, &mut scene, &mut report),
            Ok(copied) => {
                report.failed = copied.failed;
                Ok(())
            }
            Err(error) => Err(error),
        };
        // What is left of a stage, the next run takes away.
        let _ = stage.remove();
        remove_state(place);
        done?;
    }
    report.notes.append(&mut scene.notes);
    report.elapsed = began.elapsed();
    Ok(report)
}

/// A link would be replaced, and not the folder to which it leads.
fn refuse_what_is_no_folder(public: &Path) -> Result<(), LinkError> {
    let refuse = |error| Err(LinkError::new(Problem::Materialize, public, error));
    match fs::symlink_metadata(public) {
        Ok(metadata) if metadata.is_symlink() => refuse(io::Error::new(ErrorKind::InvalidInput, "it is a link")),
        Ok(metadata) if !metadata.is_dir() => refuse(io::Error::new(ErrorKind::InvalidInput, "it is no folder")),
        Err(error) if error.kind() != ErrorKind::NotFound => refuse(error),
        _ => Ok(()),
    }
}

/// Makes one of what is equal in the tree, tallies it, and puts it in its place.
fn finish(
    plan: &[PlannedLink<'_>],
    public: &Path,
    options: MaterializeOptions,
    stage: &Stage,
    scene: &mut Scene,
    report: &mut Report,
) -> Result<(), LinkError> {
    let mut ledger = stage.ledger()?;
    let twins = if options.dedupe { unite(stage.tree(), &mut ledger) } else { Ok(Twins::default()) };
    let twins = twins.map_err(|error| stage.failed(error))?;
    ledger.public.clone_from(&scene.public_path);
    tally(plan, &ledger, &twins, stage, scene, report)?;
    if let Some(conflict) = put_in_place(&ledger, public, stage, scene)? {
        *report = Report { planned: plan.len(), conflicts: vec![conflict], ..Report::default() };
    }
    Ok(())
}
