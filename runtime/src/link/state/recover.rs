//! Takes up what a run that was killed left behind, so that the public folder and the ledger are as if it had ended.

use std::io;

use super::ledger::{Files, Ledger, Next, Record};
use super::ours::{Verdict, verdict};
use crate::link::carry_out::stage::{Known, Stage};
use crate::link::dir::Kind;
use crate::link::path::split;
use crate::link::walk::{Refused, Walk};

/// What a killed run left to know.
#[derive(Debug)]
pub(in crate::link) struct Left {
    /// The ledger as it was before that run.
    pub(in crate::link) old: Ledger,
    pub(in crate::link) next: Next,
}

/// The old ledger with what came of the next one: for each path the record that is true, if one is.
pub(in crate::link) fn merge(public: &mut Walk, old: &Ledger, next: &Next) -> Ledger {
    let n_old = old.records.len();
    let all = old.records.iter().chain(&next.ledger.records).enumerate();
    let mut all: Vec<(bool, &Record)> = all.map(|(idx, record)| (idx < n_old, record)).collect();
    all.sort_by(|(_, one), (_, other)| one.path.cmp(&other.path));
    let mut records = Vec::with_capacity(all.len());
    for candidates in all.chunk_by(|(_, one), (_, other)| one.path == other.path) {
        let mut is_true = |record: &Record| !matches!(verdict(public, record), Ok(Verdict::Gone | Verdict::Changed(_)));
        let mut true_ones = candidates.iter().filter(|(_, record)| is_true(record));
        let (true_one, is_doubtful) = (true_ones.next(), true_ones.next().is_some());
        // Without one, what the old ledger says is judged like any other record of it.
        let chosen = true_one.or_else(|| candidates.first().filter(|(is_old, _)| *is_old));
        records.extend(chosen.map(|(_, record)| if is_doubtful { record.in_doubt() } else { (*record).clone() }));
    }
    let of = if old.public.is_empty() { &next.ledger } else { old };
    Ledger { public: of.public.clone(), plan: old.plan, records }
}

/// Empties the stage of a killed run, writes what is true as the ledger, and forgets the run. Says whether the stage is
/// gone, or something is left in it because somebody else put it there.
pub(in crate::link) fn recover(public: &mut Walk, files: &Files, left: &Left) -> io::Result<(Ledger, bool)> {
    let Left { old, next } = left;
    let mut is_clear = true;
    if !next.stage.is_empty() && public.reach(b"").is_ok() {
        let mut stage = Stage::named(next.stage.clone());
        is_clear = stage.remove(public, Known { old, next: &next.ledger }).map_err(error_of)?;
        remove_partial(public, next, &stage.partial);
        public.forget();
    }
    let ledger = merge(public, old, next);
    if !ledger.records.is_empty() {
        files.write_ledger(&ledger)?;
    }
    files.end()?;
    Ok((ledger, is_clear))
}

/// Removes what is not complete from the folders of the next ledger: a copy, or a link that was made as a trial.
fn remove_partial(public: &mut Walk, next: &Next, name: &[u8]) {
    let mut folders: Vec<&[u8]> = next.ledger.records.iter().map(|record| split(&record.path).0).collect();
    folders.dedup();
    for folder in folders {
        let Ok(dir) = public.reach(folder) else { continue };
        if dir.look(name).is_ok_and(|seen| seen.is_some_and(|seen| seen.kind != Kind::Folder)) {
            // What can't be removed shows up as a file with a name that says whose it is.
            let _ = dir.remove(name);
        }
    }
}

fn error_of(refused: Refused) -> io::Error {
    refused.error
}
