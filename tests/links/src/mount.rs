//! File systems that exist for as long as a test needs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Run, lacks};

/// A mounted file system; it goes when this is dropped.
#[derive(Debug)]
pub struct Mount {
    at: PathBuf,
}

impl Mount {
    /// Mounts by `mount OPTIONS at`; `None`, with a line that says why, where this machine does not permit it.
    ///
    /// Even the superuser of a container may lack the right, in CI too, so that is no failure there.
    ///
    /// # Panics
    ///
    /// If `CI` is set, and it is only this that can't be mounted.
    pub fn new(options: &[&str], at: &Path) -> Option<Self> {
        let mount = |options: &[&str]| Run::of(Command::new("mount").args(options).arg(at));
        let run = mount(options);
        if run.code == Some(0) {
            return Some(Self { at: at.to_owned() });
        }
        let is_permitted = mount(&["-t", "tmpfs", "bakehouse"]).code == Some(0);
        if is_permitted {
            drop(Self { at: at.to_owned() });
            lacks(&format!("what it takes to mount this: {run}"));
        } else {
            println!("skipped: nothing can be mounted here: {run}");
        }
        None
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
