//! `missing-file`: the files of an app that its manifest or its description names are there. A warning: the app is baked
//! as it is, and shows a blank where the file should be.

use std::collections::BTreeMap;

use super::did_you_mean;
use crate::diagnostics::Diagnostic;
use crate::model::{App, FileReference, Model, is_plain_path};

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for app in &model.apps {
        let missing = app.references.iter().filter(|found| !found.exists && is_plain_path(path(found)));
        let mut without_folder: BTreeMap<&str, Vec<&FileReference>> = BTreeMap::new();
        for found in missing {
            match &found.siblings {
                Some(siblings) => diagnostics.push(missing_file(app, found, &unnamed(app, found, siblings))),
                None => without_folder.entry(split(found).0).or_default().push(found),
            }
        }
        diagnostics
            .extend(without_folder.into_iter().filter_map(|(folder, found)| missing_folder(app, folder, &found)));
    }
}

/// Of the files beside the one that is missing, those that nothing names yet: they could be meant.
fn unnamed<'a>(app: &App, missing: &FileReference, siblings: &'a [String]) -> Vec<&'a str> {
    let folder = split(missing).0;
    if missing.reference.anywhere {
        return siblings.iter().map(String::as_str).collect();
    }
    let is_named = |name: &str| app.references.iter().any(|found| found.exists && split(found) == (folder, name));
    siblings.iter().map(String::as_str).filter(|name| !is_named(name)).collect()
}

fn path(found: &FileReference) -> &str {
    &found.reference.path.value
}

/// The folder and the name of a file that is named.
fn split(found: &FileReference) -> (&str, &str) {
    path(found).rsplit_once('/').unwrap_or(("", path(found)))
}

fn missing_file(app: &App, found: &FileReference, siblings: &[&str]) -> Diagnostic {
    let message =
        format!("app `{}` has no file `{}`, which {} names", app.slug.value, path(found), found.reference.what);
    let (folder, name) = split(found);
    let near = did_you_mean(name, siblings.iter().copied());
    let folder = if found.reference.anywhere { "the app's assets".to_owned() } else { format!("`{folder}`") };
    let help = match siblings.len() {
        _ if !near.is_empty() => near,
        0 => "add the file, or take the line out".to_owned(),
        1..=8 => format!("add the file, or name one that is in {folder}: `{}`", siblings.join("`, `")),
        n => format!("add the file, or name one of the {n} that are in {folder}"),
    };
    Diagnostic::warning("missing-file", found.file.of(&found.reference.path), message).help(help)
}

/// A folder that is not there is one mistake, however many of its files are named.
fn missing_folder(app: &App, folder: &str, found: &[&FileReference]) -> Option<Diagnostic> {
    let (first, more) = found.split_first()?;
    let message = match more.len() {
        0 => {
            format!("app `{}` has no folder `{folder}`, of which {} names a file", app.slug.value, first.reference.what)
        }
        n => format!("app `{}` has no folder `{folder}`, of which {} files are named", app.slug.value, n + 1),
    };
    let diagnostic = Diagnostic::warning("missing-file", first.file.of(&first.reference.path), message);
    let diagnostic =
        more.iter().fold(diagnostic, |diagnostic, found| diagnostic.also(found.file.of(&found.reference.path), ""));
    Some(diagnostic.help(format!("add the folder with its files to `{}`, or take the lines out", app.folder)))
}
