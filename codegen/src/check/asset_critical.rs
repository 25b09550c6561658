//! `missing-critical`: every critical asset is in its set.

use super::did_you_mean;
use crate::diagnostics::Diagnostic;
use crate::model::{App, AssetSet, Model, is_plain_path};
use crate::scan::Assets;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for app in &model.apps {
        for set in &app.assets {
            check_set(app, set, diagnostics);
        }
    }
}

fn check_set(app: &App, set: &AssetSet, diagnostics: &mut Vec<Diagnostic>) {
    // A set that could not be scanned has been told about already, and so has a file that is refused.
    let Some(files) = files(set) else { return };
    let is_refused = |path: &str| match &set.found {
        Assets::Folder(folder) => folder.refused.iter().any(|(refused, _)| refused == path),
        _ => false,
    };
    for critical in set.critical.iter().filter(|critical| is_plain_path(&critical.value)) {
        if !files.contains(&critical.value) && !is_refused(&critical.value) {
            let (slug, from, path) = (&app.slug.value, &set.from.value, &critical.value);
            let message = format!("asset set `{from}` of app `{slug}` has no file `{path}`");
            diagnostics.push(Diagnostic::error("missing-critical", critical.place, message).help(help(path, &files)));
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

fn help(path: &str, files: &[String]) -> String {
    let near = did_you_mean(path, files.iter().map(String::as_str));
    if !near.is_empty() {
        near
    } else if path.split('/').any(|part| part.starts_with('.')) {
        "files and folders whose names begin with a dot are no assets".to_owned()
    } else if let [only] = files {
        format!("it has `{only}`")
    } else {
        "write its path relative to `from`, or add the file".to_owned()
    }
}
