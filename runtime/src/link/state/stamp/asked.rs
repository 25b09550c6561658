//! What a run is asked for, as hashes, so that a stamp tells whether an earlier run was asked for the same.

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::link::PlannedLink;
use crate::link::run::Run;
use crate::link::scene::Folders;

/// What a run is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Of where the folders really are, on which the targets of links depend, and of the options.
    pub(super) how: u64,
    /// What the caller says is the plan's hash, which the ledger has.
    pub(super) plan: u64,
    /// Of each entry, in the plan's order: of all that decides what it becomes and what the ledger says of it.
    pub(super) entries: Vec<u64>,
}

impl Asked {
    pub(super) fn of(run: &Run<'_, '_>, folders: &Folders) -> Self {
        let mut last = None;
        let hash_entry = |entry: &PlannedLink<'_>| {
            let app = match last {
                Some((app, hash)) if app == entry.app => hash,
                _ => xxh3_64((run.slug_of)(entry.app).as_bytes()),
            };
            last = Some((entry.app, app));
            hash(entry, app)
        };
        Self { how: how(run, folders), plan: run.hash, entries: run.plan.iter().map(hash_entry).collect() }
    }
}

fn how(run: &Run<'_, '_>, folders: &Folders) -> u64 {
    let options = [run.options.mode.map_or(u8::MAX, |mode| mode as u8), run.options.defer_lazy.into()];
    let places = [&folders.public, &folders.root].map(|folder| folder.as_os_str().as_encoded_bytes());
    places.into_iter().fold(xxh3_64(&options), |hash, path| xxh3_64_with_seed(path, hash))
}

fn hash(entry: &PlannedLink<'_>, app: u64) -> u64 {
    let traits = [entry.kind as u8, entry.mode as u8, entry.lazy.into()];
    let fields = [entry.public, entry.source, &traits].into_iter();
    fields.chain(entry.files.iter().copied()).fold(app, |hash, field| xxh3_64_with_seed(field, hash))
}
