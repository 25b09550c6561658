//! The stage: a folder of a run in the public folder, where things are made that then take their places at once.
//!
//! It mirrors the public folder: what is made at `a/b` in it becomes `a/b` there, and what was there before lies at `a/b`
//! in the stage afterwards. So whatever is found in a stage, also in one that a killed run left, is known by its path:
//! what Bakehouse made goes, and anything else goes back to where it was.

use std::io::{self, ErrorKind};

use super::group::Group;
use crate::link::dir::{Dir, Kind, Seen};
use crate::link::path::{is_at_or_below, join, split};
use crate::link::state::ledger::{Ledger, Record};
use crate::link::state::ours::is_ours;
use crate::link::temporary_name;
use crate::link::walk::{Refused, Walk};

/// The stage of one run. Its name begins with a dot, so that no host serves what is in it.
#[derive(Debug)]
pub(in crate::link) struct Stage {
    pub(in crate::link) name: Vec<u8>,
    /// The name, in whatever folder, of what is not complete yet.
    pub(in crate::link) partial: Vec<u8>,
    /// Whether it was made, be it that it could not be opened then.
    is_made: bool,
    /// `None` until something is made in it.
    walk: Option<Walk>,
}

/// What Bakehouse made, or was about to make.
#[derive(Debug, Clone, Copy)]
pub(in crate::link) struct Known<'k> {
    pub(in crate::link) old: &'k Ledger,
    pub(in crate::link) next: &'k Ledger,
}

/// What became of what was found in a stage, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::link) enum Settled {
    /// It was Bakehouse's, and is gone.
    Gone,
    /// Somebody else made it: it is where it was before.
    PutBack,
    /// Somebody else made it, and its place is taken: it is still in the stage.
    Left,
}

impl<'k> Known<'k> {
    /// Whether what was seen at `name` in `dir` is what Bakehouse made for `path`.
    fn has(self, dir: &Dir, name: &[u8], seen: &Seen, path: &[u8]) -> io::Result<bool> {
        for record in self.records(path) {
            if is_ours(dir, name, seen, &record.mark)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn records(self, path: &[u8]) -> impl Iterator<Item = &'k Record> {
        let at = |ledger: &'k Ledger| {
            let first = ledger.records.partition_point(|record| *record.path < *path);
            ledger.records.iter().skip(first).take_while(move |record| *record.path == *path)
        };
        at(self.old).chain(at(self.next))
    }
}

impl Stage {
    /// A stage with a name of its own, which is made when something is made in it.
    pub(in crate::link) fn new() -> Self {
        Self::named(temporary_name().into_bytes())
    }

    /// The stage that a run left.
    pub(in crate::link) fn named(name: Vec<u8>) -> Self {
        let partial = [&name, b".part".as_slice()].concat();
        Self { name, partial, is_made: false, walk: None }
    }

    /// The inside of the stage.
    pub(in crate::link) fn open(&mut self, public: &mut Walk) -> Result<&mut Walk, Refused> {
        let walk = if let Some(walk) = self.walk.take() {
            walk
        } else {
            let base = public.reach(b"")?;
            let fail = |error| Refused::at(&self.name, error);
            if !self.is_made {
                base.make_folder(&self.name).map_err(fail)?;
                self.is_made = true;
            }
            Walk::new(Some(base.open_folder(&self.name).map_err(fail)?))
        };
        Ok(self.walk.insert(walk))
    }

    /// Opens a folder in the stage, and makes what is missing on the way. Gives the name for what is not complete there too.
    pub(super) fn reach_or_make(
        &mut self,
        public: &mut Walk,
        folder: &[u8],
        group: &mut Group<'_>,
    ) -> Result<(&Dir, &[u8]), Refused> {
        self.open(public)?;
        let Self { walk: Some(walk), partial, .. } = self else {
            return Err(Refused::at(folder, ErrorKind::NotFound.into()));
        };
        let Group { anchor, folders, .. } = group;
        // The folders above the anchor are there, and only mirrored.
        let mut tell = |path: Vec<u8>| folders.extend(is_at_or_below(&path, anchor).then_some(path));
        walk.reach_or_make(folder, &mut tell).map(|dir| (dir, partial.as_slice()))
    }

