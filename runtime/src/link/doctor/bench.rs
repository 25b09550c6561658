//! The folder where methods are tried, and the file that they are tried with.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::quoted;
use crate::link::carry_out::repair::repair;
use crate::link::dir::{Dir, Kind};
use crate::link::path::{join, split, to_path};
use crate::link::walk::Walk;
use crate::link::{PlannedLink, temporary_name};

/// A new folder below the one that is looked at, with a file and a folder in it.
#[derive(Debug)]
pub(super) struct Bench {
    pub(super) path: PathBuf,
    pub(super) dir: Dir,
    /// The folder of the source that is linked and cloned, and its name.
    pub(super) source: Dir,
    pub(super) source_name: Vec<u8>,
    pub(super) source_path: PathBuf,
}

/// The file of a bench.
pub(super) const FILE: &str = "file";
/// The folder of a bench.
pub(super) const FOLDER: &str = "folder";

impl Bench {
    /// Makes a bench in `folder`; an error says in words why that is not possible.
    pub(super) fn set_up(folder: &Path, plan: &[PlannedLink<'_>], root: &Path) -> Result<Self, String> {
        if folder.is_file() {
            return Err(format!("{} is no folder; name another public folder", quoted(folder)));
        }
        // Hidden, so that no host serves it meanwhile.
        let path = folder.join(temporary_name());
        let why = |error: io::Error| {
            let help = match error.kind() {
                // Some folders of the system's own take nothing.
                ErrorKind::NotFound => "name another public folder".to_owned(),
                _ => repair(&error, None, b"", Dir::open(folder).ok().as_ref()),
            };
            format!("nothing can be made in {}: {error}; {help}", quoted(folder))
        };
        fs::create_dir(&path).map_err(why)?;
        Self::furnish(&path, plan, root).map_err(|error| {
            let _ = fs::remove_dir_all(&path);
            why(error)
        })
    }

    /// Takes the bench away; an error says in words what is left of it.
    pub(super) fn take_down(self) -> Result<(), String> {
        let Self { path, dir, source, .. } = self;
        // Windows removes no folder that is open.
        drop((dir, source));
        fs::remove_dir_all(&path).map_err(|error| format!("{} could not be removed: {error}; remove it", quoted(&path)))
    }

    fn furnish(path: &Path, plan: &[PlannedLink<'_>], root: &Path) -> io::Result<Self> {
        fs::write(path.join(FILE), FILE)?;
        fs::create_dir(path.join(FOLDER))?;
        let source = planned_file(plan, root).unwrap_or_else(|| path.join(FILE));
        let (folder, name) = (source.parent().unwrap_or(path), source.file_name().unwrap_or_default());
        Ok(Self {
            path: path.to_owned(),
            dir: Dir::open(path)?,
            source: Dir::open(folder)?,
            source_name: name.as_encoded_bytes().to_vec(),
            source_path: source.clone(),
        })
    }
}

/// The first file of the plan that is there.
fn planned_file(plan: &[PlannedLink<'_>], root: &Path) -> Option<PathBuf> {
    let mut walk = Walk::new(Dir::open(root).ok());
    plan.iter().find_map(|entry| {
        let source = match entry.files.first() {
            Some(file) => join(entry.source, file),
            None => entry.source.to_vec(),
        };
        let (folder, name) = split(&source);
        let seen = walk.reach(folder).ok()?.look(name).ok()??;
        (seen.kind == Kind::File).then(|| to_path(&source).map(|source| root.join(source)))?
    })
}

/// The folder at `path`, or the nearest one above it that is there.
pub(super) fn nearest(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let is_missing = |error: io::Error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
    let is_there = |path: &&Path| !fs::metadata(path).is_err_and(is_missing);
    path.ancestors().find(is_there).unwrap_or(&path).to_owned()
}
