//! What an outdated stamp still vouches for: entries that the earlier plan had too, where nothing has changed since.
//!
//! A run with another plan, or after a change, need not look at these again. Nobody has put, taken or replaced anything in
//! the folders that an entry depends on, so its link is what the ledger says, and its source is as it was.

use std::iter::once;

use super::asked::Asked;
use super::text::{Line, Stamp};
use super::watch::Base;
use crate::link::path::{below, folders_above, split};
use crate::link::scene::Scene;
use crate::link::state::ledger::Mark;
use crate::link::walk::Walk;
use crate::link::{LinkKind, PlannedLink};

/// What a stamp vouches for although it is outdated.
#[derive(Debug)]
pub(in crate::link) struct Vouched<'b> {
    /// The hashes of the entries that stood, sorted.
    stood: Vec<u64>,
    /// The hashes of this plan's entries, in its order.
    asked: Vec<u64>,
    public: Lines<'b>,
    root: Lines<'b>,
    /// Where in the ledger the last record was found.
    near: usize,
}

impl<'b> Vouched<'b> {
    /// What `stamp` vouches for; for each of its lines, `are_same` says whether the system still says the same.
    pub(super) fn by(stamp: &Stamp<'b>, asked: Asked, are_same: &[bool]) -> Self {
        let mut stood = stood(stamp);
        stood.sort_unstable();
        let lines = |base| -> Lines<'b> {
            let all = stamp.lines().zip(are_same.iter().copied());
            Lines { all: all.filter(|(line, _)| line.watched.base == base).collect(), last: None }
        };
        Self { stood, asked: asked.entries, public: lines(Base::Public), root: lines(Base::Root), near: 0 }
    }

    /// How the link of `entry`, the one at that place in the plan, was made and still stands, if the stamp vouches for it.
    pub(in crate::link) fn mark(&mut self, place: usize, entry: &PlannedLink<'_>, scene: &mut Scene) -> Option<Mark> {
        self.stood.binary_search(self.asked.get(place)?).ok()?;
        // What is written to a copy or through a hard link does not show in the folder.
        let (record, _) = scene.old.at_and_below(entry.public, &mut self.near);
        let Mark::Symlink { target } = &record?.mark else { return None };
        let is_known = scene.targets.is_target(target, entry.public, entry.source);
        let is_same = is_known
            && self.public.is_same(split(entry.public).0, &mut scene.public)
            && self.has_same_source(entry, &mut scene.root);
        is_same.then(|| Mark::Symlink { target: target.clone() })
    }

    fn has_same_source(&mut self, entry: &PlannedLink<'_>, root: &mut Walk) -> bool {
        match entry.kind {
            LinkKind::File => self.root.is_same(split(entry.source).0, root),
            LinkKind::Folder => {
                self.root.is_same(entry.source, root)
                    && self.root.below(entry.source).iter().all(|(_, is_same)| *is_same)
            }
        }
    }

    /// The folders behind a link for a folder that the stamp vouches for.
    pub(in crate::link) fn behind(&self, entry: &PlannedLink<'_>) -> impl Iterator<Item = Vec<u8>> {
        let inside = self.root.below(entry.source).iter().map(|(line, _)| line.watched.path.to_vec());
        once(entry.source.to_vec()).filter(|_| entry.kind == LinkKind::Folder).chain(inside)
    }
}

/// The hashes of the entries of a stamp's plan that were not left for later.
fn stood(stamp: &Stamp<'_>) -> Vec<u64> {
    let mut deferred = stamp.deferred().peekable();
    let stood = (0..).zip(stamp.entries()).filter(|(place, _)| deferred.next_if_eq(place).is_none());
    stood.map(|(_, hash)| hash).collect()
}

/// What is watched below one folder, sorted by path, each with whether the system still says the same.
#[derive(Debug)]
struct Lines<'b> {
    all: Vec<(Line<'b>, bool)>,
    /// The answer that was given last: most entries are in the folder that the one before is in.
    last: Option<(&'b [u8], bool)>,
}

impl<'b> Lines<'b> {
    /// Whether `folder` is the folder that it was, through no link, and has the same names in it.
    fn is_same(&mut self, folder: &[u8], walk: &mut Walk) -> bool {
        if let Some((_, is_same)) = self.last.filter(|(last, _)| *last == folder) {
            return is_same;
        }
        let Some(&(line, is_unchanged)) = self.get(folder) else { return false };
        let is_same = is_unchanged && (self.leads_there(folder) || is_at(&line, walk));
        self.last = Some((line.watched.path, is_same));
        is_same
    }

    /// Whether no folder on the way can have been replaced by a link. The one right above is not watched: what is in it
    /// would have another number then.
    fn leads_there(&self, folder: &[u8]) -> bool {
        let above = split(folder).0;
        let is_same = |folder| self.get(folder).is_some_and(|(_, is_same)| *is_same);
        above.is_empty() || folders_above(above).chain(once(b"".as_slice())).all(is_same)
    }

    fn get(&self, path: &[u8]) -> Option<&(Line<'b>, bool)> {
        let idx = self.all.binary_search_by(|(line, _)| line.watched.path.cmp(path)).ok()?;
        self.all.get(idx)
    }

    fn below(&self, folder: &[u8]) -> &[(Line<'b>, bool)] {
        below(&self.all, folder, |(line, _)| line.watched.path)
    }
}

/// Whether what was watched is reached through no link, and is the same.
fn is_at(line: &Line<'_>, walk: &mut Walk) -> bool {
    let seen = walk.reach(line.watched.path).ok().and_then(|dir| dir.itself().ok());
    seen.is_some_and(|seen| seen.fingerprint() == line.fingerprint)
}
