//! Puts the tree of the stage in the place of the folder, and its ledger in the place of the old one.

use std::fs;
use std::io;
use std::path::Path;

use super::destination::foreign_in;
use super::stage::Stage;
use crate::link::dir::Dir;
use crate::link::error::Problem;
use crate::link::scene::Scene;
use crate::link::state::ledger::{Ledger, Next};
use crate::link::swap::swap;
use crate::link::walk::Walk;
use crate::link::{Conflict, LinkError, temporary_name};

/// Puts the tree in its place. If somebody put something into the folder meanwhile, that stays as it was, and is returned.
pub(super) fn put_in_place(
    ledger: Ledger,
    public: &Path,
    stage: &Stage,
    scene: &mut Scene,
) -> Result<Option<Conflict>, LinkError> {
    let files = &scene.files;
    let fail = |error| LinkError::new(Problem::WriteLedger, &files.ledger, error);
    // By this, the next run knows the folder, whenever this one is killed. It has no stage there to look for.
    let next = Next { ledger, stage: temporary_name().into_bytes() };
    files.remove_stamp().and_then(|()| files.begin(&next)).map_err(fail)?;
    // Windows renames no folder that is open.
    scene.public = Walk::new(None);
    // An error leaves the next ledger too, by which the next run knows the folder whatever it is by then.
    let conflict = exchange(public, stage, &scene.old);
    let conflict = conflict.map_err(|error| LinkError::new(Problem::Materialize, public, error))?;
    let written = if conflict.is_none() { files.complete() } else { files.end() };
    written.map(|()| conflict).map_err(fail)
}

/// Exchanges the tree and the folder, and exchanges them back if something foreign is in the folder by now.
fn exchange(public: &Path, stage: &Stage, old: &Ledger) -> io::Result<Option<Conflict>> {
    if !public.try_exists()? {
        return fs::rename(stage.tree(), public).map(|()| None);
    }
    swap(stage.tree(), public, &stage.aside())?;
    let looked = Dir::open(stage.tree()).map(|dir| Walk::new(Some(dir)));
    let conflict = looked.and_then(|mut before| foreign_in(&mut before, old).map_err(|refused| refused.error));
    if !matches!(conflict, Ok(None)) {
        swap(stage.tree(), public, &stage.aside())?;
    }
    conflict
}
