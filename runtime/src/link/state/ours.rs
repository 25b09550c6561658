//! Whether what lies at a path still is what the ledger says, and taking away what is.

use std::io;

use super::ledger::{self, Mark, Record};
use crate::link::dir::{Dir, Kind, Seen};
use crate::link::path::{show, split};
use crate::link::walk::{Refused, Walk};

/// What became of something that Bakehouse made.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::link) enum Verdict {
    /// It still is what it was.
    Ours,
    /// It is not there.
    Gone,
    /// Somebody put something else there; what it is.
    Changed(String),
}

/// Compares a record with what is there.
pub(in crate::link) fn verdict(public: &mut Walk, record: &Record) -> Result<Verdict, Refused> {
    let (folder, name) = split(&record.path);
    let dir = match public.reach(folder) {
        Ok(dir) => dir,
        Err(refused) if refused.is_missing() => return Ok(Verdict::Gone),
        Err(refused) if refused.is_no_folder() => {
            return Ok(Verdict::Changed(format!("something behind `{}`, which is no folder", show(&refused.path))));
        }
        Err(refused) => return Err(refused),
    };
    let judge = || {
        let Some(seen) = dir.look(name)? else { return Ok(Verdict::Gone) };
        Ok(if is_ours(dir, name, &seen, &record.mark)? {
            Verdict::Ours
        } else {
            Verdict::Changed(describe(dir, name, seen.kind)?)
        })
    };
    judge().map_err(|error| Refused::at(&record.path, error))
}

/// Whether what was seen at `name` still is what `mark` says.
pub(in crate::link) fn is_ours(dir: &Dir, name: &[u8], seen: &Seen, mark: &Mark) -> io::Result<bool> {
    Ok(match mark {
        Mark::Folder => seen.kind == Kind::Folder,
        Mark::Symlink { target } => seen.kind == Kind::Symlink && *dir.read_link(name)? == **target,
        // An edit through a hard link changes its stamp. It is still ours, and removing it loses nothing, as long as
        // the file has another name; without one, the number may belong to another file by now.
        Mark::Hardlink { inode, stamp } => {
            seen.kind == Kind::File && seen.inode == *inode && (seen.has_other_names || seen.stamp == *stamp)
        }
        Mark::Copy { own, .. } => seen.kind == Kind::File && seen.stamp == *own,
    })
}

/// Removes what a record names, if it still is that.
pub(in crate::link) fn remove(public: &mut Walk, record: &Record) -> Result<Verdict, Refused> {
    let verdict = verdict(public, record)?;
    if verdict == Verdict::Ours {
        let (folder, name) = split(&record.path);
        let dir = public.reach(folder)?;
        let removed = if record.is_folder() { dir.remove_folder(name) } else { dir.remove(name) };
        if record.is_folder() {
            public.forget();
        }
        removed.map_err(|error| Refused::at(&record.path, error))?;
    }
    Ok(verdict)
}

/// Removes those of `folders` that are empty, the deepest first. A folder stays untried where one of `records` lies in
/// it. Returns those that stay, with the error if one was tried.
pub(in crate::link) fn sweep(
    public: &mut Walk,
    mut folders: Vec<Record>,
    records: &mut Vec<Record>,
) -> Vec<(Record, Option<Refused>)> {
    ledger::sort(records);
    ledger::sort(&mut folders);
    let mut kept = Vec::new();
    while let Some(folder) = folders.pop() {
        if !ledger::below(records, &folder.path).is_empty() {
            kept.push((folder, None));
        } else if let Err(refused) = remove(public, &folder) {
            kept.push((folder, Some(refused)));
        }
    }
    kept
}

/// What is there, in words: "a link to `../x`".
pub(in crate::link) fn describe(dir: &Dir, name: &[u8], kind: Kind) -> io::Result<String> {
    Ok(match kind {
        Kind::File => "a file".to_owned(),
        Kind::Folder => "a folder".to_owned(),
        Kind::Symlink => format!("a link to `{}`", show(&dir.read_link(name)?)),
        Kind::Other(what) => what.to_owned(),
    })
}
