//! `feature-mismatch`: what cargo compiles is what is baked. An app with code is an optional dependency behind a feature
//! named after its slug; a package that declares no such feature always compiles the app.

use std::collections::BTreeSet;
use std::env;
use std::path::Path;

use bakehouse_manifest::cargo_features;

use super::feature_list;
use crate::compile::Compilation;
use crate::diagnostics::Diagnostic;
use crate::scan::{self, Text};

/// Compares the features that are on with the apps that were baked.
pub(super) fn check(compilation: &Compilation, package: &Path, select: Option<&str>) -> Option<Diagnostic> {
    let (model, baked) = (compilation.model.as_ref()?, compilation.baked.as_ref()?);
    let Text::Utf8(manifest) = scan::read_text(&package.join("Cargo.toml")) else { return None };
    let declared = cargo_features(&manifest);
    let with_feature = model.apps.iter().filter(|app| app.entry.is_some() && declared.contains(&app.slug.value));
    let is_baked = |slug: &str| baked.model.resolve(slug).is_some_and(|app| app.slug.value == slug);
    let wanted: BTreeSet<&str> =
        with_feature.clone().map(|app| app.slug.value.as_str()).filter(|slug| is_baked(slug)).collect();
    let wrong = with_feature.clone().find(|app| is_on(&app.slug.value) != wanted.contains(app.slug.value.as_str()))?;
    let slug = &wrong.slug.value;
    let selection = select.map_or_else(|| "no selection".to_owned(), |select| format!("the selection `{select}`"));
    let message = if is_on(slug) {
        format!("feature `{slug}` is on, but {selection} leaves out the app `{slug}`")
    } else {
        format!("feature `{slug}` is off, but {selection} bakes the app `{slug}`")
    };
    let flags = format!("--no-default-features --features {}", feature_list(&wanted));
    let help = match select {
        Some(_) => format!("build with `{flags}`"),
        None => format!("build with `{flags}`, or take a selection of `[select]` with `BAKEHOUSE_SELECT`"),
    };
    let place = wrong.entry.as_ref().map_or(wrong.slug.place, |entry| entry.place);
    Some(Diagnostic::error("feature-mismatch", place, message).help(help))
}

/// Whether cargo has the feature on, which it tells with `-` as `_`.
fn is_on(feature: &str) -> bool {
    env::var_os(format!("CARGO_FEATURE_{}", feature.to_uppercase().replace('-', "_"))).is_some()
}
