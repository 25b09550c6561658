//! File systems that exist for as long as a test needs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Run;

/// A mounted file system; it goes when this is dropped.
#[derive(Debug)]
pub struct Mount {
    at: PathBuf,
}

impl Mount {
    /// Mounts by `mount OPTIONS at`; `None`, with a line that says why, where this machine does not permit it.
    ///
    /// Even the superuser of a container may lack the right, in CI too, so that is no failure there.
    pub fn new(options: &[&str], at: &Path) -> Option<Self> {
        let run = Run::of(Command::new("mount").args(options).arg(at));
        if run.code != Some(0) {
            println!("skipped: nothing can be mounted here: {run}");
            return None;
        }
        Some(Self { at: at.to_owned() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.at
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // Lazily: a process that was killed may not be gone yet.
        let run = Run::of(Command::new("umount").arg("-l").arg(&self.at));
        if run.code != Some(0) {
            eprintln!("a mount was left behind: {run}");
        }
    }
}
