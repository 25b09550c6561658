//! `invalid-path`: every path in a manifest is relative and stays inside its folder.

use std::collections::HashSet;

use crate::diagnostics::Diagnostic;
use crate::model::{Model, Placed, is_plain_path};

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut told = HashSet::new();
    let mut check = |what: &str, path: &Placed<String>, folder: &str| {
        if !is_plain_path(&path.value) && told.insert(path.place) {
            let message = format!("{what} `{}` is not a plain relative path", path.value);
            let help = format!("write it relative to {folder}, with `/` and without `.`, `..` or empty parts");
            diagnostics.push(Diagnostic::error("invalid-path", path.place, message).help(help));
        }
    };
    check("root", &model.host.root, "the host manifest");
    check("public folder", &model.host.public, "the host manifest");
    for app in &model.apps {
        for set in &app.assets {
            check("asset path", &set.from, "the app's folder");
            set.to.iter().for_each(|to| check("public path", to, "the public folder"));
            set.critical.iter().for_each(|path| check("critical asset", path, "`from`"));
        }
        for found in &app.references {
            let path =
                Placed { value: found.reference.path.value.clone(), place: found.file.of(&found.reference.path) };
            check(&format!("file named by {}", found.reference.what), &path, "the app's folder");
        }
    }
}
