//! Looks at the sources, which are reached through no link.

use std::io::ErrorKind;

use super::standing::Leaf;
use crate::link::dir::{Kind, Seen, find_all};
use crate::link::path::{show, split, stays_inside};
use crate::link::walk::{Refused, Walk};
use crate::link::{Failure, LinkKind, PlannedLink};

const SOURCE_HELP: &str =
    "put back what was baked, or bake again; a source is reached through no link, which could lead out of its app";

/// Looks at the source itself. A link is refused, as the last part and on the way: it may lead out of the app's folder.
pub(in crate::link) fn look_at_source(root: &mut Walk, leaf: &Leaf<'_>) -> Result<Seen, Failure> {
    if leaf.kind == LinkKind::Folder
        && let Ok(dir) = root.reach(&leaf.source)
        && let Ok(seen) = dir.itself()
    {
        return Ok(seen);
    }
    let (folder, name) = split(&leaf.source);
    let seen = root.reach(folder).and_then(|dir| {
        let missing = || ErrorKind::NotFound.into();
        let seen = dir.look(name).and_then(|seen| seen.ok_or_else(missing));
        seen.map_err(|error| Refused::at(&leaf.source, error))
    });
    match seen {
        Ok(seen) if seen.kind == wanted_kind(leaf) => Ok(seen),
        seen => Err(no_source(leaf, seen)),
    }
}

/// What is known of the sources of a plan because their folder was listed. Where there are many in one, that costs less
/// than a look at each.
#[derive(Debug, Default)]
pub(in crate::link) struct Listed {
    /// The place in the plan of the first entry whose source is in the folder.
    first: usize,
    /// For that and those behind it whose sources are there too, whether a file is.
    are_files: Vec<bool>,
}

impl Listed {
    /// Whether the source of the entry at that place in the plan is known to be there. Asked in the plan's order.
    pub(in crate::link) fn has(&mut self, place: usize, plan: &[PlannedLink<'_>], root: &mut Walk) -> bool {
        if place >= self.first + self.are_files.len() {
            let rest = plan.get(place..).unwrap_or_default();
            let in_folder = rest.chunk_by(|one, next| split(one.source).0 == split(next.source).0).next();
            *self = Self { first: place, are_files: list(in_folder.unwrap_or_default(), root) };
        }
        self.are_files.get(place - self.first) == Some(&true)
    }
}

/// Whether the source of each of some entries, all in one folder, is a file there. None that is not found for want of
/// order, or of permission, is known to be.
fn list(entries: &[PlannedLink<'_>], root: &mut Walk) -> Vec<bool> {
    const MANY: usize = 4;
    let are_files = vec![false; entries.len()];
    let first = entries.first().filter(|entry| entries.len() >= MANY && stays_inside(entry.source));
    let Some((folder, _)) = first.map(|entry| split(entry.source)) else { return are_files };
    let Ok(dir) = root.reach(folder) else { return are_files };
    let names: Vec<&[u8]> = entries.iter().map(|entry| split(entry.source).1).collect();
    // What could not be listed is looked at.
    find_all(dir, &names, Kind::File).unwrap_or(are_files)
}

fn wanted_kind(leaf: &Leaf<'_>) -> Kind {
    if leaf.kind == LinkKind::File { Kind::File } else { Kind::Folder }
}

/// Why a source can't be linked: it is something else, or could not be looked at.
#[cold]
fn no_source(leaf: &Leaf<'_>, seen: Result<Seen, Refused>) -> Failure {
    let source = show(&leaf.source);
    let fail = |problem: String, error, help: &str| Failure {
        path: leaf.public.to_vec(),
        problem,
        error,
        help: help.to_owned(),
    };
    match seen {
        Ok(seen) => {
            let wanted = wanted_kind(leaf);
            let (found, wanted) = (name_of(seen.kind), name_of(wanted));
            fail(format!("its source `{source}` is {found} and not {wanted}"), None, SOURCE_HELP)
        }
        Err(refused) if refused.is_no_folder() => {
            let problem = format!("its source `{source}` lies behind `{}`, which is no folder", show(&refused.path));
            fail(problem, None, SOURCE_HELP)
        }
        Err(refused) if refused.is_missing() => {
            let problem = format!("its source `{source}` is missing");
            fail(problem, None, "put it back, or bake again")
        }
        Err(refused) => {
            let problem = format!("its source `{}` could not be looked at", show(&refused.path));
            fail(problem, Some(refused.error), "let this user read the folder of the apps")
        }
    }
}

fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::File => "a file",
        Kind::Folder => "a folder",
        Kind::Symlink => "a link",
        Kind::Other(what) => what,
    }
}
