//! `feature-mismatch`: what cargo compiles is what is baked. An app with code is an optional dependency behind a feature
//! named after its slug; a package that declares no such feature always compiles the app.

use std::collections::BTreeSet;
use std::env;

use crate::compile::Compilation;
use crate::diagnostics::Diagnostic;
use crate::model::App;

/// Compares the features that are on with the apps that were baked.
pub(super) fn check(compilation: &Compilation, select: Option<&str>) -> Option<Diagnostic> {
    let (model, baked) = (compilation.model.as_ref()?, compilation.baked.as_ref()?);
    let declared = &model.host.package.as_ref()?.features;
    let with_feature: Vec<&App> =
        model.apps.iter().filter(|app| app.entry.is_some() && declared.contains_key(&app.slug.value)).collect();
    let baked: BTreeSet<&str> = baked.model.apps.iter().map(|app| app.slug.value.as_str()).collect();
    let is_baked = |app: &App| baked.contains(app.slug.value.as_str());
    let wrong = with_feature.iter().find(|app| is_on(&app.slug.value) != is_baked(app))?;
    let mut wanted: BTreeSet<&str> =
        with_feature.iter().filter(|app| is_baked(app)).map(|app| app.slug.value.as_str()).collect();
    let is_of_app = |feature: &str| with_feature.iter().any(|app| app.slug.value == feature);
    let others = declared.keys().filter(|feature| *feature != "default" && !is_of_app(feature) && is_on(feature));
    wanted.extend(others.map(String::as_str));
    let place = wrong.entry.as_ref().map_or(wrong.slug.place, |entry| entry.place);
    Some(Diagnostic::error("feature-mismatch", place, message(&wrong.slug.value, select)).help(help(&wanted, select)))
}

fn message(slug: &str, select: Option<&str>) -> String {
    match select {
        Some(select) if is_on(slug) => {
            format!("feature `{slug}` is on, but the selection `{select}` leaves out the app `{slug}`")
        }
        Some(select) => format!("feature `{slug}` is off, but the selection `{select}` bakes the app `{slug}`"),
        None => format!("feature `{slug}` is off, but every app is baked where there is no selection"),
    }
}

/// The flags give the apps that are baked, and leave on what is on besides.
fn help(wanted: &BTreeSet<&str>, select: Option<&str>) -> String {
    let mut flags = "--no-default-features".to_owned();
    if !wanted.is_empty() {
        flags.push_str(" --features ");
        flags.push_str(&wanted.iter().copied().collect::<Vec<_>>().join(","));
    }
    match select {
        Some(_) => format!("build with `{flags}`"),
        None => format!("build with `{flags}`, or take a selection of `[select]` with `BAKEHOUSE_SELECT`"),
    }
}

/// Whether cargo has the feature on, which it tells with `-` as `_`.
fn is_on(feature: &str) -> bool {
    env::var_os(format!("CARGO_FEATURE_{}", feature.to_uppercase().replace('-', "_"))).is_some()
}
