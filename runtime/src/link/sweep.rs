//! Removes the folders that Bakehouse made once they are empty.

use super::ledger::Record;
use super::ours::remove;
use super::path::below;
use super::walk::{Refused, Walk};

/// Removes those of `folders` that are empty, the deepest first. A folder stays untried where one of `records` lies in
/// it or it is `wanted` itself. Returns those that stay, with the error if one was tried.
pub(super) fn sweep(
    public: &mut Walk,
    mut folders: Vec<Record>,
    records: &mut [Record],
    mut wanted: Vec<Vec<u8>>,
) -> Vec<(Record, Option<Refused>)> {
    records.sort_by(|one, other| one.path.cmp(&other.path));
    folders.sort_by(|one, other| one.path.cmp(&other.path));
    folders.dedup_by(|one, other| one.path == other.path);
    wanted.sort_unstable();
    let mut kept = Vec::new();
    while let Some(folder) = folders.pop() {
        let has_records = !below(records, &folder.path, |record| &record.path).is_empty();
        if has_records || wanted.binary_search(&folder.path).is_ok() {
            kept.push((folder, None));
        } else if let Err(refused) = remove(public, &folder) {
            kept.push((folder, Some(refused)));
        }
    }
    kept
}
