//! The files of a public folder's state: where they are, and how they are written so that none is ever half of one.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::text;
use super::{Ledger, Next};
use crate::link::dir::patiently_with_readers;

/// The files that one public folder has in the state folder. All but the stamp are written under the lock.
#[derive(Debug)]
pub(in crate::link) struct Files {
    /// The ledger itself.
    pub(in crate::link) ledger: PathBuf,
    /// The next ledger, while a run is at work.
    pub(in crate::link) next: PathBuf,
    /// Held by the run that is at work.
    pub(in crate::link) lock: PathBuf,
    /// What tells the next run that nothing has changed.
    pub(in crate::link) stamp: PathBuf,
    /// What is written before it takes the place of the ledger or the next one.
    fresh: PathBuf,
}

impl Files {
    /// The files beside the ledger at `ledger`, which ends in `.ledger`.
    pub(in crate::link) fn beside(ledger: PathBuf) -> Self {
        let file = |ending| ledger.with_extension(ending);
        Self { next: file("next"), lock: file("lock"), stamp: file("stamp"), fresh: file("new"), ledger }
    }

    /// Writes the ledger.
    pub(in crate::link) fn write_ledger(&self, ledger: &Ledger) -> io::Result<()> {
        self.replace(&self.ledger, &text::write(ledger))
    }

    /// Writes the next ledger, where a run that was killed left none.
    pub(in crate::link) fn begin(&self, next: &Next) -> io::Result<()> {
        let mut file = File::create_new(&self.next)?;
        let written = file.write_all(text::write_next(next).as_bytes());
        written.inspect_err(|_| remove_quietly(&self.next))
    }

    /// Writes the next ledger again, because more may be made than it says.
    pub(in crate::link) fn begin_again(&self, next: &Next) -> io::Result<()> {
        self.replace(&self.next, &text::write_next(next))
    }

    /// Makes the next ledger the ledger.
    pub(in crate::link) fn complete(&self) -> io::Result<()> {
        rename(&self.next, &self.ledger)
    }

    /// Removes the next ledger.
    pub(in crate::link) fn end(&self) -> io::Result<()> {
        remove(&self.next)
    }

    /// Removes the stamp, before the first change.
    pub(in crate::link) fn remove_stamp(&self) -> io::Result<()> {
        remove(&self.stamp)
    }

    /// Removes all of them but the lock.
    pub(in crate::link) fn remove_all(&self) -> io::Result<()> {
        [&self.stamp, &self.ledger, &self.next, &self.fresh].into_iter().try_for_each(|path| remove(path))
    }

    fn replace(&self, path: &Path, text: &str) -> io::Result<()> {
        let written = fs::write(&self.fresh, text).and_then(|()| rename(&self.fresh, path));
        written.inspect_err(|_| remove_quietly(&self.fresh))
    }
}

/// Renames a file over one that others may be reading.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    patiently_with_readers(|| fs::rename(from, to))
}

/// Removes what could not be written: the error that was there before is the one that tells.
fn remove_quietly(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Removes a file that may not be there.
fn remove(path: &Path) -> io::Result<()> {
    match patiently_with_readers(|| fs::remove_file(path)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
