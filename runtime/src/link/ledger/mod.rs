//! The ledger: what Bakehouse made in a public folder, kept outside of it, so that nothing else is ever taken away.

mod text;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::dir::{Seen, Stamp};
use super::path;
use super::temporary_name;

/// What was made in one public folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ledger {
    /// The canonical path of the public folder when it was written.
    pub(super) public: Vec<u8>,
    /// The hash of the plan that was carried out.
    pub(super) plan: u64,
    /// Sorted by path, no path twice.
    pub(super) records: Vec<Record>,
}

/// One thing that Bakehouse made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// Relative to the public folder.
    pub(super) path: Vec<u8>,
    /// The slug of the app that it belongs to; empty for a folder.
    pub(super) app: String,
    pub(super) mark: Mark,
}

/// What was made, and how to tell that it still is that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    Symlink {
        target: Vec<u8>,
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
pub(super) enum SourceStamp {
    /// As long as all of this is the same, so are the bytes.
    Settled { stamp: Stamp, changed: i128 },
    /// It had only just changed: another change could look the same, so the bytes have to be compared.
    Young,
}

/// What became of reading a ledger.
#[derive(Debug)]
pub(super) enum Reading {
    Intact(Ledger),
    Missing,
    /// Not to be trusted; why, in words.
    Damaged(&'static str),
}

impl Mark {
    /// Of a hard link that was seen.
    pub(super) fn hardlink(seen: &Seen) -> Self {
        Self::Hardlink { inode: seen.inode, stamp: seen.stamp }
    }

    /// Of a copy that was seen, and whose source was `source` before it was read. `began` lies before that.
    pub(super) fn copy(seen: &Seen, source: &Seen, began: SystemTime) -> Self {
        let source = if source.is_young(began) { SourceStamp::Young } else { SourceStamp::settled(source) };
        Self::Copy { own: seen.stamp, source }
    }
}

impl SourceStamp {
    /// The stamp of a source that has not changed for a while.
    pub(super) fn settled(source: &Seen) -> Self {
        Self::Settled { stamp: source.stamp, changed: source.changed }
    }
}

impl Record {
    pub(super) fn is_folder(&self) -> bool {
        matches!(self.mark, Mark::Folder)
    }
}

/// Sorts records by path, and keeps the first of those with the same path.
pub(super) fn sort(records: &mut Vec<Record>) {
    records.sort_by(|one, other| one.path.cmp(&other.path));
    records.dedup_by(|one, other| one.path == other.path);
}

/// Those of sorted records that lie below a folder.
pub(super) fn below<'r>(records: &'r [Record], folder: &[u8]) -> &'r [Record] {
    path::below(records, folder, |record| &record.path)
}

impl Ledger {
    /// Reads the ledger at `path`. A file that Bakehouse did not write is an error: the next ledger would replace it.
    pub(super) fn read(path: &Path) -> io::Result<Reading> {
        match fs::read(path) {
            Ok(bytes) if !text::is_ledger(&bytes) => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "something that Bakehouse did not write is in its place",
            )),
            Ok(bytes) => Ok(text::parse(&bytes).map_or_else(Reading::Damaged, Reading::Intact)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Reading::Missing),
            Err(error) => Err(error),
        }
    }

    pub(super) fn get(&self, path: &[u8]) -> Option<&Record> {
        let idx = self.records.binary_search_by(|record| record.path.as_slice().cmp(path)).ok()?;
        self.records.get(idx)
    }

    /// The records below a folder.
    pub(super) fn below(&self, folder: &[u8]) -> &[Record] {
        below(&self.records, folder)
    }
}

/// A ledger about to be written: its file is opened before the first change to the public folder, so that a state
/// folder which can't be written stops a run that would change things nobody could record.
#[derive(Debug)]
pub(super) struct Pending {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
}

impl Pending {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let folder = path.parent().unwrap_or(Path::new(""));
        fs::create_dir_all(folder)?;
        let temporary = folder.join(temporary_name());
        let file = File::create_new(&temporary)?;
        Ok(Self { file, temporary, path: path.to_owned() })
    }

    /// Puts `ledger` in the place of the old one, whole.
    pub(super) fn write(mut self, ledger: &Ledger) -> io::Result<()> {
        self.file.write_all(text::write(ledger).as_bytes())?;
        fs::rename(&self.temporary, &self.path)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // Gone already after a rename; what an error left goes here.
        let _ = fs::remove_file(&self.temporary);
    }
}
