//! `missing-dependency`, `missing-feature`: the crate that an entry names is a dependency of the package that is built,
//! and where it is optional, the feature named after the app's slug turns it on, and the apps that the app requires.

use bakehouse_manifest::CargoPackage;

use super::did_you_mean;
use crate::diagnostics::Diagnostic;
use crate::model::{App, Model, Placed};

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let Some(package) = &model.host.package else { return };
    for app in &model.apps {
        let Some(entry) = app.entry.as_ref() else { continue };
        let Some((krate, _)) = entry.value.split_once("::") else { continue };
        let krate = krate.strip_prefix("r#").unwrap_or(krate);
        let is_named = |name: &&String| name.replace('-', "_") == krate;
        match package.dependencies.iter().find(|(name, _)| is_named(name)) {
            Some((name, true)) => diagnostics.extend(missing_feature(model, package, app, entry, name)),
            Some((_, false)) => {}
            None if package.names.iter().any(|name| is_named(&name)) => {}
            None => diagnostics.push(missing_dependency(package, app, entry, krate)),
        }
    }
}

fn missing_dependency(package: &CargoPackage, app: &App, entry: &Placed<String>, krate: &str) -> Diagnostic {
    let message = format!("entry `{}` is in the crate `{krate}`, which is not a dependency of the host", entry.value);
    let near = did_you_mean(krate, package.dependencies.keys().map(String::as_str));
    let slug = &app.slug.value;
    let help = match near.as_str() {
        "" => format!("add it to `Cargo.toml`, optional and behind a feature `{slug}`"),
        _ => near,
    };
    Diagnostic::error("missing-dependency", entry.place, message).help(help)
}

fn missing_feature(
    model: &Model,
    package: &CargoPackage,
    app: &App,
    entry: &Placed<String>,
    dependency: &str,
) -> Option<Diagnostic> {
    let slug = &app.slug.value;
    if !package.features.contains_key(slug) {
        let message =
            format!("the dependency `{dependency}` is optional, but there is no feature `{slug}` that turns it on");
        let help = format!("add `{slug} = [\"dep:{dependency}\"]` to `[features]` of `Cargo.toml`");
        return Some(Diagnostic::warning("missing-feature", entry.place, message).help(help));
    }
    let on = package.turned_on(slug);
    if !on.contains(&format!("dep:{dependency}")) {
        let message = format!("the feature `{slug}` does not turn on the optional dependency `{dependency}`");
        let help = format!("add `\"dep:{dependency}\"` to the feature in `Cargo.toml`");
        return Some(Diagnostic::warning("missing-feature", entry.place, message).help(help));
    }
    let is_off = |slug: &str| package.features.contains_key(slug) && !on.contains(slug);
    let (edge, required) = app.requires.iter().find_map(|edge| {
        let required = model.apps.get(model.target(edge)?)?;
        is_off(&required.slug.value).then_some((edge, &required.slug.value))
    })?;
    let message = format!("app `{slug}` requires `{required}`, but its feature does not turn on that of `{required}`");
    let help = format!("add `\"{required}\"` to the feature `{slug}` in `Cargo.toml`");
    Some(Diagnostic::warning("missing-feature", edge.place, message).help(help))
}
