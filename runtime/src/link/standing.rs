//! How one thing that the plan wants stands now: missing, there, ours to replace, or in the way.

use std::borrow::Cow;
use std::io::{self, ErrorKind};
use std::time::SystemTime;

use super::dir::{Dir, Kind, Seen};
use super::ledger::{Mark, Record, SourceStamp};
use super::ours::{Verdict, describe, is_ours, verdict};
use super::path::{join, show, split};
use super::scene::Scene;
use super::target::Targets;
use super::walk::{Refused, Walk};
use super::{Conflict, Failure, LinkKind, LinkMode};

/// One thing to be made: a link or a copy, or a real folder for those.
#[derive(Debug, Clone)]
pub(super) struct Leaf<'p> {
    pub(super) public: Cow<'p, [u8]>,
    pub(super) source: Cow<'p, [u8]>,
    pub(super) kind: LinkKind,
    pub(super) mode: LinkMode,
}

impl Leaf<'_> {
    /// Whether a real folder is wanted, into which files come.
    pub(super) fn is_real_folder(&self) -> bool {
        self.kind == LinkKind::Folder && matches!(self.mode, LinkMode::Hardlink | LinkMode::Copy)
    }
}

/// How it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing is there.
    Missing,
    /// It is there as it should be.
    Same(Mark),
    /// A copy that is up to date is there, from a time when a link could not be made.
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
pub(super) enum Obstacle {
    Conflict(Conflict),
    Failure(Failure),
}

/// Looks at `leaf`'s source and at its place.
pub(super) fn standing(scene: &mut Scene, leaf: &Leaf<'_>) -> Result<Standing, Obstacle> {
    let source = look_at_source(&mut scene.root, leaf).map_err(Obstacle::Failure)?;
    let (folder, name) = split(&leaf.public);
    let dir = match scene.public.reach(folder) {
        Ok(dir) => dir,
        Err(refused) if refused.is_missing() => return Ok(Standing::Missing),
        Err(refused) if refused.is_no_folder() => return on_the_way(scene, &refused),
        Err(refused) => return Err(unseen(refused)),
    };
    let fail = |error| unseen(Refused { path: leaf.public.to_vec(), error });
    let Some(seen) = dir.look(name).map_err(fail)? else { return Ok(Standing::Missing) };
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
        Some(standing) => Ok(standing),
        None => Err(in_the_way(&leaf.public, &describe(dir, name, seen.kind).map_err(fail)?)),
    }
}

/// A link or a file lies where a folder on the way should be. Fine if it is our own: it goes before anything is made.
fn on_the_way(scene: &mut Scene, refused: &Refused) -> Result<Standing, Obstacle> {
    if let Some(record) = scene.old.get(&refused.path)
        && verdict(&mut scene.public, record).map_err(unseen)? == Verdict::Ours
    {
        return Ok(Standing::Missing);
    }
    let (folder, name) = split(&refused.path);
    let dir = scene.public.reach(folder).map_err(unseen)?;
    let look = || match dir.look(name)? {
        Some(seen) => describe(dir, name, seen.kind),
        None => Ok("something that went away meanwhile".to_owned()),
    };
    let found = look().map_err(|error| unseen(Refused { path: refused.path.clone(), error }))?;
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
        let fail = |error| Refused { path: folder.clone(), error };
        for name in dir.names().map_err(fail)? {
            let path = join(&folder, &name);
            let Some(seen) = dir.look(&name).map_err(fail)? else { continue };
            match scene.old.get(&path) {
                Some(record) if is_ours(dir, &name, &seen, &record.mark).map_err(fail)? => {
                    folders.extend(record.is_folder().then_some(path));
                }
                _ => return Ok(Some(path)),
            }
        }
    }
    Ok(None)
}

/// A link or a file that was seen where `leaf` should be.
struct Sight<'s, 'p> {
    leaf: &'s Leaf<'p>,
    dir: &'s Dir,
    name: &'s [u8],
    seen: Seen,
    source: Seen,
    record: Option<&'s Record>,
}

impl Sight<'_, '_> {
    /// How a symlink stands; `None` if it is not ours. One that leads to the very source is, whoever made it.
    fn symlink(&self, targets: &Targets) -> io::Result<Option<Standing>> {
        let target = self.dir.read_link(self.name)?;
        if target != targets.target(&self.leaf.public, &self.leaf.source) {
            return Ok(self.is_recorded()?.then_some(Standing::Ours));
        }
        let wanted = matches!(self.leaf.mode, LinkMode::Auto | LinkMode::Symlink);
        Ok(Some(if wanted { Standing::Same(Mark::Symlink { target }) } else { Standing::Ours }))
    }

