//! Makes files that are equal one file with several names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

use crate::link::carry_out::repair::repair;
use crate::link::dir::same_bytes;
use crate::link::path::to_path;
use crate::link::state::ledger::{Ledger, Mark};
use crate::link::{LinkMethod, temporary_name};

/// What became of equal files.
#[derive(Debug, Default)]
pub(super) struct Twins {
    /// The paths that became hard links of earlier ones.
    pub(super) linked: BTreeSet<Vec<u8>>,
    /// How many stayed files of their own because a hard link could not be made, and why the first of them did.
    refused: Option<(usize, io::Error)>,
}

/// Makes hard links of those files of a tree that are equal to an earlier one, and notes that in the tree's ledger.
///
/// Only files of one size are read: hashed, and compared with the first of the same hash.
pub(super) fn unite(tree: &Path, ledger: &mut Ledger) -> io::Result<Twins> {
    let mut twins = Twins::default();
    let mut sizes = BTreeMap::<u64, Vec<usize>>::new();
    for (idx, record) in ledger.records.iter().enumerate() {
        if let Mark::Copy { own, .. } = record.mark {
            sizes.entry(own.size).or_default().push(idx);
        }
    }
    for group in sizes.into_values().filter(|group| group.len() > 1) {
        unite_group(tree, &group, ledger, &mut twins)?;
    }
    Ok(twins)
}

/// Makes one of those that are equal among files of one size, which are given by their records.
fn unite_group(tree: &Path, group: &[usize], ledger: &mut Ledger, twins: &mut Twins) -> io::Result<()> {
    let mut firsts = BTreeMap::<u128, usize>::new();
    for &idx in group {
        let path = file_of(tree, ledger, idx)?;
        let hash = hash(&path)?;
        let Some(&first) = firsts.get(&hash) else {
            firsts.insert(hash, idx);
            continue;
        };
        let first_path = file_of(tree, ledger, first)?;
        if !same_bytes(File::open(&first_path)?, File::open(&path)?)? {
            continue;
        }
        match replace_by_link(&first_path, &path) {
            Ok(()) => twins.note_link(ledger, first, idx),
            // A file can have only so many names; the next ones get those of this file.
            Err(error) => {
                firsts.insert(hash, idx);
                twins.refuse(error);
            }
        }
    }
    Ok(())
}

/// Makes `path` another name of `first`; it stays what it is if that fails.
fn replace_by_link(first: &Path, path: &Path) -> io::Result<()> {
    let temporary = path.with_file_name(temporary_name());
    fs::hard_link(first, &temporary)?;
    fs::rename(&temporary, path)
}

fn hash(path: &Path) -> io::Result<u128> {
    let (mut file, mut hash, mut buffer) = (File::open(path)?, Xxh3::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.digest128()),
            n => hash.update(buffer.get(..n).unwrap_or_default()),
        }
    }
}

/// The file of a record in the tree.
fn file_of(tree: &Path, ledger: &Ledger, idx: usize) -> io::Result<PathBuf> {
    let path = ledger.records.get(idx).and_then(|record| to_path(&record.path));
    Ok(tree.join(path.ok_or(ErrorKind::InvalidFilename)?))
}

impl Twins {
    /// Notes that a record's file is another name of the first one's, so that it has that one's time.
    fn note_link(&mut self, ledger: &mut Ledger, first: usize, idx: usize) {
        let Some(Mark::Copy { own: shared, .. }) = ledger.records.get(first).map(|record| record.mark.clone()) else {
            return;
        };
        if let Some(record) = ledger.records.get_mut(idx)
            && let Mark::Copy { own, .. } = &mut record.mark
        {
            *own = shared;
            self.linked.insert(record.path.to_vec());
        }
    }

    fn refuse(&mut self, error: io::Error) {
        let (n, first) = self.refused.take().unwrap_or((0, error));
        self.refused = Some((n + 1, first));
    }

    /// What to tell of equal files that could not be made one.
    pub(super) fn note(&self) -> Option<String> {
        let (n, error) = self.refused.as_ref()?;
        let help = repair(error, Some(LinkMethod::Hardlink), b"", None);
        Some(format!("{n} equal files were written again, because hardlink failed: {error}; {help}"))
    }
}
