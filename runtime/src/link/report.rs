//! What a run did or would do, for the caller to show.
//!
//! Paths are bytes as the file system has them, relative to the public folder. Texts are lowercase and without a final
//! period; user text in them is in backticks.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

/// What became of a link plan.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// How many entries the plan has; a folded folder is one.
    pub planned: usize,
    /// Entries where nothing was before.
    pub created: usize,
    /// Entries that were there already, as they should be.
    pub unchanged: usize,
    /// Entries where something else of Bakehouse's making was before.
    pub replaced: usize,
    /// Lazy entries that are not there and were left for a later run.
    pub deferred: usize,
    /// Things of Bakehouse's making that the plan no longer has, taken away.
    pub removed: usize,
    /// What is in the way. If there is any, nothing was written.
    pub conflicts: Vec<Conflict>,
    /// What could not be done; everything else was. Files of a copied folder fail one by one.
    pub failed: Vec<Failure>,
    /// What the plan no longer has but somebody else changed: left alone, and no longer Bakehouse's.
    pub kept: Vec<Kept>,
    /// How the entries that stand were made.
    pub methods: MethodCounts,
    /// Each entry that stands, in the plan's order. Empty when there are conflicts.
    pub entries: Vec<Entry>,
    /// What a person should know about the run as a whole: a ledger that could not be trusted, for instance.
    pub notes: Vec<String>,
    /// How long all of it took.
    pub elapsed: Duration,
}

impl Report {
    /// Whether everything that the plan wants is in place (after a dry run: would be), but for what was left for later.
    pub fn is_fine(&self) -> bool {
        self.conflicts.is_empty() && self.failed.is_empty()
    }
}

/// Something in the way that Bakehouse did not make.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Conflict {
    /// Where it is.
    pub path: Vec<u8>,
    /// What it is and whose: "a file of 12 bytes", "a folder that belongs to user 7", "a link to `../apps/zoom/x`, into the
    /// folder of app `zoom`", "a socket".
    pub found: String,
    /// What to do about it.
    pub help: String,
}

/// Something that could not be done.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure {
    /// The public path concerned.
    pub path: Vec<u8>,
    /// What failed, without the system's words.
    pub problem: String,
    /// The system's error, if it was one.
    pub error: Option<io::Error>,
    /// What to do about it.
    pub help: String,
}

/// Something that was left where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kept {
    /// Where it is.
    pub path: Vec<u8>,
    /// Why it was not taken away.
    pub why: String,
}

impl Kept {
    /// Something is left alone because somebody put it in the place of what Bakehouse made.
    pub(super) fn changed(path: &[u8], found: &str) -> Self {
        Self { path: path.to_vec(), why: format!("it is {found} now, not what Bakehouse made") }
    }
}

/// An entry of the plan that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Its public path.
    pub path: Vec<u8>,
    /// What it is now.
    pub method: LinkMethod,
    /// Why it is that: "symlink", or "copy: symlink failed: …; what to do".
    pub reason: Cow<'static, str>,
    /// What this run did to it.
    pub outcome: Outcome,
}

/// What a run did to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing was there before.
    Created,
    /// It was as it should be.
    Unchanged,
    /// Something else of Bakehouse's making was there before.
    Replaced,
}

/// What an entry became.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LinkMethod {
    /// A symlink.
    Symlink,
    /// A junction: on Windows, a link to a folder by its whole path.
    Junction,
    /// A hard link, or a folder of hard links.
    Hardlink,
    /// A copy, or a folder with copies in it.
    Copy,
}

impl LinkMethod {
    /// Its name: `symlink`, `junction`, `hardlink` or `copy`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Symlink => "symlink",
            Self::Junction => "junction",
            Self::Hardlink => "hardlink",
            Self::Copy => "copy",
        }
    }
}

/// How many entries were made in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MethodCounts {
    /// By symlink.
    pub symlink: usize,
    /// By junction.
    pub junction: usize,
    /// By hard link.
    pub hardlink: usize,
    /// By copying.
    pub copy: usize,
}

impl MethodCounts {
    /// Each method with its count.
    pub fn iter(self) -> impl Iterator<Item = (LinkMethod, usize)> {
        let counts = [
            (LinkMethod::Symlink, self.symlink),
            (LinkMethod::Junction, self.junction),
            (LinkMethod::Hardlink, self.hardlink),
            (LinkMethod::Copy, self.copy),
        ];
        counts.into_iter()
    }

    fn add(&mut self, method: LinkMethod) {
        match method {
            LinkMethod::Symlink => self.symlink += 1,
            LinkMethod::Junction => self.junction += 1,
            LinkMethod::Hardlink => self.hardlink += 1,
            LinkMethod::Copy => self.copy += 1,
        }
    }
}

impl Report {
    /// Adds a conflict in the order of paths. Several things may lie behind one that is in the way, which is said once.
    pub(super) fn conflicts_with(&mut self, conflict: Conflict) {
        if let Err(at) = self.conflicts.binary_search_by(|known| known.path.cmp(&conflict.path)) {
            self.conflicts.insert(at, conflict);
        }
    }

    /// Adds an entry that stands, and counts it.
    pub(super) fn stands(&mut self, entry: Entry) {
        match entry.outcome {
            Outcome::Created => self.created += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Replaced => self.replaced += 1,
        }
        self.methods.add(entry.method);
        self.entries.push(entry);
    }
}

/// What [`clean`](super::clean) did.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Cleaned {
    /// How many links and files were taken away; folders do not count.
    pub removed: usize,
    /// What was left where it is.
    pub kept: Vec<Kept>,
    /// What a person should know about the run as a whole.
    pub notes: Vec<String>,
    /// How long it took.
    pub elapsed: Duration,
}
