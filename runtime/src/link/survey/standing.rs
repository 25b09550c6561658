//! How one thing that the plan wants stands now: missing, there, ours to replace, or in the way.

use std::borrow::Cow;
use std::io::{self, ErrorKind};

use super::sight::Sight;
use super::source::look_at_source;
use super::whose::size_and_owner;
use crate::link::dir::{Dir, Kind, Seen};
use crate::link::path::{join, show, split, stays_inside};
use crate::link::scene::Scene;
use crate::link::state::ledger::{Ledger, Mark, Record};
use crate::link::state::ours::{Verdict, describe, is_ours, verdict};
use crate::link::target::Targets;
use crate::link::walk::{Refused, Walk};
use crate::link::{Conflict, Failure, LinkKind, LinkMode};

/// One thing to be made: a link or a copy, or a real folder for those.
#[derive(Debug, Clone)]
pub(in crate::link) struct Leaf<'p> {
    pub(in crate::link) public: Cow<'p, [u8]>,
    pub(in crate::link) source: Cow<'p, [u8]>,
    pub(in crate::link) kind: LinkKind,
    pub(in crate::link) mode: LinkMode,
    /// For a folder: whether each of its files is made by itself, although one link would do for all.
    pub(in crate::link) by_file: bool,
}

impl Leaf<'_> {
    /// Whether a real folder is wanted, into which files come.
    pub(in crate::link) fn is_real_folder(&self) -> bool {
        self.kind == LinkKind::Folder && !self.is_linked()
    }

    /// Whether a symlink is wanted, if it can be had.
    pub(in crate::link) fn is_linked(&self) -> bool {
        matches!(self.mode, LinkMode::Auto | LinkMode::Symlink) && !self.by_file
    }
}

/// How it stands.
#[derive(Debug)]
pub(in crate::link) enum Standing {
    /// Nothing is there.
    Missing,
    /// Nothing is there, because one thing of ours is where a folder on the way has to be.
    Behind,
    /// It is there as it should be.
    Same(Mark),
    /// A copy that is up to date or a junction is there, from a time when a symlink could not be made.
    StandIn(Mark),
    /// One thing of ours is there that has to be replaced.
    Ours,
    /// A folder that Bakehouse made is there, and holds nothing else.
    OurFolder,
    /// A real folder is there, as it should be.
    Folder,
}

/// Why something can't be made.
#[derive(Debug)]
pub(in crate::link) enum Obstacle {
    Conflict(Conflict),
    Failure(Failure),
}

/// What a look at a leaf showed.
#[derive(Debug)]
pub(in crate::link) struct View {
    pub(in crate::link) standing: Standing,
    /// How much of the leaf's path names what has to be made or replaced first: its own place, unless a folder on the way
    /// is missing.
    pub(in crate::link) anchor: usize,
    /// The source, if it was looked at.
    pub(in crate::link) source: Option<Seen>,
}

/// How `leaf` stands.
pub(in crate::link) fn standing(scene: &mut Scene, leaf: &Leaf<'_>) -> Result<Standing, Obstacle> {
    view(scene, leaf, false).map(|view| view.standing)
}

