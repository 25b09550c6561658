//! `new app`: a crate in the folder of the apps, and the lines in the host's `Cargo.toml` that make it an app of the host.

use std::fs;
use std::path::{Path, PathBuf};

use bakehouse_manifest::native;
use serde_json::json;

use super::{RUST, Template, cargo, check_name, crate_name, shown, title, write};
use crate::commands::Ctx;
use crate::failure::{Failure, Outcome, Trouble, Verdict};
use crate::output::file::write_whole;
use crate::target::{self, Source, tell_errors};

const TEMPLATES: &[Template] = &[
    ("Cargo.toml", include_str!("templates/app-cargo.toml")),
    ("app.toml", include_str!("templates/app.toml")),
    ("src/lib.rs", include_str!("templates/lib.rs")),
    ("static/icon.svg", include_str!("templates/icon.svg")),
];

/// What was done.
pub(super) struct Added {
    pub(super) files: Vec<PathBuf>,
    /// The host's `Cargo.toml`.
    cargo: PathBuf,
    /// What is to be added to it by hand, where it is not certain how.
    by_hand: Option<String>,
}

pub(super) fn run(slug: &str, ctx: &mut Ctx) -> Outcome {
    check_name(slug)?;
    let Source::Manifest(manifest) = target::source(ctx)? else {
        let help = "name its host manifest with `-m`, or go to its folder";
        return Err(Trouble::new("an app is added to a host whose manifests are there").help(help).call());
    };
    let root = root_without(slug, &manifest)?;
    let added = add(&manifest, &root, slug)?;
    let cargo = shown(std::slice::from_ref(&added.cargo)).concat();
    if ctx.out.is_json() {
        let edited: &[&str] = if added.by_hand.is_some() { &[] } else { &[&cargo] };
        ctx.out.json(&json!({ "files": shown(&added.files), "edited": edited, "lines": added.by_hand }))?;
        return Ok(Verdict::Fine);
    }
    for file in shown(&added.files) {
        ctx.out.line(format_args!("wrote {file}"))?;
    }
    match added.by_hand {
        None => ctx.out.line(format_args!("added the app to {cargo}"))?,
        Some(lines) => ctx.out.line(format_args!("\nadd to {cargo}:\n\n{lines}"))?,
    }
    Ok(Verdict::Fine)
}

/// The folder of the apps, relative to the host manifest's, if the host is right and has no app of that name.
fn root_without(slug: &str, manifest: &Path) -> Result<String, Failure> {
    let compilation = target::compile_manifest(manifest);
    let (Some(_), Some(model)) = (&compilation.baked, &compilation.model) else {
        return Err(tell_errors(&compilation));
    };
    let is_it = |name: &str| crate_name(name) == crate_name(slug);
    let names = |app: &bakehouse_codegen::model::App| {
        is_it(&app.slug.value) || app.aliases.iter().any(|alias| alias.value == slug)
    };
    if let Some(app) = model.apps.iter().find(|app| names(app)) {
        let message = format!("`{slug}` would not be told from the app `{}` in `{}`", app.slug.value, app.folder);
        return Err(Trouble::new(message).help("take another slug").call());
    }
    Ok(model.host.root.value.clone())
}

/// Writes the app and adds it to the `Cargo.toml` beside the host manifest.
pub(super) fn add(manifest: &Path, root: &str, slug: &str) -> Result<Added, Failure> {
    let host = manifest.parent().unwrap_or(Path::new(""));
    let folder = host.join(root).join(slug);
    if folder.symlink_metadata().is_ok() {
        let help = "take another slug, or move what is there";
        return Err(Trouble::new(format!("`{}` is there already", folder.display())).help(help).call());
    }
    refuse_foreign(manifest)?;
    let cargo = host.join("Cargo.toml");
    let text = fs::read_to_string(&cargo).map_err(|error| {
        let help = "an app with code wants a host that is a package; one without is an `app.toml` in a folder";
        Trouble::new(format!("failed to read `{}`", cargo.display())).because(&error).help(help).call()
    })?;
    if let Some(taken) = cargo::clashing(&text, slug) {
        let message = format!("`{}` has a package, feature or dependency `{taken}` already", cargo.display());
        return Err(Trouble::new(message).help("take another slug").call());
    }
    let path = if root.is_empty() { slug.to_owned() } else { format!("{root}/{slug}") };
    let sdk = cargo::sdk_line(&text, &path);
    let (krate, name) = (crate_name(slug), title(slug));
    let names = [("slug", slug), ("name", &name), ("crate", &krate), ("rust", RUST), ("sdk", &sdk)];
    let files = write(&folder, TEMPLATES, &names)?;
    let by_hand = match cargo::with_app(&text, slug, &path) {
        None => Some(cargo::lines(slug, &path)),
        Some(text) => {
            write_whole(&cargo, text.as_bytes()).map_err(|error| {
                let help = format!("add to it:\n\n{}", cargo::lines(slug, &path));
                Trouble::new(format!("failed to write `{}`", cargo.display())).because(&error).help(help).problem()
            })?;
            None
        }
    };
    Ok(Added { files, cargo, by_hand })
}

/// A host of another dialect would not see an `app.toml`.
fn refuse_foreign(manifest: &Path) -> Result<(), Failure> {
    let text = fs::read_to_string(manifest).unwrap_or_default();
    let host = native::parse_host(&text).0.host;
    let is_native = host.dialect.is_none_or(|dialect| dialect.value == bakehouse_manifest::Dialect::Native)
        && host.manifest_names.is_none_or(|names| names.iter().any(|name| name.value == "app.toml"));
    let help = "add an app as the others of this host are";
    if is_native { Ok(()) } else { Err(Trouble::new("this host does not look for `app.toml`").help(help).call()) }
}
