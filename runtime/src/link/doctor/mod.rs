//! Says which methods work in a public folder, by trying each of them in a folder of its own there (`attempt`) and taking
//! that away again (`bench`).

mod attempt;
mod bench;

use std::path::{Path, PathBuf};

use super::{Place, PlannedLink};
use attempt::{Attempt, clone, exchange, hard_link, junction, lock, rename, symlink};
use bench::{Bench, nearest};

/// What works in a public folder.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// The folder where the methods were tried: the public folder, or the nearest one above it that is there.
    pub folder: PathBuf,
    /// Each method, in the order in which they are tried here.
    pub checks: Vec<Check>,
    /// What a person should know besides: what could not be taken away again, for instance.
    pub notes: Vec<String>,
}

/// Whether a method works.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// The method: `symlink`, `junction`, `hardlink`, `clone`, `rename`, `exchange` or `lock`.
    pub method: &'static str,
    /// Why it does not work, in the system's words, and what to do about it; none if it works.
    pub why: Option<String>,
    /// Whether linking as planned needs it; without any other, something else does as well.
    pub is_needed: bool,
}

impl Check {
    /// Whether the method works.
    pub fn works(&self) -> bool {
        self.why.is_none()
    }
}

impl Diagnosis {
    /// Whether everything works that linking as planned needs.
    pub fn is_fine(&self) -> bool {
        self.checks.iter().all(|check| check.works() || !check.is_needed)
    }
}

/// Tries every method in the place of the public folder, and leaves nothing there. Hard links and clones are tried with the
/// first file of `plan` that is there, because they depend on where that lies.
pub fn doctor(plan: &[PlannedLink<'_>], place: &Place<'_>) -> Diagnosis {
    let folder = nearest(place.public);
    let bench = Bench::set_up(&folder, plan, place.root);
    let methods: [(&'static str, Attempt, bool); 6] = [
        ("symlink", symlink, true),
        ("junction", junction, false),
        ("hardlink", hard_link, false),
        ("clone", clone, false),
        ("rename", rename, true),
        ("exchange", exchange, false),
    ];
    let tried = methods.into_iter().map(|(method, attempt, is_needed)| {
        let why = match &bench {
            Ok(bench) => attempt(bench).err(),
            Err(why) => Some(why.clone()),
        };
        Check { method, why, is_needed }
    });
    let lock = Check { method: "lock", why: lock(&nearest(place.state)).err(), is_needed: true };
    let checks = tried.chain([lock]).collect();
    let notes = bench.into_iter().filter_map(|bench| bench.take_down().err()).collect();
    Diagnosis { folder, checks, notes }
}

/// A path as a message has it.
fn quoted(path: &Path) -> String {
    format!("`{}`", path.display())
}
