//! Links of made-up sites, against bare calls that make the same links, against other linkers, and against copying.
//!
//! A site is written and baked; everybody makes its assets appear in public folders, and what is there is read and
//! compared with the sources; then they are timed in turn. Where strace is, their system calls are counted, and they run
//! once more with calls that take milliseconds.

mod bare;
mod case;
mod contender;
mod contest;
mod file_system;
mod markdown;
mod outcome;
mod peers;
mod site;
pub(crate) mod trace;
mod verdict;

use std::path::{Path, PathBuf};

pub use contender::{FLAG as RUN_FLAG, run_contender};
pub use markdown::write_markdown;
pub(crate) use outcome::Outcome;

use self::file_system::FileSystem;
use self::site::{SIZES, Site, Size};
use crate::{Report, Result, Scale};

/// In memory, on Linux.
const TMPFS: &str = "/dev/shm";

/// Where sites are made.
struct Place {
    parent: PathBuf,
    file_system: FileSystem,
    /// Whether calls are counted and delayed here. Elsewhere they would be the same calls.
    is_traced: bool,
}

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    // Until the end: see `Site` about what a deleted file costs.
    let mut sites = Vec::new();
    for place in places(scale)? {
        for size in SIZES.into_iter().filter(|size| is_chosen(*size, scale)) {
            let site = Site::make(size.shrunk(scale), &place.parent, place.file_system)?;
            let outcome = contest::run(&site, &place, scale)?;
            verdict::report(&outcome, report);
            report.links.push(outcome);
            sites.push(site);
        }
    }
    if !scale.thorough {
        report.note("links: more sites, system calls and slow calls by `-- links --write docs/benchmarks-links.md`");
    }
    Ok(())
}

/// The temporary folder, and memory if that is another file system.
fn places(scale: Scale) -> Result<Vec<Place>> {
    let place = |parent: PathBuf, is_traced| -> Result<Place> {
        Ok(Place { file_system: FileSystem::of(&parent)?, parent, is_traced })
    };
    let mut places = vec![place(std::env::temp_dir(), scale.thorough)?];
    if Path::new(TMPFS).is_dir() && places.iter().all(|place| place.file_system != FileSystem::TMPFS) {
        places.push(place(TMPFS.into(), false)?);
    }
    Ok(places)
}

/// Whether a site is measured: what `--only` names, else the smallest, for the others take minutes.
fn is_chosen(size: Size, scale: Scale) -> bool {
    match scale.only {
        Some(only) => size.to_string().contains(only),
        None => scale.thorough || size == SIZES[0],
    }
}