    /// Moves what was made at `path` to its place, which is free.
    pub(in crate::link) fn put(&mut self, public: &mut Walk, path: &[u8]) -> Result<(), Refused> {
        self.between(public, path, |stage, public, name| stage.rename_to_free(name, public, name))
    }

    /// Exchanges what was made at `path` and what is in its place.
    pub(in crate::link) fn exchange(&mut self, public: &mut Walk, path: &[u8]) -> Result<(), Refused> {
        self.between(public, path, |stage, public, name| stage.exchange(name, public, name))
    }

    /// Puts what was made at `path`, no folder, in the place of something that is no folder either.
    pub(in crate::link) fn replace(&mut self, public: &mut Walk, path: &[u8]) -> Result<(), Refused> {
        self.between(public, path, |stage, public, name| stage.rename(name, public, name))
    }

    /// Where the system can't exchange names: the folder at `path` goes, and what was made comes a moment later.
    pub(in crate::link) fn replace_folder(&mut self, public: &mut Walk, path: &[u8]) -> Result<(), Refused> {
        let aside = self.partial.clone();
        let (folder, name) = split(path);
        let fail = |error| Refused::at(path, error);
        let base = public.reach(b"")?.open_folder(&self.name).map_err(fail)?;
        self.open(public)?.reach(folder)?.rename(name, &base, &aside).map_err(fail)?;
        self.between(public, path, |stage, public, name| public.rename_to_free(name, stage, name))?;
        public.reach(folder).and_then(|dir| base.rename_to_free(&aside, dir, name).map_err(fail))
    }

    fn between(
        &mut self,
        public: &mut Walk,
        path: &[u8],
        act: impl Fn(&Dir, &Dir, &[u8]) -> io::Result<()>,
    ) -> Result<(), Refused> {
        let (folder, name) = split(path);
        let stage = self.open(public)?;
        let moved = act(stage.reach(folder)?, public.reach(folder)?, name);
        stage.forget();
        public.forget();
        moved.map_err(|error| Refused::at(path, error))
    }

    /// Sees to what lies at `path` in the stage: what Bakehouse made goes, anything else goes back.
    pub(in crate::link) fn settle(
        &mut self,
        public: &mut Walk,
        path: &[u8],
        known: Known<'_>,
    ) -> Result<Settled, Refused> {
        self.open(public)?;
        let settled = self.settle_at(public, path, known);
        public.forget();
        settled
    }

    fn settle_at(&mut self, public: &mut Walk, path: &[u8], known: Known<'_>) -> Result<Settled, Refused> {
        let (folder, name) = split(path);
        let fail = |error| Refused::at(path, error);
        let dir = self.open(public)?.reach(folder)?;
        let Some(seen) = dir.look(name).map_err(fail)? else { return Ok(Settled::Gone) };
        if seen.kind == Kind::Folder {
            return self.settle_folder(public, path, known);
        }
        // A copy that was not complete, or something that was about to be renamed.
        if name == self.partial || known.has(self.open(public)?.reach(folder)?, name, &seen, path).map_err(fail)? {
            self.open(public)?.reach(folder)?.remove(name).map_err(fail)?;
            return Ok(Settled::Gone);
        }
        self.put_back(public, path, known)
    }

