//! `invalid-path`: every path in a manifest is relative and stays inside its folder.

use std::collections::HashSet;

use crate::diagnostics::Diagnostic;
use crate::model::{Model, Placed, is_plain_path};
use crate::source::Place;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut told = HashSet::new();
    let mut tell = |what: &str, path: &str, place: Place, folder: &str| {
        if !is_plain_path(path) && told.insert(place) {
            let message = format!("{what} is not a plain relative path");
            let help = format!("write it relative to {folder}, with `/` and without `.`, `..` or empty parts");
            diagnostics.push(Diagnostic::error("invalid-path", place, message).help(help));
        }
    };
    let mut check = |what: &str, path: &Placed<String>, folder: &str| {
        tell(&format!("{what} `{}`", path.value), &path.value, path.place, folder);
    };
    check("root", &model.host.root, "the host manifest");
    check("public folder", &model.host.public, "the host manifest");
    model.host.profile.iter().for_each(|profile| check("profile", &profile.path, "the host manifest"));
    // Told even if no app has assets that go there, and before what the variables make of it.
    model.host.places.iter().for_each(|place| check("public path", place, "the public folder"));
    for app in &model.apps {
        for set in &app.assets {
            check("asset path", &set.from, "the app's folder");
            set.to.iter().for_each(|to| check("public path", to, "the public folder"));
            set.critical.iter().for_each(|path| check("critical asset", path, "`from`"));
        }
    }
    for found in model.apps.iter().flat_map(|app| &app.references) {
        let (path, place) = (&found.reference.path.value, found.file.of(&found.reference.path));
        tell(&format!("file `{path}`, which {} names,", found.reference.what), path, place, "the app's folder");
    }
}
