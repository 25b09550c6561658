//! Says of each entry what it became, and how that differs from what was there before.

use super::stage::Stage;
use super::twins::Twins;
use crate::link::dir::Dir;
use crate::link::path::{join, split};
use crate::link::scene::Scene;
use crate::link::state::ledger::{Ledger, Mark};
use crate::link::walk::{Refused, Walk};
use crate::link::{Entry, LinkError, LinkMethod, Outcome, PlannedLink, Report};

/// Adds to `report` what becomes of each entry when the tree of the stage, which `new` describes, takes its place.
pub(super) fn tally(
    plan: &[PlannedLink<'_>],
    new: &Ledger,
    twins: &Twins,
    stage: &Stage,
    scene: &mut Scene,
    report: &mut Report,
) -> Result<(), LinkError> {
    let mut tree = Walk::new(Some(Dir::open(stage.tree()).map_err(|error| stage.failed(error))?));
    for planned in plan {
        let files = files(planned);
        let outcomes = files.iter().map(|path| outcome(path, new, scene, &mut tree));
        let outcome = outcomes.reduce(|one, other| if one == other { one } else { Outcome::Replaced });
        let outcome = outcome.unwrap_or(Outcome::Created);
        let (method, reason) = twins.method(&files);
        report.stands(Entry { path: planned.public.to_vec(), method, reason: reason.into(), outcome });
    }
    let is_gone = |path: &[u8]| new.get(path).is_none();
    report.removed = scene.old.records.iter().filter(|record| !record.is_folder() && is_gone(&record.path)).count();
    report.notes.extend(twins.note());
    Ok(())
}

/// The public paths of an entry's files; of one without files, its own.
fn files(entry: &PlannedLink<'_>) -> Vec<Vec<u8>> {
    if entry.files.is_empty() {
        return vec![entry.public.to_vec()];
    }
    entry.files.iter().map(|file| join(entry.public, file)).collect()
}

fn outcome(path: &[u8], new: &Ledger, scene: &mut Scene, tree: &mut Walk) -> Outcome {
    match (scene.old.get(path).map(|record| &record.mark), new.get(path).map(|record| &record.mark)) {
        (None, _) => Outcome::Created,
        (Some(Mark::Folder), Some(Mark::Folder)) => Outcome::Unchanged,
        (Some(Mark::Copy { own, .. }), Some(Mark::Copy { own: now, .. })) if own.size == now.size => {
            // What can't be read counts as another.
            let is_same = has_same_bytes(path, &mut scene.public, tree).unwrap_or(false);
            if is_same { Outcome::Unchanged } else { Outcome::Replaced }
        }
        _ => Outcome::Replaced,
    }
}

fn has_same_bytes(path: &[u8], one: &mut Walk, other: &mut Walk) -> Result<bool, Refused> {
    let (folder, name) = split(path);
    let (one, other) = (one.reach(folder)?, other.reach(folder)?);
    one.same_bytes(name, other, name).map_err(|error| Refused::at(path, error))
}

impl Twins {
    /// How the files of an entry were made, and why so.
    fn method(&self, files: &[Vec<u8>]) -> (LinkMethod, String) {
        let n_linked = files.iter().filter(|path| self.linked.contains(*path)).count();
        match n_linked {
            0 => (LinkMethod::Copy, "copy".to_owned()),
            n if n == files.len() => (LinkMethod::Hardlink, "hardlink: equal to what another path has".to_owned()),
            n => (LinkMethod::Copy, format!("copy, but {n} of {} files are hard links of equal ones", files.len())),
        }
    }
}
