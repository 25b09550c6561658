//! `missing-file`: the files of an app that its manifest or its description names are there.

use super::{Context, did_you_mean};
use crate::diagnostics::Diagnostic;
use crate::model::{FileReference, is_plain_path};

pub(super) fn check(ctx: Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for app in &ctx.model.apps {
        for found in app.references.iter().filter(|found| !found.exists && is_plain_path(&found.reference.path.value)) {
            let path = &found.reference.path.value;
            let message =
                format!("app `{}` has no file `{path}`, which {} names", app.slug.value, found.reference.what);
            let place = found.file.of(&found.reference.path);
            diagnostics.push(Diagnostic::error("missing-file", place, message).help(help(found)));
        }
    }
}

fn help(found: &FileReference) -> String {
    let path = &found.reference.path.value;
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let near = did_you_mean(name, found.siblings.iter().map(String::as_str));
    if !near.is_empty() {
        return near;
    }
    match found.siblings.len() {
        0 => format!("add the file, or take the line out; there are no files in `{folder}`"),
        1..=8 => format!("add the file, or name one that is in `{folder}`: `{}`", found.siblings.join("`, `")),
        n => format!("add the file, or name one of the {n} that are in `{folder}`"),
    }
}
