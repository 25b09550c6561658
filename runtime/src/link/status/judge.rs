//! Says of each step of a survey, and of each record that the plan no longer has, into which list it belongs.

use super::{Finding, Status};
use crate::link::dir::Kind;
use crate::link::path::{show, split};
use crate::link::scene::Scene;
use crate::link::state::ledger::{Mark, Record};
use crate::link::state::ours::{Verdict, describe, verdict};
use crate::link::survey::behind::look_behind;
use crate::link::survey::source::look_at_source;
use crate::link::survey::standing::{Leaf, Obstacle, Standing, standing, unseen};
use crate::link::survey::{Step, files};
use crate::link::walk::Refused;
use crate::link::{Failure, LinkKind, LinkMode};

/// Judges the steps of one entry; without a fault in any, the entry is as planned.
pub(super) fn judge_entry(steps: &[Step<'_, '_>], scene: &mut Scene, status: &mut Status) {
    let mut is_ok = true;
    for step in steps {
        is_ok &= judge_step(step, scene, status);
    }
    if let Some(step) = steps.first().filter(|_| is_ok) {
        status.ok.push(step.entry.public.to_vec());
    }
}

/// Judges what the ledger has and the plan no longer wants.
pub(super) fn judge_obsolete(record: &Record, scene: &mut Scene, status: &mut Status) {
    match verdict(&mut scene.public, record) {
        Ok(Verdict::Ours) if is_dangling(record, scene) => {
            status.dangling.push(finding(&record.path, "the plan no longer has it, and its source is gone"));
        }
        Ok(Verdict::Ours) => status.stale.push(finding(&record.path, "the plan no longer has it")),
        // Taken away already, or somebody else's by now: it is in nobody's way.
        Ok(Verdict::Gone | Verdict::Changed(_)) => {}
        Err(refused) => status.unseen.extend(failure(refused)),
    }
}

/// Whether the step is as planned; where it is not, `status` has it then.
fn judge_step(step: &Step<'_, '_>, scene: &mut Scene, status: &mut Status) -> bool {
    let leaf = &step.leaf;
    let why = match &step.standing {
        Some(Standing::Missing) => {
            status.missing.push(finding(&leaf.public, "nothing is there"));
            return false;
        }
        Some(Standing::Ours) if leaf.by_file => more_than_planned(step, scene),
        Some(Standing::Ours) => old_state(leaf, scene),
        Some(Standing::OurFolder) => old_folder(step, scene),
        Some(Standing::Same(Mark::Symlink { .. })) if leaf.kind == LinkKind::Folder => less_than_planned(step, scene),
        Some(Standing::Same(_) | Standing::StandIn(_) | Standing::Folder) => return true,
        // What is in its way is told itself.
        Some(Standing::Behind) => return false,
        None => {
            judge_without_source(leaf, scene, status);
            return false;
        }
    };
    match why {
        Ok(None) => return true,
        Ok(Some(why)) => status.stale.push(finding(&leaf.public, why)),
        Err(failure) => status.unseen.extend(failure),
    }
    false
}

/// Judges what could not be surveyed because its source is gone. For any other reason, `status` has it already.
fn judge_without_source(leaf: &Leaf<'_>, scene: &mut Scene, status: &mut Status) {
    let Err(Failure { problem, error: None, .. }) = look_at_source(&mut scene.root, leaf) else { return };
    status.unseen.retain(|failure| failure.path != *leaf.public);
    match what_is_there(leaf, scene) {
        Ok(There::Nothing) => status.missing.push(finding(&leaf.public, problem)),
        Ok(There::Ours) => status.dangling.push(finding(&leaf.public, problem)),
        Ok(There::Foreign(found)) => {
            status.foreign.push(finding(&leaf.public, format!("{found} is in the way, and {problem}")));
        }
        Err(refused) => status.unseen.extend(failure(refused)),
    }
}

/// What lies at the place of something that has no source.
enum There {
    Nothing,
    Ours,
    Foreign(String),
}