    fn settle_folder(&mut self, public: &mut Walk, path: &[u8], known: Known<'_>) -> Result<Settled, Refused> {
        let is_swapped = look(public, path)?.is_some_and(|seen| seen.kind != Kind::Folder);
        if is_swapped && self.holds_foreign(public, path, known)? {
            return self.put_back(public, path, known);
        }
        let mut settled = Settled::Gone;
        let names = |dir: &Dir| dir.names().map_err(|error| Refused::at(path, error));
        for name in names(self.open(public)?.reach(path)?)? {
            settled = settled.max(self.settle_at(public, &join(path, &name), known)?);
        }
        if settled < Settled::Left && !path.is_empty() {
            let stage = self.open(public)?;
            stage.forget();
            let (folder, name) = split(path);
            stage.reach(folder)?.remove_folder(name).map_err(|error| Refused::at(path, error))?;
        }
        Ok(settled)
    }

    /// Moves what somebody else made back to where it was. If something of Bakehouse's is there, that goes instead.
    fn put_back(&mut self, public: &mut Walk, path: &[u8], known: Known<'_>) -> Result<Settled, Refused> {
        let Some(seen) = look(public, path)? else {
            let put = self.put(public, path);
            return Ok(if put.is_ok() { Settled::PutBack } else { Settled::Left });
        };
        let (folder, name) = split(path);
        let is_known = seen.kind == Kind::Folder
            || known.has(public.reach(folder)?, name, &seen, path).map_err(|error| Refused::at(path, error))?;
        if !is_known || self.exchange(public, path).is_err() {
            return Ok(Settled::Left);
        }
        Ok(self.settle_at(public, path, known)?.max(Settled::PutBack))
    }

    /// Whether anything in the folder at `path` in the stage is not what Bakehouse made there.
    fn holds_foreign(&mut self, public: &mut Walk, path: &[u8], known: Known<'_>) -> Result<bool, Refused> {
        let stage = self.open(public)?;
        let mut folders = vec![path.to_vec()];
        while let Some(folder) = folders.pop() {
            let dir = stage.reach(&folder)?;
            let fail = |error| Refused::at(&folder, error);
            for name in dir.names().map_err(fail)? {
                let inside = join(&folder, &name);
                match dir.look(&name).map_err(fail)? {
                    Some(seen) if !known.has(dir, &name, &seen, &inside).map_err(fail)? => return Ok(true),
                    Some(seen) if seen.kind == Kind::Folder => folders.push(inside),
                    _ => {}
                }
            }
        }
        Ok(false)
    }

    /// Removes the stage with all that is Bakehouse's in it. Says whether it is gone.
    pub(in crate::link) fn close(mut self, public: &mut Walk, known: Known<'_>) -> Result<bool, Refused> {
        self.walk = None;
        if self.is_made { self.remove(public, known) } else { Ok(true) }
    }

    /// Removes the stage that a killed run left, if it is there. Says whether it is gone.
    pub(in crate::link) fn remove(&mut self, public: &mut Walk, known: Known<'_>) -> Result<bool, Refused> {
        let gone = |removed: io::Result<()>| match removed {
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(false),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
            removed => removed.map(|()| true).map_err(|error| Refused::at(&self.name, error)),
        };
        if gone(public.reach(b"")?.remove_folder(&self.name))? {
            return Ok(true);
        }
        let inside = public.reach(b"")?.open_folder(&self.name).map_err(|error| Refused::at(&self.name, error))?;
        let walk = Some(Walk::new(Some(inside)));
        let mut left = Self { is_made: true, walk, ..Self::named(self.name.clone()) };
        left.settle_folder(public, b"", known)?;
        public.forget();
        drop(left);
        gone(public.reach(b"")?.remove_folder(&self.name))
    }
}

/// Looks at `path` in the public folder, through no link; nothing is there either if a folder above is none.
fn look(public: &mut Walk, path: &[u8]) -> Result<Option<Seen>, Refused> {
    let (folder, name) = split(path);
    if path.is_empty() {
        return Ok(None);
    }
    match public.reach(folder) {
        Ok(dir) => dir.look(name).map_err(|error| Refused::at(path, error)),
        Err(refused) if refused.is_missing() || refused.is_no_folder() => Ok(None),
        Err(refused) => Err(refused),
    }
}