/// Looks at `leaf`'s place, and at its source unless it is known that there is one and nothing more has to be known of it.
pub(in crate::link) fn view(scene: &mut Scene, leaf: &Leaf<'_>, has_source: bool) -> Result<View, Obstacle> {
    if !stays_inside(&leaf.public) || !stays_inside(&leaf.source) {
        return Err(leads_out(leaf));
    }
    let look = |root: &mut Walk| look_at_source(root, leaf).map_err(Obstacle::Failure);
    let source = if has_source { None } else { Some(look(&mut scene.root)?) };
    match scene.public.reach(split(&leaf.public).0) {
        Ok(dir) => {
            if let Some(standing) = plain_standing(dir, leaf, &scene.targets) {
                return Ok(View { standing, anchor: leaf.public.len(), source });
            }
            let seen = source.map_or_else(|| look(&mut scene.root), Ok)?;
            let standing = standing_in_folder(scene, leaf, seen)?;
            Ok(View { standing, anchor: leaf.public.len(), source: Some(seen) })
        }
        Err(refused) if refused.is_missing() => {
            // Without a public folder, what is missing first is the folder of which it names no part.
            let first = leaf.public.split(|&byte| byte == b'/').next().map_or(0, <[u8]>::len);
            Ok(View { standing: Standing::Missing, anchor: refused.path.len().max(first), source })
        }
        Err(refused) if refused.is_no_folder() => {
            let standing = on_the_way(scene, &refused)?;
            Ok(View { standing, anchor: refused.path.len(), source })
        }
        Err(refused) => Err(unseen(refused)),
    }
}