    /// How a file stands; `None` if it is not ours. Another name of the very source is, and where copies are asked for
    /// a file with the same bytes is taken over, so that a lost ledger does not stop the host.
    fn file(&self, root: &mut Walk, began: SystemTime) -> io::Result<Option<Standing>> {
        let is_same_file = self.source.kind == Kind::File && self.seen.is_same_file(&self.source);
        let is_recorded = self.is_recorded()?;
        if is_same_file && self.leaf.mode == LinkMode::Hardlink {
            return Ok(Some(Standing::Same(hardlink_mark(&self.seen))));
        }
        let ours = is_recorded || is_same_file;
        let wants_copy = self.leaf.mode == LinkMode::Copy;
        let is_fresh_copy = if !is_same_file && (is_recorded || wants_copy) {
            self.fresh_copy(root, began, is_recorded)?
        } else {
            None
        };
        if let Some(mark) = is_fresh_copy {
            return Ok(Some(if wants_copy { Standing::Same(mark) } else { Standing::StandIn(mark) }));
        }
        Ok(ours.then_some(Standing::Ours))
    }

    fn is_recorded(&self) -> io::Result<bool> {
        self.record.map_or(Ok(false), |record| is_ours(self.dir, self.name, &self.seen, &record.mark))
    }

    /// The mark of the file as a copy, if it is one and up to date.
    fn fresh_copy(&self, root: &mut Walk, began: SystemTime, is_recorded: bool) -> io::Result<Option<Mark>> {
        match self.record.filter(|_| is_recorded).map(|record| &record.mark) {
            Some(mark @ Mark::Copy { source: settled @ SourceStamp::Settled { .. }, .. }) => {
                let is_fresh = SourceStamp::settled(&self.source) == *settled;
                return Ok(is_fresh.then(|| mark.clone()));
            }
            Some(Mark::Copy { source: SourceStamp::Young, .. }) | None => {}
            Some(_) => return Ok(None),
        }
        let (folder, name) = split(&self.leaf.source);
        let is_same = self.source.kind == Kind::File
            && self.seen.stamp.size == self.source.stamp.size
            && root.reach(folder).map_err(|refused| refused.error)?.same_bytes(name, self.dir, self.name)?;
        Ok(is_same.then(|| copy_mark(&self.seen, &self.source, began)))
    }
}

/// The mark of a hard link that was seen.
pub(super) fn hardlink_mark(seen: &Seen) -> Mark {
    Mark::Hardlink { inode: seen.inode, stamp: seen.stamp }
}

/// The mark of a copy that was seen, and whose source was `source` before it was read. `began` lies before that.
pub(super) fn copy_mark(seen: &Seen, source: &Seen, began: SystemTime) -> Mark {
    let source = if source.is_young(began) { SourceStamp::Young } else { SourceStamp::settled(source) };
    Mark::Copy { own: seen.stamp, source }
}

/// Looks at the source itself. A link is refused, as the last part and on the way: it may lead out of the app's folder.
fn look_at_source(root: &mut Walk, leaf: &Leaf<'_>) -> Result<Seen, Failure> {
    let source = show(&leaf.source);
    let fail = |problem: String, error, help: &str| Failure {
        path: leaf.public.to_vec(),
        problem,
        error,
        help: help.to_owned(),
    };
    let (folder, name) = split(&leaf.source);
    let seen = root.reach(folder).and_then(|dir| {
        let missing = || ErrorKind::NotFound.into();
        let seen = dir.look(name).and_then(|seen| seen.ok_or_else(missing));
        seen.map_err(|error| Refused { path: leaf.source.to_vec(), error })
    });
    let wanted = if leaf.kind == LinkKind::File { Kind::File } else { Kind::Folder };
    match seen {
        Ok(seen) if seen.kind == wanted => Ok(seen),
        Ok(seen) => {
            let (found, wanted) = (name_of(seen.kind), name_of(wanted));
            Err(fail(format!("its source `{source}` is {found} and not {wanted}"), None, SOURCE_HELP))
        }
        Err(refused) if refused.is_no_folder() => {
            let problem = format!("its source `{source}` lies behind `{}`, which is no folder", show(&refused.path));
            Err(fail(problem, None, SOURCE_HELP))
        }
        Err(refused) if refused.is_missing() => {
            let problem = format!("its source `{source}` is missing");
            Err(fail(problem, Some(refused.error), "put it back, or bake again"))
        }
        Err(refused) => {
            let problem = format!("its source `{}` could not be looked at", show(&refused.path));
            Err(fail(problem, Some(refused.error), "let this user read the folder of the apps"))
        }
    }
}

const SOURCE_HELP: &str =
    "put back what was baked, or bake again; a source is reached through no link, which could lead out of its app";

fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::File => "a file",
        Kind::Folder => "a folder",
        Kind::Symlink => "a link",
        Kind::Other(what) => what,
    }
}

/// The system does not let us see what is there.
pub(super) fn unseen(refused: Refused) -> Obstacle {
    Obstacle::Failure(Failure {
        problem: "what is there could not be looked at".to_owned(),
        help: match refused.error.kind() {
            ErrorKind::InvalidFilename => "shorten the name".to_owned(),
            _ => "let this user read the public folder".to_owned(),
        },
        path: refused.path,
        error: Some(refused.error),
    })
}

fn in_the_way(path: &[u8], found: &str) -> Obstacle {
    let help = "move it away or remove it and run again, or give the asset another place with `to`";
    Obstacle::Conflict(Conflict { path: path.to_vec(), found: found.to_owned(), help: help.to_owned() })
}
