//! What stops a whole run.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why nothing could be linked or cleaned at all.
#[derive(Debug)]
pub struct LinkError {
    problem: Problem,
    path: PathBuf,
    source: io::Error,
}

/// What was being done.
#[derive(Debug, Clone, Copy)]
pub(super) enum Problem {
    MakePublic,
    OpenPublic,
    OpenRoot,
    PlaceLedger,
    ReadLedger,
    WriteLedger,
    Materialize,
    Stage,
    Lock,
    Recover,
}

impl LinkError {
    #[cold]
    #[inline(never)]
    pub(super) fn new(problem: Problem, path: &Path, source: io::Error) -> Self {
        Self { problem, path: path.to_owned(), source }
    }

    /// The same error, of a run that makes what is to be put in its place later.
    pub(super) fn in_stage(self) -> Self {
        Self { problem: Problem::Stage, ..self }
    }

    /// The file or folder concerned.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self.problem {
            Problem::MakePublic => {
                "name a public folder in a place where this user may make one and nothing but folders is on the way"
            }
            Problem::OpenPublic => "name a folder as the public folder, one that this user may read and write",
            Problem::OpenRoot => "name the folder of the apps with `--root` or `BAKEHOUSE_ROOT`",
            Problem::PlaceLedger => "name a folder outside of the public folder for the ledger with `--state`",
            Problem::Lock => {
                "let the run that holds it end, or end it; this user has to be able to write there, or name another folder \
                 with `--state`"
            }
            Problem::Recover => "let this user write to the public folder and there, and run again",
            Problem::ReadLedger | Problem::WriteLedger => {
                "let this user read and write there, or name another folder for the ledger with `--state`"
            }
            Problem::Materialize => {
                "name a new or an empty folder that is no mount point, in a folder where this user may write"
            }
            Problem::Stage => {
                "let this user write there, beside the folder that is written, and see that there is space"
            }
        }
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.problem {
            Problem::MakePublic => "make the public folder",
            Problem::OpenPublic => "open the public folder",
            Problem::OpenRoot => "open the folder of the apps",
            Problem::PlaceLedger => "keep the ledger in",
            Problem::ReadLedger => "read the ledger",
            Problem::WriteLedger => "write the ledger",
            Problem::Materialize => "materialize into",
            Problem::Stage => "prepare the files in",
            Problem::Lock => "take the lock",
            Problem::Recover => "take up what a killed run left, of which it says in",
        };
        write!(f, "failed to {what} `{}`", self.path.display())
    }
}

impl Error for LinkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}
