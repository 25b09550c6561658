//! The system calls of the linker, all of them relative to an open folder and none through a link.
//!
//! A `Dir` is a handle on Unix (`unix`) and a path that a handle holds in place on Windows (`windows`); both have the
//! same methods. Names are single path components, as bytes.

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use xxhash_rust::xxh3::xxh3_64;

mod clone;
#[cfg(any(windows, test))]
mod name;
mod patience;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(any(unix, windows)))]
compile_error!("the feature `link` of bakehouse-runtime is for Unix and Windows");

pub(super) use clone::clone_file;
pub(super) use patience::patiently_with_readers;
#[cfg(unix)]
pub(super) use unix::Dir;
#[cfg(windows)]
pub(super) use windows::Dir;

/// What lies at a name, itself and not what it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Symlink,
    /// Something else, in words: "a socket".
    Other(&'static str),
}

/// Size and modification time (nanoseconds since 1970): what tells whether somebody wrote to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) size: u64,
    pub(super) modified: i128,
}

/// What a look at a name showed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) kind: Kind,
    pub(super) stamp: Stamp,
    /// When the file or its metadata last changed, nanoseconds since 1970; unlike `modified` nobody can set it back.
    /// The modification time where the system has no such thing.
    pub(super) changed: i128,
    /// The file's number in its file system; 0 where the system does not say.
    pub(super) inode: u64,
    pub(super) device: i128,
    /// Whether the file has another name, so that removing this one loses nothing.
    pub(super) has_other_names: bool,
    /// The number of the user to whom it belongs, where the system has such numbers.
    pub(super) owner: Option<u32>,
}

/// Who is told of a name in a folder, and of its kind if that is known. Says whether to go on.
pub(super) type Told<'t> = dyn FnMut(&[u8], Option<Kind>) -> io::Result<ControlFlow<()>> + 't;

/// Which of sorted names are in a folder and of that kind, as far as a list of it tells. Of names that are not sorted, some
/// may seem not to be.
pub(super) fn find_all(dir: &Dir, names: &[&[u8]], kind: Kind) -> io::Result<Vec<bool>> {
    let mut are_there = vec![false; names.len()];
    let mut n_missing = names.len();
    dir.each(&mut |name, found| {
        let idx = names.binary_search(&name).ok().filter(|_| found == Some(kind));
        if let Some(is_there) = idx.and_then(|idx| are_there.get_mut(idx)) {
            *is_there = true;
            n_missing -= 1;
        }
        // That nothing else comes would take one more call to see.
        Ok(if n_missing == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(are_there)
}

impl Seen {
    /// A hash of all that tells this from another state of the same thing; never 0.
    pub(super) fn fingerprint(&self) -> u64 {
        let kind = match self.kind {
            Kind::File => 1,
            Kind::Folder => 2,
            Kind::Symlink => 3,
            Kind::Other(_) => 4,
        };
        let Stamp { size, modified } = self.stamp;
        let all = [kind, self.device, self.inode.into(), self.changed, size.into(), modified];
        xxh3_64(all.map(i128::to_le_bytes).as_flattened()).max(1)
    }

    /// Whether both are names of one file; `None` where the system does not number its files.
    pub(super) fn is_same_file(&self, other: &Self) -> Option<bool> {
        let is_numbered = self.inode != 0 && other.inode != 0;
        is_numbered.then_some((self.inode, self.device) == (other.inode, other.device))
    }

    /// Whether the file changed so short a time before `now` that a second change could leave the same times behind:
    /// file systems take their time from a clock that ticks every few milliseconds.
    pub(super) fn is_young(&self, now: SystemTime) -> bool {
        const TICK: i128 = 20_000_000;
        nanoseconds(now) - self.changed.max(self.stamp.modified) < TICK
    }
}

pub(super) fn nanoseconds(time: SystemTime) -> i128 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos().cast_signed(),
        Err(before) => -before.duration().as_nanos().cast_signed(),
    }
}

/// What a copy of a file with this stamp will have for one.
pub(super) fn stamp_of_copy(source: Stamp) -> Stamp {
    Stamp { size: source.size, modified: nanoseconds(time_of_copy(source)) }
}

/// The modification time for a copy: its source's, without the part below a second. No later write to the copy can
/// have it, so that a copy which somebody edited is told from an untouched one even within a tick of the clock.
fn time_of_copy(source: Stamp) -> SystemTime {
    let seconds = u64::try_from(source.modified / 1_000_000_000).unwrap_or(0);
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Whether two files hold the same bytes.
pub(super) fn same_bytes(mut one: File, mut two: File) -> io::Result<bool> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    loop {
        left.clear();
        right.clear();
        one.by_ref().take(1 << 16).read_to_end(&mut left)?;
        two.by_ref().take(1 << 16).read_to_end(&mut right)?;
        if left != right {
            return Ok(false);
        }
        if left.is_empty() {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(modified: i128, changed: i128) -> Seen {
        let stamp = Stamp { size: 1, modified };
        Seen { kind: Kind::File, stamp, changed, inode: 1, device: 1, has_other_names: false, owner: None }
    }

    #[test]
    fn a_file_is_young_until_the_clock_has_surely_ticked() {
        let now = UNIX_EPOCH + Duration::from_secs(1);
        let cases = [
            (seen(999_000_000, 0), true),
            (seen(0, 999_000_000), true),   // its time was set back
            (seen(2_000_000_000, 0), true), // a time to come proves nothing
            (seen(900_000_000, 900_000_000), false),
        ];
        for (seen, young) in cases {
            assert_eq!(seen.is_young(now), young, "{seen:?}");
        }
    }

    #[test]
    fn files_are_told_apart_by_their_numbers_alone() {
        let numbered = |inode, device| Seen { inode, device, ..seen(0, 0) };
        let cases = [((1, 1), Some(true)), ((2, 1), Some(false)), ((1, 2), Some(false)), ((0, 0), None)];
        for ((inode, device), expected) in cases {
            assert_eq!(numbered(1, 1).is_same_file(&numbered(inode, device)), expected);
        }
    }

    #[test]
    fn a_rename_to_a_free_name_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::open(folder.path()).unwrap();
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        for name in ["new", "mine"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let error = dir.rename_to_free(b"new", &dir, b"mine").unwrap_err();
        assert_eq!(
            (error.kind(), read("mine"), read("new")),
            (io::ErrorKind::AlreadyExists, "mine".into(), "new".into())
        );
        dir.rename_to_free(b"new", &dir, b"free").unwrap();
        assert_eq!(read("free"), "new");
    }
}
