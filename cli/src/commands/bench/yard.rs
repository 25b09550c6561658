//! The temporary folder in which all is made.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::failure::{Failure, Trouble};

/// A temporary folder, which goes with the value.
pub(super) struct Yard {
    dir: TempDir,
}

/// A public folder, and that of its ledger.
pub(super) struct Site {
    folder: PathBuf,
    pub(super) public: PathBuf,
    pub(super) state: PathBuf,
}

impl Yard {
    pub(super) fn new() -> Result<Self, Failure> {
        let dir = tempfile::Builder::new().prefix("bakehouse-bench-").tempdir();
        Ok(Self { dir: dir.map_err(|error| trouble(&env::temp_dir(), &error))? })
    }

    /// Where it was made.
    pub(super) fn parent(&self) -> &Path {
        self.dir.path().parent().unwrap_or(self.dir.path())
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Where links of that name go; nothing is made yet.
    pub(super) fn site(&self, name: &str) -> Site {
        let folder = self.path(name);
        Site { public: folder.join("public"), state: folder.join("state"), folder }
    }

    /// Writes a file.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Failure> {
        let path = self.path(name);
        fs::write(&path, bytes).map_err(|error| trouble(&path, &error))?;
        Ok(path)
    }
}

impl Site {
    /// Takes away what was made here; the next run finds an empty folder.
    pub(super) fn clear(&self) -> Result<(), Failure> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(trouble(&self.folder, &error)),
            _ => {}
        }
        fs::create_dir_all(&self.public).map_err(|error| trouble(&self.public, &error))
    }
}

/// What a person can do where a folder has no room or can't be written to.
pub(super) const ROOM: &str = "name a folder on a disk with room for all assets with `TMPDIR`";

fn trouble(path: &Path, error: &io::Error) -> Failure {
    Trouble::new(format!("failed to make `{}`", path.display())).because(error).help(ROOM).problem()
}
