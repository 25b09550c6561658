//! Makes one link or copy: where nothing is, at once; where something of ours is, under a temporary name first.

use std::io::{self, ErrorKind};

use super::dir::Dir;
use super::ledger::Mark;
use super::ours::{Verdict, describe, remove};
use super::path::split;
use super::scene::Scene;
use super::standing::{Leaf, Standing};
use super::walk::Refused;
use super::{LinkMethod, temporary_name};

/// Makes `leaf` by `method`. The folder that it comes into is there.
pub(super) fn make(
    scene: &mut Scene,
    leaf: &Leaf<'_>,
    standing: &Standing,
    method: LinkMethod,
) -> Result<Mark, Refused> {
    let name = split(&leaf.public).1;
    if matches!(standing, Standing::Missing) && method != LinkMethod::Copy {
        return make_at(scene, leaf, method, name);
    }
    // A copy takes a while, so it is made under a temporary name even where nothing is.
    let temporary = temporary_name().into_bytes();
    let made = make_at(scene, leaf, method, &temporary).and_then(|mark| {
        if matches!(standing, Standing::OurFolder) {
            remove_own_folder(scene, &leaf.public)?;
        }
        if matches!(standing, Standing::Missing | Standing::OurFolder) {
            in_folder_of(scene, leaf, &|dir| dir.rename_to_free(&temporary, name))?;
        } else {
            look_again(scene, leaf)?;
            in_folder_of(scene, leaf, &|dir| dir.rename(&temporary, name))?;
        }
        Ok(mark)
    });
    if made.is_err() {
        // It may not be there, and the first error is the one that tells.
        let _ = in_folder_of(scene, leaf, &|dir| dir.remove(&temporary));
    }
    made
}

/// Looks whether what is to be replaced still is ours: between the survey and now, somebody may have come.
pub(super) fn look_again(scene: &mut Scene, leaf: &Leaf<'_>) -> Result<(), Refused> {
    let taken = || Refused::at(&leaf.public, ErrorKind::AlreadyExists.into());
    super::standing::standing(scene, leaf).map(drop).map_err(|_| taken())
}

/// Makes `leaf` at `name` in its folder, and looks at it: some systems answer success and create nothing.
fn make_at(scene: &mut Scene, leaf: &Leaf<'_>, method: LinkMethod, name: &[u8]) -> Result<Mark, Refused> {
    let fail = |error| Refused::at(&leaf.public, error);
    let (source_folder, source_name) = split(&leaf.source);
    let dir = scene.public.reach(split(&leaf.public).0)?;
    match method {
        LinkMethod::Symlink => {
            let target = scene.targets.target(&leaf.public, &leaf.source);
            checked(dir, name, target, |target| dir.symlink(target, name, leaf.kind)).map_err(fail)
        }
        LinkMethod::Junction => {
            let target = scene.targets.absolute(&leaf.source);
            checked(dir, name, target, |target| dir.junction(target, name)).map_err(fail)
        }
        LinkMethod::Hardlink => {
            let source = scene.root.reach(source_folder)?;
            source.hard_link(source_name, dir, name).map_err(fail)?;
            let seen = dir.look(name).map_err(fail)?.ok_or_else(|| fail(created_nothing()))?;
            Ok(Mark::hardlink(&seen))
        }
        LinkMethod::Copy => {
            let source = scene.root.reach(source_folder)?;
            let before = source.copy(source_name, dir, name).map_err(fail)?;
            let seen = dir.look(name).map_err(fail)?.ok_or_else(|| fail(created_nothing()))?;
            Ok(Mark::copy(&seen, &before, scene.began))
        }
    }
}

/// Makes a link by `call` and looks at it.
fn checked(dir: &Dir, name: &[u8], target: Vec<u8>, call: impl Fn(&[u8]) -> io::Result<()>) -> io::Result<Mark> {
    let made = call(&target).and_then(|()| check_link(dir, name, &target));
    if made.as_ref().is_err_and(|error| error.kind() != ErrorKind::AlreadyExists) {
        // The name was free when the call was made, so what is there is a stub that the system left.
        let _ = dir.remove(name);
    }
    made.map(|()| Mark::Symlink { target })
}

fn check_link(dir: &Dir, name: &[u8], target: &[u8]) -> io::Result<()> {
    if dir.read_link(name).is_ok_and(|found| found == target) {
        return Ok(());
    }
    match dir.look(name)? {
        Some(seen) => Err(io::Error::other(format!("the system made {} instead", describe(dir, name, seen.kind)?))),
        None => Err(created_nothing()),
    }
}

fn created_nothing() -> io::Error {
    io::Error::other("the system answered success and created nothing")
}

/// Removes a folder with all that Bakehouse made in it, the deepest first.
fn remove_own_folder(scene: &mut Scene, folder: &[u8]) -> Result<(), Refused> {
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

/// Does something in the folder that `leaf` is in.
pub(super) fn in_folder_of(
    scene: &mut Scene,
    leaf: &Leaf<'_>,
    act: &dyn Fn(&Dir) -> io::Result<()>,
) -> Result<(), Refused> {
    let dir = scene.public.reach(split(&leaf.public).0)?;
    act(dir).map_err(|error| Refused::at(&leaf.public, error))
}
