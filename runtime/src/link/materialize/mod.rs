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

use super::clean::{remove_state, take_turn};
use super::error::Problem;
use super::scene::Scene;
use super::{Conflict, LinkError, LinkMode, LinkOptions, Place, PlannedLink, Progress, Report, link_observed};
use crate::AppId;
use crate::link::state::turn::Turn;
use destination::foreign_in_public;
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
    let mut report = Report { planned: plan.len(), ..Report::default() };
    let mut scene = Scene::open(place, true)?;
    let mut conflict = foreign_in_public(&mut scene)?;
    // What is in the way may be of another run's making, unless none ever had a turn.
    if conflict.is_none() || scene.files.lock.exists() {
        let turn = take_turn(&scene.files)?;
        scene = Scene::open(place, true)?;
        scene.recover()?;
        conflict = foreign_in_public(&mut scene)?;
        if conflict.is_none() {
            let run = |stage: &Stage| {
                let options = LinkOptions { mode: Some(LinkMode::Copy), ..LinkOptions::default() };
                link_observed(plan, slug_of, hash, &stage.place(place.root), &options, observe)
            };
            conflict = make(plan, place.public, options, run, &mut scene, &mut report)?;
        }
        end_turn(turn, place, &scene)?;
    }
    if let Some(conflict) = conflict {
        report = Report { planned: plan.len(), conflicts: vec![conflict], ..Report::default() };
    }
    report.notes.append(&mut scene.notes);
    report.elapsed = began.elapsed();
    Ok(report)
}

/// Lets others have their turn. Where nothing was ever made, nothing stays.
fn end_turn(turn: Option<Turn>, place: &Place<'_>, scene: &Scene) -> Result<(), LinkError> {
    let lock = &scene.files.lock;
    if let Some(turn) = turn.filter(|_| !scene.files.ledger.exists()) {
        turn.end_for_good().map_err(|error| LinkError::new(Problem::Lock, lock, error))?;
        remove_state(place);
    }
    Ok(())
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

/// Makes the tree in a stage by `run`, and puts it in its place; gives what somebody else put there meanwhile.
fn make(
    plan: &[PlannedLink<'_>],
    public: &Path,
    options: MaterializeOptions,
    run: impl FnOnce(&Stage) -> Result<Report, LinkError>,
    scene: &mut Scene,
    report: &mut Report,
) -> Result<Option<Conflict>, LinkError> {
    let stage = Stage::beside(&scene.files.ledger);
    stage.open()?;
    let copied = run(&stage).map_err(|error| if stage.has(error.path()) { error.in_stage() } else { error });
    let made = copied.and_then(|copied| {
        if copied.is_fine() {
            return finish(plan, public, options, &stage, scene, report);
        }
        report.failed = copied.failed;
        Ok(None)
    });
    // What is left of a stage, the next run takes away.
    let _ = stage.remove();
    made
}

/// Makes one of what is equal in the tree, tallies it, and puts it in its place.
fn finish(
    plan: &[PlannedLink<'_>],
    public: &Path,
    options: MaterializeOptions,
    stage: &Stage,
    scene: &mut Scene,
    report: &mut Report,
) -> Result<Option<Conflict>, LinkError> {
    let mut ledger = stage.ledger()?;
    let twins = if options.dedupe { unite(stage.tree(), &mut ledger) } else { Ok(Twins::default()) };
    let twins = twins.map_err(|error| stage.failed(error))?;
    ledger.public.clone_from(&scene.public_path);
    tally(plan, &ledger, &twins, stage, scene, report)?;
    put_in_place(ledger, public, stage, scene)
}
