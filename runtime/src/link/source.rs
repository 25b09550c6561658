//! Looks at the sources, which are reached through no link.

use std::io::ErrorKind;

use super::dir::{Kind, Seen};
use super::path::{show, split};
use super::standing::Leaf;
use super::walk::{Refused, Walk};
use super::{Failure, LinkKind};

const SOURCE_HELP: &str =
    "put back what was baked, or bake again; a source is reached through no link, which could lead out of its app";

/// Looks at the source itself. A link is refused, as the last part and on the way: it may lead out of the app's folder.
pub(super) fn look_at_source(root: &mut Walk, leaf: &Leaf<'_>) -> Result<Seen, Failure> {
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
