//! The build script's side: what cargo is told, and the files in `OUT_DIR`, written only if they changed.
//!
//! ```text
//! OUT_DIR/
//!   bakehouse.table         the table
//!   bakehouse_table.rs      TABLE, BASE, ROOT
//!   bakehouse_registry.rs   REGISTRY and a function for each app with code
//!   bakehouse.names         what `route!` and `asset!` may name
//! ```

mod features;
mod write;

use std::path::{Path, PathBuf};
use std::{env, process};

use crate::compile::{Compilation, Options, compile};
use crate::diagnostics::{Diagnostic, Severity};
use crate::emit::rust::{Folder, Folders};
use crate::source::Sources;

/// Bakes the apps of a host manifest into the package whose build script calls this.
///
/// `manifest` is relative to the package, or absolute. What is wrong in it or in an app's manifest does not fail the
/// build script: it becomes compile errors where `bakehouse_macros::apps!()` is called, with the lines that they are
/// about, so that rustc and editors show them as their own. Warnings are cargo's.
///
/// Cargo runs the build script again when the host manifest, the profile that it names, anything in the folder of the apps, the package's
/// `Cargo.toml`, its features or `BAKEHOUSE_SELECT` changed.
///
/// Ends the process with exit code 1 if it is not called from a build script, or `OUT_DIR` cannot be written.
pub fn bake(manifest: impl AsRef<Path>) {
    if let Err(error) = try_bake(manifest.as_ref()) {
        println!("cargo::error={}", error.replace('\n', " "));
        process::exit(1);
    }
}

fn try_bake(manifest: &Path) -> Result<(), String> {
    let package = folder_from_env("CARGO_MANIFEST_DIR")?;
    let out_dir = folder_from_env("OUT_DIR")?;
    let options = Options { package: Some(package.clone()), ..Options::from_env() };
    let manifest = package.join(manifest);
    let mut compilation = compile(&manifest, &options);
    watch(&manifest, &compilation, &package);
    if let Some(mismatch) = features::check(&compilation, options.select.as_deref()) {
        compilation.diagnostics.push(mismatch);
    }
    for warning in compilation.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Warning) {
        println!("cargo::warning={}", one_line(warning, &compilation.sources));
    }
    let folders = Folders {
        base: folder(manifest.parent().unwrap_or(&package), &package)?,
        root: folder(&compilation.root, &package)?,
    };
    write::write(&out_dir, &compilation, &folders)
}

fn folder_from_env(name: &str) -> Result<PathBuf, String> {
    let folder = env::var_os(name).map(PathBuf::from);
    folder.ok_or_else(|| format!("`{name}` is not set: bakehouse_codegen::bake belongs into a build script"))
}

/// One watched folder catches new, renamed and deleted files, and costs less than a line for each.
fn watch(manifest: &Path, compilation: &Compilation, package: &Path) {
    let profile = compilation.profile();
    for path in [Some(manifest), Some(compilation.root.as_path()), profile.as_deref()].into_iter().flatten() {
        println!("cargo::rerun-if-changed={}", path.strip_prefix(package).unwrap_or(path).display());
    }
    println!("cargo::rerun-if-changed=Cargo.toml");
    println!("cargo::rerun-if-env-changed=BAKEHOUSE_SELECT");
    if let Some(path) = kept_absolute(package) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// The package's `Cargo.toml` by a path that is gone once the checkout moves, so that its constants are compiled again.
///
/// Otherwise cargo sees no change in a package that moved along with its target folder: it takes neither
/// `CARGO_MANIFEST_DIR` into account nor what lies before it in a watched path, where it recognises it. A way around by
/// the parent's parent keeps it from that.
fn kept_absolute(package: &Path) -> Option<PathBuf> {
    let canonical = package.canonicalize().ok()?;
    let (parent, name) = (canonical.parent()?, canonical.file_name()?);
    let around =
        parent.file_name().map_or_else(|| parent.join(".."), |parent_name| parent.join("..").join(parent_name));
    Some(around.join(name).join("Cargo.toml"))
}

fn folder(path: &Path, package: &Path) -> Result<Folder, String> {
    let text = |path: &Path| {
        let text = path.to_str().map(|path| path.replace(std::path::MAIN_SEPARATOR, "/"));
        text.ok_or_else(|| format!("path `{}` is not UTF-8, so that no constant can hold it", path.display()))
    };
    match path.strip_prefix(package) {
        Ok(path) => text(path).map(Folder::InPackage),
        Err(_) => text(path).map(Folder::Elsewhere),
    }
}

fn one_line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.place().map(|place| {
        let position = sources.position(place);
        format!("{}:{}:{}: ", sources.file(place.file).path, position.line, position.column)
    });
    let help = if diagnostic.help.is_empty() { String::new() } else { format!("; {}", diagnostic.help) };
    format!("{}{}{help}", place.unwrap_or_default(), diagnostic.message).replace('\n', " ")
}
