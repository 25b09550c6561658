//! Takes away what was made, and nothing else.

use std::fs;
use std::io::ErrorKind;
use std::time::Instant;

use super::error::Problem;
use super::path::is_below;
use super::scene::{files, left_in_stage, open_public, read_ledger, read_next, refuse_public_state};
use super::state::ledger::{self, Files, Ledger, Record};
use super::state::ours::{Verdict, remove, sweep};
use super::state::recover::{Left, recover};
use super::state::turn::{LIMIT, Turn};
use super::target::canonical;
use super::walk::{Refused, Walk};
use super::{Cleaned, Kept, LinkError, Place, state_dir};

/// Takes away what Bakehouse made in the public folder: of the apps with the slugs `only`, or of all if it is empty.
///
/// Only what still is as the ledger says goes, and folders that Bakehouse made and that are empty then. What somebody
/// changed is left alone and no longer counts as Bakehouse's. The folder of the apps need not be there.
///
/// # Errors
///
/// The public folder can't be opened, or the ledger lies in it, can't be read or written, or is somebody else's file.
pub fn clean(place: &Place<'_>, only: &[&str]) -> Result<Cleaned, LinkError> {
    let began = Instant::now();
    let public = open_public(place.public)?;
    let public_path =
        canonical(place.public).map_err(|error| LinkError::new(Problem::OpenPublic, place.public, error))?;
    refuse_public_state(place, &public_path)?;
    let files = files(place, &public_path)?;
    let mut cleaned = Cleaned::default();
    let public_path = public_path.as_os_str().as_encoded_bytes();
    if !is_empty(&files, public_path, &mut cleaned)? {
        let fail = |problem, path| move |error| LinkError::new(problem, path, error);
        let turn = take_turn(&files)?;
        let mut public = Walk::new(public);
        let old = read(&files, public_path, &mut public, &mut cleaned)?;
        files.remove_stamp().map_err(fail(Problem::WriteLedger, &files.stamp))?;
        let is_meant = |record: &Record| only.is_empty() || only.contains(&&*record.app);
        let records = take_away(&mut public, old.records, is_meant, &mut cleaned);
        if records.is_empty() {
            let removed = files.remove_all().and_then(|()| turn.map_or(Ok(()), Turn::end_for_good));
            removed.map_err(fail(Problem::WriteLedger, &files.ledger))?;
            remove_state(place);
        } else {
            let ledger = Ledger { records, ..old };
            files.write_ledger(&ledger).map_err(fail(Problem::WriteLedger, &files.ledger))?;
        }
    }
    cleaned.elapsed = began.elapsed();
    Ok(cleaned)
}

/// Whether there is no ledger that says what to take away.
fn is_empty(files: &Files, public: &[u8], cleaned: &mut Cleaned) -> Result<bool, LinkError> {
    let (old, mut notes) = read_ledger(&files.ledger, public)?;
    let next = read_next(&files.next, &mut notes)?;
    let is_empty = old.is_none() && next.is_none();
    if is_empty {
        cleaned.notes = notes;
    }
    Ok(is_empty)
}

/// Takes the lock. Where the file system has none, that is all the same: the run is told so when it links.
pub(super) fn take_turn(files: &Files) -> Result<Option<Turn>, LinkError> {
    match Turn::take(&files.lock, LIMIT) {
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(None),
        taken => taken.map(Some).map_err(|error| LinkError::new(Problem::Lock, &files.lock, error)),
    }
}

/// Reads the ledger, with what a killed run left to know.
fn read(files: &Files, path: &[u8], public: &mut Walk, cleaned: &mut Cleaned) -> Result<Ledger, LinkError> {
    let (old, notes) = read_ledger(&files.ledger, path)?;
    cleaned.notes = notes;
    let old = old.unwrap_or_default();
    let Some(next) = read_next(&files.next, &mut cleaned.notes)? else { return Ok(old) };
    let left = Left { old, next };
    let recovered = recover(public, files, &left);
    let (old, is_clear) = recovered.map_err(|error| LinkError::new(Problem::Recover, &files.next, error))?;
    cleaned.notes.extend((!is_clear).then(|| left_in_stage(&left.next)));
    Ok(old)
}

/// Takes away what `is_meant`; returns the records that remain.
fn take_away(
    public: &mut Walk,
    records: Vec<Record>,
    is_meant: impl Fn(&Record) -> bool,
    cleaned: &mut Cleaned,
) -> Vec<Record> {
    let (folders, single): (Vec<_>, Vec<_>) = records.into_iter().partition(Record::is_folder);
    let (meant, mut left): (Vec<_>, Vec<_>) = single.into_iter().partition(is_meant);
    for record in meant {
        match remove(public, &record) {
            Ok(Verdict::Ours) => cleaned.removed += 1,
            Ok(Verdict::Gone) => {}
            Ok(Verdict::Changed(found)) => cleaned.kept.push(Kept::changed(&record.path, &found)),
            Err(refused) => {
                cleaned.kept.push(Kept { path: record.path.to_vec(), why: why(&refused) });
                left.push(record);
            }
        }
    }
    for (folder, refused) in sweep(public, folders, &mut left) {
        let is_said = cleaned.kept.iter().any(|kept| is_below(&kept.path, &folder.path));
        if let Some(refused) = refused.filter(|_| !is_said) {
            cleaned.kept.push(Kept { path: folder.path.to_vec(), why: why(&refused) });
        }
        left.push(folder);
    }
    ledger::sort(&mut left);
    left
}

fn why(refused: &Refused) -> String {
    match refused.error.kind() {
        ErrorKind::DirectoryNotEmpty => "it holds something that Bakehouse did not make".to_owned(),
        _ => format!("it could not be removed: {}", refused.error),
    }
}

/// Removes the folder of the ledger, if it is the one that Bakehouse makes by itself and nothing else is in it.
pub(super) fn remove_state(place: &Place<'_>) {
    if place.state == state_dir(place.public) {
        // It holds another public folder's ledger if this fails.
        let _ = fs::remove_dir(place.state);
    }
}
