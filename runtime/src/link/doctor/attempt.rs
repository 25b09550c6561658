//! The methods, each tried as a run does it and looked at afterwards. An error says in words why it does not work, and what
//! to do about it.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use super::bench::{Bench, FILE, FOLDER};
use super::quoted;
use crate::link::carry_out::repair::repair;
use crate::link::dir::{Dir, clone_file};
use crate::link::swap;
use crate::link::{LinkKind, LinkMethod, temporary_name};

/// Tries a method.
pub(super) type Attempt = fn(&Bench) -> Result<(), String>;

/// Links to a file and to a folder.
pub(super) fn symlink(bench: &Bench) -> Result<(), String> {
    let link = |target: &str, kind| {
        let name = format!("link-to-{target}");
        bench.dir.symlink(target.as_bytes(), name.as_bytes(), kind)?;
        look_at_link(&bench.dir, &name, target.as_bytes())
    };
    let linked = link(FILE, LinkKind::File).and_then(|()| link(FOLDER, LinkKind::Folder));
    linked.map_err(|error| mend(&error, LinkMethod::Symlink, bench))
}

/// Links to a folder as Windows lets everybody.
pub(super) fn junction(bench: &Bench) -> Result<(), String> {
    if cfg!(not(windows)) {
        return Err("only Windows has junctions; where symlinks work, nothing else is needed".to_owned());
    }
    let target = bench.path.join(FOLDER).to_string_lossy().replace('\\', "/");
    let made = bench.dir.junction(target.as_bytes(), b"junction");
    let made = made.and_then(|()| look_at_link(&bench.dir, "junction", target.as_bytes()));
    made.map_err(|error| mend(&error, LinkMethod::Junction, bench))
}

/// Links a file of the apps.
pub(super) fn hard_link(bench: &Bench) -> Result<(), String> {
    let linked = bench.source.hard_link(&bench.source_name, &bench.dir, b"hardlink");
    let linked = linked.and_then(|()| fs::symlink_metadata(bench.path.join("hardlink")).map(drop));
    linked.map_err(|error| mend(&error, LinkMethod::Hardlink, bench))
}

/// Copies a file of the apps without copying its bytes.
pub(super) fn clone(bench: &Bench) -> Result<(), String> {
    clone_file(&bench.source_path, &bench.path.join("clone")).map_err(|error| {
        let help = "copies are made byte by byte instead; Btrfs, XFS and APFS can clone within one file system";
        format!("{error}; {help}")
    })
}

/// Replaces a file by another, and moves a folder.
pub(super) fn rename(bench: &Bench) -> Result<(), String> {
    let path = |name: &str| bench.path.join(name);
    let renamed = fs::write(path("old"), "old")
        .and_then(|()| fs::write(path("new"), "new"))
        .and_then(|()| fs::rename(path("new"), path("old")))
        .and_then(|()| fs::create_dir(path("folder-before")))
        .and_then(|()| fs::rename(path("folder-before"), path("folder-after")));
    renamed.map_err(|error| {
        let help = repair(&error, None, b"", Some(&bench.dir));
        format!("{error}; {help}")
    })
}

/// Puts a folder in the place of a file in one step.
pub(super) fn exchange(bench: &Bench) -> Result<(), String> {
    let (one, other) = (bench.path.join("exchanged-file"), bench.path.join("exchanged-folder"));
    let made = fs::write(&one, "").and_then(|()| fs::create_dir(&other));
    made.and_then(|()| swap::exchange(&one, &other)).map_err(|error| {
        let help = "a folder takes the place of a link in two renames, and for a moment nothing is there";
        format!("{error}; {help}")
    })
}

/// Locks a file in the folder of the ledger, so that somebody else can't.
pub(super) fn lock(folder: &Path) -> Result<(), String> {
    let path = folder.join(temporary_name());
    let help = "keep the ledger where locks work, with `--state`, and where this user may write";
    let locked = lock_file(&path).map_err(|error| format!("in {}: {error}; {help}", quoted(folder)));
    let _ = fs::remove_file(&path);
    locked
}

fn lock_file(path: &Path) -> io::Result<()> {
    let held = File::create_new(path)?;
    held.lock()?;
    match File::open(path)?.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
        Ok(()) => Err(io::Error::other("the system let two have a lock that is for one")),
    }
}

/// Some systems answer success and create nothing.
fn look_at_link(dir: &Dir, name: &str, target: &[u8]) -> io::Result<()> {
    if dir.read_link(name.as_bytes())? == target {
        return Ok(());
    }
    Err(io::Error::other("the system answered success and made something else"))
}

fn mend(error: &io::Error, method: LinkMethod, bench: &Bench) -> String {
    format!("{error}; {}", repair(error, Some(method), b"", Some(&bench.dir)))
}
