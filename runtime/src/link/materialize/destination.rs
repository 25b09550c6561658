//! Looks at the folder that is to be written: new, empty, wholly of Bakehouse's making, or with something foreign in it.

use crate::link::dir::Dir;
use crate::link::error::Problem;
use crate::link::path::{join, show};
use crate::link::scene::Scene;
use crate::link::state::ledger::{Ledger, Record};
use crate::link::state::ours::{describe, is_ours};
use crate::link::walk::{Refused, Walk};
use crate::link::{Conflict, LinkError};

/// What is foreign in the folder; none if all of it is of Bakehouse's making, or it is not there.
pub(super) fn foreign_in_public(scene: &mut Scene) -> Result<Option<Conflict>, LinkError> {
    match foreign_in(&mut scene.public, &scene.old) {
        Err(refused) if refused.path.is_empty() && refused.is_missing() => Ok(None),
        Err(Refused { path, error }) => {
            let folder = show(&scene.public_path);
            let path = if path.is_empty() { folder.into_owned() } else { format!("{folder}/{}", show(&path)) };
            Err(LinkError::new(Problem::Materialize, path.as_ref(), error))
        }
        Ok(conflict) => Ok(conflict),
    }
}

/// The first thing in a folder, in the order of paths, that is not what the ledger says.
pub(super) fn foreign_in(public: &mut Walk, ledger: &Ledger) -> Result<Option<Conflict>, Refused> {
    let mut open = vec![Vec::new()];
    while let Some(folder) = open.pop() {
        let dir = public.reach(&folder)?;
        let fail = |error| Refused::at(&folder, error);
        let mut names = dir.names().map_err(fail)?;
        names.sort_unstable();
        let mut folders = Vec::new();
        for name in names {
            let path = join(&folder, &name);
            match judge(dir, &name, ledger.get(&path)).map_err(fail)? {
                Thing::Foreign(found) => return Ok(Some(in_the_way(path, found))),
                Thing::OurFolder => folders.push(path),
                Thing::Ours => {}
            }
        }
        open.extend(folders.into_iter().rev());
    }
    Ok(None)
}

/// What a thing in the folder is.
enum Thing {
    Ours,
    OurFolder,
    Foreign(String),
}

fn judge(dir: &Dir, name: &[u8], record: Option<&Record>) -> std::io::Result<Thing> {
    let Some(seen) = dir.look(name)? else { return Ok(Thing::Ours) };
    match record {
        Some(record) if is_ours(dir, name, &seen, &record.mark)? => {
            Ok(if record.is_folder() { Thing::OurFolder } else { Thing::Ours })
        }
        Some(record) if !record.is_folder() => {
            Ok(Thing::Foreign(format!("{} that was changed since it was written", describe(dir, name, seen.kind)?)))
        }
        _ => Ok(Thing::Foreign(describe(dir, name, seen.kind)?)),
    }
}

fn in_the_way(path: Vec<u8>, found: String) -> Conflict {
    let help = "name a new or an empty folder, or move what is not of Bakehouse's making out of this one";
    Conflict { path, found, help: help.to_owned() }
}
