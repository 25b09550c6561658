//! `missing-asset`, `outside-asset`, `unreadable-asset`: what an asset set names is there, and inside the app's folder.

use crate::diagnostics::Diagnostic;
use crate::model::{App, AssetSet, Model, is_plain_path};
use crate::scan::{AssetFolder, Assets};

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for app in &model.apps {
        for set in app.assets.iter().filter(|set| is_plain_path(&set.from.value)) {
            check_set(app, set, diagnostics);
        }
    }
}

fn check_set(app: &App, set: &AssetSet, diagnostics: &mut Vec<Diagnostic>) {
    let (from, place) = (&set.from.value, set.from.place);
    match &set.found {
        Assets::File(_) => {}
        Assets::Folder(folder) => check_folder(app, set, folder, diagnostics),
        Assets::Missing => {
            let message = format!("app `{}` has no file or folder `{from}`", app.slug.value);
            let help =
                format!("paths are relative to the app's folder `{}`; put it there, or take the set out", app.folder);
            diagnostics.push(Diagnostic::error("missing-asset", place, message).help(help));
        }
        Assets::Outside => {
            let message =
                format!("`{from}` leads through a link out of the folder of app `{}`, or nowhere", app.slug.value);
            let help = "put the files themselves into the app's folder";
            diagnostics.push(Diagnostic::error("outside-asset", place, message).help(help));
        }
        Assets::FolderLink => {
            let message = format!("`{from}` of app `{}` leads through a link to a folder", app.slug.value);
            let help = "name the folder itself: links to folders are not followed";
            diagnostics.push(Diagnostic::error("outside-asset", place, message).help(help));
        }
        Assets::Special => {
            let message = format!("`{from}` of app `{}` is neither a file nor a folder", app.slug.value);
            diagnostics.push(Diagnostic::error("unreadable-asset", place, message).help("name a file or a folder"));
        }
        Assets::Unreadable { path, error } => {
            let message = format!("`{path}` of app `{}` cannot be read: {error}", app.slug.value);
            let help = "give the user who builds the right to read it";
            diagnostics.push(Diagnostic::error("unreadable-asset", place, message).help(help));
        }
    }
}

fn check_folder(app: &App, set: &AssetSet, folder: &AssetFolder, diagnostics: &mut Vec<Diagnostic>) {
    for (path, what) in &folder.refused {
        let message = format!("`{}/{path}` of app `{}` is {what}", set.from.value, app.slug.value);
        let help = "put a file in its place, or move it out of the asset folder";
        diagnostics.push(Diagnostic::error("outside-asset", set.from.place, message).help(help));
    }
}
