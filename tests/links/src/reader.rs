//! A thread that reads assets while runs go on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

/// A thread that reads assets over and over, and notes what it does not find.
#[derive(Debug)]
pub struct Reader {
    ends: Arc<AtomicBool>,
    rounds: Arc<AtomicUsize>,
    thread: JoinHandle<BTreeSet<String>>,
}

impl Reader {
    /// Reads `assets` below `public` over and over, and compares their bytes.
    pub fn start(public: &Path, assets: BTreeMap<PathBuf, Vec<u8>>) -> Self {
        let (ends, rounds) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (has_ended, count, public) = (ends.clone(), rounds.clone(), public.to_owned());
        let thread = thread::spawn(move || {
            let mut misses = BTreeSet::new();
            while !has_ended.load(Ordering::Relaxed) {
                misses.extend(assets.iter().filter_map(|(path, bytes)| miss(&public, path, bytes)));
                count.fetch_add(1, Ordering::Relaxed);
            }
            misses
        });
        Self { ends, rounds, thread }
    }

    /// How often all assets were read so far.
    pub fn rounds(&self) -> usize {
        self.rounds.load(Ordering::Relaxed)
    }

    /// Ends the reading; returns what was missed, a text for each asset and cause.
    ///
    /// # Panics
    ///
    /// If the thread did.
    pub fn stop(self) -> BTreeSet<String> {
        self.ends.store(true, Ordering::Relaxed);
        self.thread.join().expect("a reader does not panic")
    }
}

/// What is wrong with an asset, if something is.
///
/// The kernel walks a path name by name. A walk that began in a folder which was exchanged for another one meanwhile, and
/// which is being emptied, may end at nothing; so what is missing is looked for once more, from the beginning.
fn miss(public: &Path, path: &Path, bytes: &[u8]) -> Option<String> {
    let read = || fs::read(public.join(path));
    match read().or_else(|_| read()) {
        Ok(found) if found == bytes => None,
        Ok(found) => Some(format!("`{}` holds `{}`", path.display(), String::from_utf8_lossy(&found))),
        Err(error) => Some(format!("`{}`: {error}", path.display())),
    }
}
