//! `case-clash`: no two apps have names, or folders, that differ in the case of letters only.

use std::collections::HashMap;

use crate::diagnostics::Diagnostic;
use crate::model::{App, Model, Placed};

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    names(model, diagnostics);
    folders(model, diagnostics);
}

fn has_capital(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn names(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut spellings: HashMap<String, (&App, &Placed<String>)> = HashMap::new();
    // A slug has no capitals, so that only an alias can differ from another name in its case.
    let aliases = model.apps.iter().flat_map(|app| app.aliases.iter().map(move |alias| (app, alias)));
    for (app, alias) in aliases.filter(|(_, alias)| has_capital(&alias.value)) {
        let folded = alias.value.to_ascii_lowercase();
        let known = model.resolve(&folded).and_then(|other| Some((other, named(other, &folded)?)));
        let (other, name) = known.unwrap_or_else(|| *spellings.entry(folded).or_insert((app, alias)));
        // An app may well have a name in two spellings.
        if other.folder == app.folder || name.value == alias.value {
            continue;
        }
        let message =
            format!("the names `{}` and `{}` of two apps differ in the case of letters only", name.value, alias.value);
        let diagnostic = Diagnostic::warning("case-clash", alias.place, message)
            .label(format!("of app `{}`", app.slug.value))
            .also(name.place, format!("of app `{}`", other.slug.value));
        diagnostics.push(diagnostic.help("rename one: people will take the two for one"));
    }
}

fn named<'m>(app: &'m App, name: &str) -> Option<&'m Placed<String>> {
    std::iter::once(&app.slug).chain(&app.aliases).find(|known| known.value == name)
}

fn folders(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    // Without a capital in one of them, no two folders differ in case.
    if !model.apps.iter().any(|app| has_capital(&app.folder)) {
        return;
    }
    let mut spellings: HashMap<String, &App> = HashMap::new();
    for app in &model.apps {
        let first = *spellings.entry(app.folder.to_ascii_lowercase()).or_insert(app);
        if first.folder == app.folder {
            continue;
        }
        let message = format!(
            "the folders `{}` and `{}` of two apps differ in the case of letters only",
            first.folder, app.folder
        );
        let diagnostic = Diagnostic::warning("case-clash", app.file.start(), message).also(first.file.start(), "");
        diagnostics.push(diagnostic.help("rename one: on Windows and macOS the two are one folder"));
    }
}
