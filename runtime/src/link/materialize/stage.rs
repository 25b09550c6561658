//! The stage: a folder of Bakehouse's own in the state folder, where the tree is made.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::link::error::Problem;
use crate::link::state::ledger::{Ledger, Reading};
use crate::link::{LinkError, Place, state_dir};

/// Where a tree is made. It has a name of its own in the state folder, so that a run finds what a killed one left.
#[derive(Debug)]
pub(super) struct Stage {
    folder: PathBuf,
    tree: PathBuf,
    state: PathBuf,
}

impl Stage {
    /// The stage that belongs to the ledger at this path.
    pub(super) fn beside(ledger: &Path) -> Self {
        let folder = ledger.with_extension("stage");
        let tree = folder.join("tree");
        Self { state: state_dir(&tree), tree, folder }
    }

    /// Makes the stage anew, without anything that a killed run left in it.
    pub(super) fn open(&self) -> Result<(), LinkError> {
        self.remove().and_then(|()| fs::create_dir_all(&self.tree)).map_err(|error| self.failed(error))
    }

    /// Takes the stage away with all that is in it.
    pub(super) fn remove(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Whether a path lies in the stage.
    pub(super) fn has(&self, path: &Path) -> bool {
        path.starts_with(&self.folder)
    }

    /// Where the tree is made.
    pub(super) fn tree(&self) -> &Path {
        &self.tree
    }

    /// A free name, for what stands where the tree is to come.
    pub(super) fn aside(&self) -> PathBuf {
        self.folder.join("aside")
    }

    /// The place for the run that makes the tree of what is below `root`.
    pub(super) fn place<'p>(&'p self, root: &'p Path) -> Place<'p> {
        Place { root, public: &self.tree, state: &self.state }
    }

    /// What the run that made the tree noted.
    pub(super) fn ledger(&self) -> Result<Ledger, LinkError> {
        match Ledger::read(&self.state.join("tree.ledger")).map_err(|error| self.failed(error))? {
            Reading::Intact(ledger) => Ok(ledger),
            // A plan without files leaves none.
            Reading::Missing => Ok(Ledger::default()),
            Reading::Damaged(why) => Err(self.failed(io::Error::new(ErrorKind::InvalidData, why))),
        }
    }

    /// Says that something went wrong in the stage.
    #[cold]
    pub(super) fn failed(&self, error: io::Error) -> LinkError {
        LinkError::new(Problem::Stage, &self.folder, error)
    }
}
