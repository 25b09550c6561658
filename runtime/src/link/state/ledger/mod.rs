//! The ledger: what Bakehouse made in a public folder, kept outside of it, so that nothing else is ever taken away.

mod files;
mod text;

use std::fs;
use std::io;
use std::path::Path;
use std::rc::Rc;
use std::time::SystemTime;

use crate::link::dir::{Seen, Stamp, stamp_of_copy};
use crate::link::path;

pub(in crate::link) use files::Files;

/// What was made in one public folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::link) struct Ledger {
    /// The canonical path of the public folder when it was written.
    pub(in crate::link) public: Vec<u8>,
    /// The hash of the plan that was carried out.
    pub(in crate::link) plan: u64,
    /// Sorted by path, no path twice.
    pub(in crate::link) records: Vec<Record>,
}

/// One thing that Bakehouse made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::link) struct Record {
    /// Relative to the public folder. Shared, as most records are in the old ledger and in the next one.
    pub(in crate::link) path: Rc<[u8]>,
    /// The slug of the app that it belongs to; empty for a folder.
    pub(in crate::link) app: Rc<str>,
    pub(in crate::link) mark: Mark,
}

/// What was made, and how to tell that it still is that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::link) enum Mark {
    Symlink {
        target: Rc<[u8]>,
    },
    Hardlink {
        inode: u64,
        stamp: Stamp,
    },
    Copy {
        own: Stamp,
        source: SourceStamp,
    },
    /// A folder on the way, or one whose files were linked or copied.
    Folder,
}

/// The source of a copy when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::link) enum SourceStamp {
    /// As long as all of this is the same, so are the bytes.
    Settled { inode: u64, stamp: Stamp, changed: i128 },
    /// It had only just changed: another change could look the same, so the bytes have to be compared.
    Young,
}

/// The ledger that a run is about to make true, written before its first change: whatever a run that was killed left
/// behind is in it.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::link) struct Next {
    /// Here a path may be in several records, one for each thing that it may become.
    pub(in crate::link) ledger: Ledger,
    /// The name of the run's stage, a folder in the public folder.
    pub(in crate::link) stage: Vec<u8>,
}

/// What became of reading a ledger, or what else one of the files of a state folder holds.
#[derive(Debug)]
pub(in crate::link) enum Reading<T = Ledger> {
    Intact(T),
    Missing,
    /// Not to be trusted; why, in words.
    Damaged(&'static str),
}

impl Mark {
    /// Of a hard link that was seen.
    pub(in crate::link) fn hardlink(seen: &Seen) -> Self {
        Self::Hardlink { inode: seen.inode, stamp: seen.stamp }
    }

    /// Of a copy that was seen, and whose source was `source` before it was read. `began` lies before that.
    pub(in crate::link) fn copy(seen: &Seen, source: &Seen, began: SystemTime) -> Self {
        let source = if source.is_young(began) { SourceStamp::Young } else { SourceStamp::settled(source) };
        Self::Copy { own: seen.stamp, source }
    }

    /// Of a copy that is going to be made of `source`.
    pub(in crate::link) fn future_copy(source: &Seen) -> Self {
        Self::Copy { own: stamp_of_copy(source.stamp), source: SourceStamp::Young }
    }
}

impl SourceStamp {
    /// The stamp of a source that has not changed for a while.
    pub(in crate::link) fn settled(source: &Seen) -> Self {
        Self::Settled { inode: source.inode, stamp: source.stamp, changed: source.changed }
    }
}

impl Record {
    /// The record of something that may as well have come of another source: of a copy, the bytes have to be compared.
    pub(in crate::link) fn in_doubt(&self) -> Self {
        let mut record = self.clone();
        if let Mark::Copy { source, .. } = &mut record.mark {
            *source = SourceStamp::Young;
        }
        record
    }

    pub(in crate::link) fn new(path: &[u8], app: &str, mark: Mark) -> Self {
        Self { path: path.into(), app: app.into(), mark }
    }

    /// Of a folder.
    pub(in crate::link) fn folder(path: &[u8]) -> Self {
        Self::new(path, "", Mark::Folder)
    }

    pub(in crate::link) fn is_folder(&self) -> bool {
        matches!(self.mark, Mark::Folder)
    }
}

/// Sorts records by path, and keeps the first of those with the same path.
pub(in crate::link) fn sort(records: &mut Vec<Record>) {
    // Mostly they are, and to see that takes no copy of them.
    if !records.is_sorted_by(|one, next| one.path < next.path) {
        sort_all(records);
        records.dedup_by(|one, other| one.path == other.path);
    }
}

/// Sorts records by path, and keeps all of them.
pub(in crate::link) fn sort_all(records: &mut [Record]) {
    records.sort_by(|one, other| one.path.cmp(&other.path));
}

/// Those of sorted records that lie below a folder.
pub(in crate::link) fn below<'r>(records: &'r [Record], folder: &[u8]) -> &'r [Record] {
    path::below(records, folder, |record| &record.path)
}

impl Ledger {
    /// Reads the ledger at `path`. A file that Bakehouse did not write is an error: the next ledger would replace it.
    pub(in crate::link) fn read(path: &Path) -> io::Result<Reading> {
        read(path, text::parse)
    }

    pub(in crate::link) fn get(&self, path: &[u8]) -> Option<&Record> {
        let idx = self.records.binary_search_by(|record| (*record.path).cmp(path)).ok()?;
        self.records.get(idx)
    }

    /// The record at a path, and those below it. Searched for from `near`, which is where the last one was found.
    pub(in crate::link) fn at_and_below(&self, path: &[u8], near: &mut usize) -> (Option<&Record>, &[Record]) {
        let is_at = |at: usize| self.records.get(at).is_some_and(|record| *record.path == *path);
        let at = [*near + 1, *near + 2].into_iter().find(|at| is_at(*at));
        *near = at.unwrap_or_else(|| self.records.partition_point(|record| *record.path < *path));
        let (record, rest) = match self.records.get(*near..).unwrap_or_default() {
            [record, rest @ ..] if *record.path == *path => (Some(record), rest),
            rest => (None, rest),
        };
        // Mostly nothing that begins with the path comes next, and there is no need to search.
        let may_be_below = rest.first().is_some_and(|next| next.path.starts_with(path));
        (record, if may_be_below { below(rest, path) } else { &[] })
    }

    /// The records below a folder.
    pub(in crate::link) fn below(&self, folder: &[u8]) -> &[Record] {
        below(&self.records, folder)
    }
}

impl Next {
    /// Reads what a run that was killed left at `path`.
    pub(in crate::link) fn read(path: &Path) -> io::Result<Reading<Self>> {
        read(path, text::parse_next)
    }
}

fn read<T>(path: &Path, parse: fn(&[u8]) -> Result<T, &'static str>) -> io::Result<Reading<T>> {
    match fs::read(path) {
        Ok(bytes) if !text::is_ledger(&bytes) => {
            Err(io::Error::new(io::ErrorKind::InvalidData, "something that Bakehouse did not write is in its place"))
        }
        Ok(bytes) => Ok(parse(&bytes).map_or_else(Reading::Damaged, Reading::Intact)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Reading::Missing),
        Err(error) => Err(error),
    }
}
