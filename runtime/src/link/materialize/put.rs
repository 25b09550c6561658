//! Puts the tree of the stage in the place of the folder, and its ledger in the place of the old one.

use std::fs;
use std::io;
use std::path::Path;

use super::destination::foreign_in;
use super::stage::Stage;
use crate::link::dir::Dir;
use crate::link::error::Problem;
use crate::link::ledger::{Ledger, Pending};
use crate::link::scene::Scene;
use crate::link::swap::swap;
use crate::link::walk::Walk;
use crate::link::{Conflict, LinkError};

/// Puts the tree in its place. If somebody put something into the folder meanwhile, that stays as it was, and is returned.
pub(super) fn put_in_place(
    ledger: &Ledger,
    public: &Path,
    stage: &Stage,
    scene: &mut Scene,
) -> Result<Option<Conflict>, LinkError> {
    // Whoever is killed after the swap leaves this, by which the next run knows the folder.
    let next = Pending::open(&stage.next()).and_then(|pending| pending.write(ledger));
    next.map_err(|error| stage.failed(error))?;
    // Windows renames no folder that is open.
    scene.public = Walk::new(None);
    let conflict = exchange(public, stage, &scene.old);
    let conflict = conflict.map_err(|error| LinkError::new(Problem::Materialize, public, error))?;
    if conflict.is_none() {
        let fail = |error| LinkError::new(Problem::WriteLedger, &scene.ledger_path, error);
        fs::rename(stage.next(), &scene.ledger_path).map_err(fail)?;
    }
    Ok(conflict)
}

/// Exchanges the tree and the folder, and exchanges them back if something foreign is in the folder by now.
fn exchange(public: &Path, stage: &Stage, old: &Ledger) -> io::Result<Option<Conflict>> {
    if !public.try_exists()? {
        return fs::rename(stage.tree(), public).map(|()| None);
    }
    swap(stage.tree(), public, &stage.aside())?;
    let mut before = Walk::new(Some(Dir::open(stage.tree())?));
    let conflict = foreign_in(&mut before, old).map_err(|refused| refused.error)?;
    drop(before);
    if conflict.is_some() {
        swap(stage.tree(), public, &stage.aside())?;
    }
    Ok(conflict)
}