fn what_is_there(leaf: &Leaf<'_>, scene: &mut Scene) -> Result<There, Refused> {
    if let Some(record) = scene.old.get(&leaf.public)
        && verdict(&mut scene.public, record)? == Verdict::Ours
    {
        return Ok(There::Ours);
    }
    let (folder, name) = split(&leaf.public);
    let dir = match scene.public.reach(folder) {
        Ok(dir) => dir,
        Err(refused) if refused.is_missing() || refused.is_no_folder() => return Ok(There::Nothing),
        Err(refused) => return Err(refused),
    };
    let look = || {
        let Some(seen) = dir.look(name)? else { return Ok(There::Nothing) };
        // A link to the very source is ours, whoever made it.
        let is_ours =
            seen.kind == Kind::Symlink && scene.targets.is_target(&dir.read_link(name)?, &leaf.public, &leaf.source);
        Ok(if is_ours { There::Ours } else { There::Foreign(describe(dir, name, seen.kind)?) })
    };
    look().map_err(|error| Refused::at(&leaf.public, error))
}

/// What the folder behind a link shows that the plan does not have.
fn more_than_planned(step: &Step<'_, '_>, scene: &mut Scene) -> Result<Option<String>, Option<Failure>> {
    let behind = look_behind(&mut scene.root, step.entry).map_err(failure)?;
    let unplanned = behind.unplanned.unwrap_or_default();
    Ok(Some(format!("it shows `{}` too, which was not there at the bake; bake again", show(&unplanned))))
}

/// What the folder behind a link no longer has.
fn less_than_planned(step: &Step<'_, '_>, scene: &mut Scene) -> Result<Option<String>, Option<Failure>> {
    let behind = look_behind(&mut scene.root, step.entry).map_err(failure)?;
    Ok(behind.remark(step.entry))
}

/// How something of ours differs from what the plan wants in its place.
fn old_state(leaf: &Leaf<'_>, scene: &mut Scene) -> Result<Option<String>, Option<Failure>> {
    let source = show(&leaf.source);
    let wanted = match leaf.mode {
        LinkMode::Auto | LinkMode::Symlink => {
            format!("a link to `{}`", show(&scene.targets.target(&leaf.public, &leaf.source)))
        }
        LinkMode::Hardlink => format!("a hard link of `{source}`"),
        LinkMode::Copy => format!("a copy of `{source}` as it is now"),
    };
    let (folder, name) = split(&leaf.public);
    let found = scene.public.reach(folder).and_then(|dir| {
        let look = || match dir.look(name)? {
            Some(seen) => describe(dir, name, seen.kind),
            None => Ok("nothing any more".to_owned()),
        };
        look().map_err(|error| Refused::at(&leaf.public, error))
    });
    found.map(|found| Some(format!("it is {found}, and the plan wants {wanted}"))).map_err(failure)
}

/// How a folder of ours that stands in the place of a link differs; a whole and true copy does not, as it was made where
/// a link could not be.
fn old_folder(step: &Step<'_, '_>, scene: &mut Scene) -> Result<Option<String>, Option<Failure>> {
    let copies = files(step.entry, LinkMode::Copy);
    let is_made = |record: &&Record| !record.is_folder();
    let mut is_whole = scene.old.below(step.entry.public).iter().filter(is_made).count() == copies.len();
    for leaf in copies {
        is_whole &= match standing(scene, &leaf) {
            Ok(standing) => matches!(standing, Standing::Same(_)),
            Err(Obstacle::Failure(failure)) => return Err(Some(failure)),
            Err(Obstacle::Conflict(_)) => false,
        };
    }
    let wanted = show(step.entry.source);
    Ok((!is_whole).then(|| format!("it is a folder of links and copies, and the plan wants one link to `{wanted}`")))
}

/// Whether a record is of a link into the folder of the apps that leads to nothing there.
fn is_dangling(record: &Record, scene: &mut Scene) -> bool {
    let Mark::Symlink { target } = &record.mark else { return false };
    let to_root = scene.targets.target(&record.path, b"");
    let Some(source) = target.strip_prefix(&*to_root) else { return false };
    let (folder, name) = split(source);
    let looked = scene.root.reach(folder).and_then(|dir| dir.look(name).map_err(|error| Refused::at(source, error)));
    match looked {
        Ok(seen) => seen.is_none(),
        Err(refused) => refused.is_missing(),
    }
}

fn failure(refused: Refused) -> Option<Failure> {
    match unseen(refused) {
        Obstacle::Failure(failure) => Some(failure),
        Obstacle::Conflict(_) => None,
    }
}

fn finding(path: &[u8], why: impl Into<String>) -> Finding {
    Finding { path: path.to_vec(), why: why.into() }
}
