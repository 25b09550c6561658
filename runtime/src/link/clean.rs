//! Takes away what was made, and nothing else.

use std::fs;
use std::io::ErrorKind;
use std::time::Instant;

use super::error::Problem;
use super::ledger::{self, Ledger, Pending, Record};
use super::ours::{Verdict, remove, sweep};
use super::path::is_below;
use super::scene::{ledger_path, open_public, read_ledger};
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
    let path = ledger_path(place, &public_path)?;
    let (old, notes) = read_ledger(&path, public_path.as_os_str().as_encoded_bytes())?;
    let mut cleaned = Cleaned { notes, ..Cleaned::default() };
    if let Some(old) = old {
        let fail = |error| LinkError::new(Problem::WriteLedger, &path, error);
        // Opened before anything goes, so that a ledger that can't be written stops the run in time.
        let pending = Pending::open(&path).map_err(fail)?;
        let is_meant = |record: &Record| only.is_empty() || only.contains(&record.app.as_str());
        let records = take_away(&mut Walk::new(public), old.records, is_meant, &mut cleaned);
        if records.is_empty() {
            drop(pending);
            fs::remove_file(&path).map_err(fail)?;
            remove_state(place);
        } else {
            pending.write(&Ledger { records, ..old }).map_err(fail)?;
        }
    }
    cleaned.elapsed = began.elapsed();
    Ok(cleaned)
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
                cleaned.kept.push(Kept { path: record.path.clone(), why: why(&refused) });
                left.push(record);
            }
        }
    }
    for (folder, refused) in sweep(public, folders, &mut left, &[]) {
        let is_said = cleaned.kept.iter().any(|kept| is_below(&kept.path, &folder.path));
        if let Some(refused) = refused.filter(|_| !is_said) {
            cleaned.kept.push(Kept { path: folder.path.clone(), why: why(&refused) });
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