/// Whether nothing is at the place of a link, or that very link, which one call shows; `None` if it takes a closer look.
fn plain_standing(dir: &Dir, leaf: &Leaf<'_>, targets: &Targets) -> Option<Standing> {
    if !leaf.is_linked() {
        return None;
    }
    match dir.read_link(split(&leaf.public).1) {
        Ok(target) if targets.is_target(&target, &leaf.public, &leaf.source) => {
            Some(Standing::Same(Mark::Symlink { target: target.into() }))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Some(Standing::Missing),
        _ => None,
    }
}

/// How `leaf` stands, whose folder is there.
fn standing_in_folder(scene: &mut Scene, leaf: &Leaf<'_>, source: Seen) -> Result<Standing, Obstacle> {
    let (folder, name) = split(&leaf.public);
    let dir = scene.public.reach(folder).map_err(unseen)?;
    let fail = |error| unseen(Refused::at(&leaf.public, error));
    let Some(seen) = dir.look(name).map_err(fail)? else { return Ok(Standing::Missing) };
    if is_its_own_source(dir, &seen, &source, leaf, &mut scene.root).map_err(fail)? {
        return Err(own_source(leaf));
    }
    if seen.kind == Kind::Folder {
        return if leaf.is_real_folder() { Ok(Standing::Folder) } else { whole_folder(scene, &leaf.public) };
    }
    let sight = Sight { leaf, dir, name, seen, source, record: scene.old.get(&leaf.public) };
    let standing = match seen.kind {
        Kind::Symlink => sight.symlink(&scene.targets),
        Kind::File => sight.file(&mut scene.root, scene.began),
        Kind::Folder | Kind::Other(_) => Ok(None),
    };
    match standing.map_err(fail)? {
        // A link for all files must not stay where each is wanted by itself.
        Some(Standing::Same(_)) if leaf.is_real_folder() => Ok(Standing::Ours),
        Some(standing) => Ok(standing),
        None => Err(in_the_way(&leaf.public, &foreign(dir, name, &seen).map_err(fail)?)),
    }
}

/// A path that goes up is refused whoever made the plan: opened name by name, it would leave the folder it is opened in.
fn leads_out(leaf: &Leaf<'_>) -> Obstacle {
    Obstacle::Failure(Failure {
        path: leaf.public.to_vec(),
        problem: format!("its path or its source `{}` could lead out of its folder", show(&leaf.source)),
        error: None,
        help: "bake again: a table that was baked here has no such paths".to_owned(),
    })
}

/// Whether what was seen in `dir` is the source, not by another name but itself: the public folder and the folder of
/// the apps overlap. Taken for ours, it would be replaced and cleaned away.
fn is_its_own_source(dir: &Dir, seen: &Seen, source: &Seen, leaf: &Leaf<'_>, root: &mut Walk) -> io::Result<bool> {
    let (folder, name) = split(&leaf.source);
    if seen.is_same_file(source) == Some(false) || split(&leaf.public).1 != name {
        return Ok(false);
    }
    root.reach(folder).map_err(|refused| refused.error)?.is_same(dir)
}

fn own_source(leaf: &Leaf<'_>) -> Obstacle {
    Obstacle::Failure(Failure {
        path: leaf.public.to_vec(),
        problem: format!("its place in the public folder is its own source `{}`", show(&leaf.source)),
        error: None,
        help: "name a public folder that is not the folder of the apps, or another place with `to`".to_owned(),
    })
}

/// A link or a file lies where a folder on the way should be. Fine if it is our own: it is replaced.
fn on_the_way(scene: &mut Scene, refused: &Refused) -> Result<Standing, Obstacle> {
    if let Some(record) = scene.old.get(&refused.path)
        && verdict(&mut scene.public, record).map_err(unseen)? == Verdict::Ours
    {
        return Ok(Standing::Behind);
    }
    let (folder, name) = split(&refused.path);
    let dir = scene.public.reach(folder).map_err(unseen)?;
    let look = || match dir.look(name)? {
        Some(seen) => foreign(dir, name, &seen),
        None => Ok("something that went away meanwhile".to_owned()),
    };
    let found = look().map_err(|error| unseen(Refused::at(&refused.path, error)))?;
    Err(in_the_way(&refused.path, &found))
}

/// A real folder lies where a link should be. Fine if all of it is our own.
fn whole_folder(scene: &mut Scene, path: &[u8]) -> Result<Standing, Obstacle> {
    if !scene.old.get(path).is_some_and(Record::is_folder) {
        return Err(in_the_way(path, "a folder"));
    }
    match foreign_in(scene, path).map_err(unseen)? {
        None => Ok(Standing::OurFolder),
        Some(inside) => {
            let inside = show(&inside);
            Err(in_the_way(path, &format!("a folder that holds `{inside}`, which Bakehouse did not make")))
        }
    }
}

/// The first thing found in a folder that is not what the ledger says.
fn foreign_in(scene: &mut Scene, folder: &[u8]) -> Result<Option<Vec<u8>>, Refused> {
    let mut folders = vec![folder.to_vec()];
    while let Some(folder) = folders.pop() {
        let dir = scene.public.reach(&folder)?;
        let foreign = foreign_among(dir, &folder, &scene.old, &mut folders);
        if let Some(path) = foreign.map_err(|error| Refused::at(&folder, error))? {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// The first thing right in `dir` that is not what the ledger says; adds the folders before it to `inside`.
fn foreign_among(dir: &Dir, folder: &[u8], old: &Ledger, inside: &mut Vec<Vec<u8>>) -> io::Result<Option<Vec<u8>>> {
    for name in dir.names()? {
        let path = join(folder, &name);
        let Some(seen) = dir.look(&name)? else { continue };
        match old.get(&path) {
            Some(record) if is_ours(dir, &name, &seen, &record.mark)? => {
                inside.extend(record.is_folder().then_some(path));
            }
            _ => return Ok(Some(path)),
        }
    }
    Ok(None)
}

/// The system does not let us see what is there.
#[cold]
#[inline(never)]
pub(in crate::link) fn unseen(refused: Refused) -> Obstacle {
    Obstacle::Failure(Failure {
        problem: "what is there could not be looked at".to_owned(),
        help: match refused.error.kind() {
            ErrorKind::InvalidFilename => "shorten or change the name".to_owned(),
            _ => "let this user read the public folder".to_owned(),
        },
        path: refused.path,
        error: Some(refused.error),
    })
}

/// What somebody else made, in words, and whose it is.
fn foreign(dir: &Dir, name: &[u8], seen: &Seen) -> io::Result<String> {
    Ok(describe(dir, name, seen.kind)? + &size_and_owner(dir, seen))
}

fn in_the_way(path: &[u8], found: &str) -> Obstacle {
    let help = "move it away or remove it and run again, or give the asset another place with `to`";
    Obstacle::Conflict(Conflict { path: path.to_vec(), found: found.to_owned(), help: help.to_owned() })
}
