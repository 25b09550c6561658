//! Makes one link or copy at a free name.

use std::io::{self, ErrorKind};
use std::rc::Rc;

use crate::link::LinkMethod;
use crate::link::dir::{Dir, Kind, find_all};
use crate::link::path::split;
use crate::link::scene::Scene;
use crate::link::state::ledger::Mark;
use crate::link::state::ours::{Verdict, describe, remove};
use crate::link::survey::standing::Leaf;
use crate::link::target::Targets;
use crate::link::walk::{Refused, Walk};

/// What is needed to make anything: where sources are, and how links lead to them.
pub(super) struct Making<'m> {
    pub(super) root: &'m mut Walk,
    pub(super) targets: &'m Targets,
    pub(super) began: std::time::SystemTime,
    /// The name under which a copy is made until it is complete.
    pub(super) partial: &'m [u8],
}

/// Makes `leaf` by `method` in `dir`, under its own name. Whether a symlink is there then, [`check`] looks.
pub(super) fn make(making: &mut Making<'_>, dir: &Dir, leaf: &Leaf<'_>, method: LinkMethod) -> Result<Mark, Refused> {
    let name = split(&leaf.public).1;
    let fail = |error| Refused::at(&leaf.public, error);
    let link = |target: Rc<[u8]>, made: io::Result<()>| {
        if made.as_ref().is_err_and(|error| error.kind() != ErrorKind::AlreadyExists) {
            // The name was free when the call was made, so what is there is a stub that the system left.
            let _ = dir.remove(name);
        }
        made.map(|()| Mark::Symlink { target }).map_err(fail)
    };
    match method {
        LinkMethod::Symlink => {
            let target = making.targets.target(&leaf.public, &leaf.source);
            let made = dir.symlink(&target, name, leaf.kind);
            link(target, made)
        }
        LinkMethod::Junction => {
            let target = making.targets.absolute(&leaf.source);
            let made = dir.junction(&target, name);
            link(target.into(), made)
        }
        LinkMethod::Hardlink => {
            let (folder, source_name) = split(&leaf.source);
            making.root.reach(folder)?.hard_link(source_name, dir, name).map_err(fail)?;
            let seen = dir.look(name).map_err(fail)?.ok_or_else(|| fail(created_nothing()))?;
            Ok(Mark::hardlink(&seen))
        }
        LinkMethod::Copy => copy(making, dir, leaf),
    }
}

fn copy(making: &mut Making<'_>, dir: &Dir, leaf: &Leaf<'_>) -> Result<Mark, Refused> {
    let fail = |error| Refused::at(&leaf.public, error);
    let (folder, source_name) = split(&leaf.source);
    let source = making.root.reach(folder)?;
    let made = source.copy(source_name, dir, making.partial).and_then(|before| {
        let seen = dir.look(making.partial)?.ok_or_else(created_nothing)?;
        dir.rename_to_free(making.partial, dir, split(&leaf.public).1)?;
        Ok(Mark::copy(&seen, &before, making.began))
    });
    if made.is_err() {
        // It may not be there, and the first error is the one that tells.
        let _ = dir.remove(making.partial);
    }
    made.map_err(fail)
}

/// Looks whether the symlinks that were made in `dir` are there, each with its name and its target: some systems answer
/// success and create nothing. Returns what is wrong with each, in the same order. A folder that `is_fresh` holds nothing
/// else.
pub(super) fn check(dir: &Dir, links: &[(&[u8], &[u8])], is_fresh: bool) -> io::Result<Vec<Option<io::Error>>> {
    // From so many on, one look at the whole folder costs less than one at each link.
    let many = if is_fresh { 3 } else { 16 };
    if links.len() < many {
        return links.iter().map(|(name, target)| check_link(dir, name, target)).collect();
    }
    let names: Vec<&[u8]> = links.iter().map(|(name, _)| *name).collect();
    // They are in the plan's order. One that is not found for want of order is looked at by itself.
    let is_there = find_all(dir, &names, Kind::Symlink)?;
    let check = |((name, target), is_there): (&(&[u8], &[u8]), bool)| {
        if is_there { Ok(None) } else { check_link(dir, name, target) }
    };
    links.iter().zip(is_there).map(check).collect()
}

fn check_link(dir: &Dir, name: &[u8], target: &[u8]) -> io::Result<Option<io::Error>> {
    if dir.read_link(name).is_ok_and(|found| found == target) {
        return Ok(None);
    }
    let Some(seen) = dir.look(name)? else { return Ok(Some(created_nothing())) };
    let error = io::Error::other(format!("the system made {} instead", describe(dir, name, seen.kind)?));
    // Nothing was there before, so it is a stub that the system left.
    let _ = dir.remove(name);
    Ok(Some(error))
}

fn created_nothing() -> io::Error {
    io::Error::new(ErrorKind::Unsupported, "the system answered success and created nothing")
}

/// Removes a folder with all that Bakehouse made in it, the deepest first.
pub(super) fn remove_own_folder(scene: &mut Scene, folder: &[u8]) -> Result<(), Refused> {
    let mut itself = scene.old.get(folder).cloned();
    // A folder sorts before what is in it.
    let mut records = scene.old.below(folder).to_vec();
    while let Some(record) = records.pop().or_else(|| itself.take()) {
        if let Verdict::Changed(_) = remove(&mut scene.public, &record)? {
            return Err(Refused::at(&record.path, ErrorKind::DirectoryNotEmpty.into()));
        }
    }
    Ok(())
}
