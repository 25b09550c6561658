//! `missing-critical`: every critical asset is in its set.

use super::did_you_mean;
use crate::diagnostics::Diagnostic;
use crate::model::{AssetSet, Model, is_plain_path};
use crate::scan::Assets;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for set in model.apps.iter().flat_map(|app| &app.assets) {
        let files = files(set);
        for critical in set.critical.iter().filter(|critical| is_plain_path(&critical.value)) {
            // A set that could not be scanned has been told about already.
            let Some(files) = &files else { continue };
            if !files.contains(&critical.value) {
                let message = format!("asset set `{}` has no file `{}`", set.from.value, critical.value);
                let help = did_you_mean(&critical.value, files.iter().map(String::as_str));
                diagnostics.push(Diagnostic::error("missing-critical", critical.place, message).help(help));
            }
        }
    }
}

/// The files of a set as `critical` names them.
fn files(set: &AssetSet) -> Option<Vec<String>> {
    match &set.found {
        Assets::Folder(folder) => {
            Some(folder.files.iter().map(|file| String::from_utf8_lossy(&file.path).into_owned()).collect())
        }
        Assets::File(_) => Some(set.from.value.rsplit('/').next().map(str::to_owned).into_iter().collect()),
        _ => None,
    }
}
