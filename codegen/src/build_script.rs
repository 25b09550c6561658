//! The build script's side: what cargo is told, and the files in `OUT_DIR`, written only if they changed.
//!
//! ```text
//! OUT_DIR/
//!   bakehouse.table         the table
//!   bakehouse_table.rs      TABLE, BASE, ROOT
//!   bakehouse_registry.rs   REGISTRY and a function for each app with code
//! ```

mod features;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

use proc_macro2::TokenStream;

use crate::compile::{Baked, Compilation, Options, compile};
use crate::diagnostics::{Diagnostic, Severity, render};
use crate::emit::rust::{self, Folders, REGISTRY_RUST_FILE, TABLE_FILE, TABLE_RUST_FILE};
use crate::source::Sources;

/// Bakes the apps of a host manifest into the package whose build script calls this.
///
/// `manifest` is relative to the package. What is wrong in it or in an app's manifest does not fail the build script: it
/// becomes compile errors where `bakehouse_macros::apps!()` is called, with the lines that they are about, so that
/// rustc and editors show them as their own. Warnings are cargo's.
///
/// Cargo runs the build script again when the host manifest, anything in the folder of the apps, the package's
/// `Cargo.toml`, its features or `BAKEHOUSE_SELECT` changed.
///
/// Ends the process with exit code 1 if it is not called from a build script, or `OUT_DIR` cannot be written.
pub fn bake(manifest: impl AsRef<Path>) {
    if let Err(error) = try_bake(manifest.as_ref()) {
        println!("cargo::error={error}");
        process::exit(1);
    }
}

fn try_bake(manifest: &Path) -> Result<(), String> {
    let package = folder_from_env("CARGO_MANIFEST_DIR")?;
    let out_dir = folder_from_env("OUT_DIR")?;
    let select = env::var("BAKEHOUSE_SELECT").ok().filter(|select| !select.is_empty());
    let mut compilation = compile(&package.join(manifest), &Options { select: select.clone() });
    watch(manifest, &compilation.root, &package);
    if let Some(mismatch) = features::check(&compilation, &package, select.as_deref()) {
        compilation.diagnostics.push(mismatch);
    }
    for warning in compilation.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Warning) {
        println!("cargo::warning={}", one_line(warning, &compilation.sources));
    }
    write_all(&out_dir, &compilation, &folders(manifest, &compilation.root, &package))
}

fn folder_from_env(name: &str) -> Result<PathBuf, String> {
    let folder = env::var_os(name).map(PathBuf::from);
    folder.ok_or_else(|| format!("`{name}` is not set: bakehouse_codegen::bake belongs into a build script"))
}

/// One watched folder catches new, renamed and deleted files, and costs less than a line for each.
fn watch(manifest: &Path, root: &Path, package: &Path) {
    println!("cargo::rerun-if-changed={}", manifest.display());
    println!("cargo::rerun-if-changed={}", root.strip_prefix(package).unwrap_or(root).display());
    println!("cargo::rerun-if-changed=Cargo.toml");
    println!("cargo::rerun-if-env-changed=BAKEHOUSE_SELECT");
}

fn folders(manifest: &Path, root: &Path, package: &Path) -> Folders {
    let slashed = |path: &Path| path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
    Folders {
        base: slashed(manifest.parent().unwrap_or(Path::new(""))),
        root: slashed(root.strip_prefix(package).unwrap_or(root)),
    }
}

fn write_all(out_dir: &Path, compilation: &Compilation, folders: &Folders) -> Result<(), String> {
    let errors: Vec<String> = compilation
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| compile_error(diagnostic, &compilation.sources))
        .collect();
    let baked = compilation.baked.as_ref().filter(|_| errors.is_empty());
    let model = baked.map(|baked| &baked.model).or(compilation.model.as_ref());
    write(&out_dir.join(TABLE_FILE), baked.map_or(&[], |baked: &Baked| baked.table.as_slice()))?;
    write_rust(&out_dir.join(TABLE_RUST_FILE), &rust::table_items(folders, &errors))?;
    write_rust(&out_dir.join(REGISTRY_RUST_FILE), &rust::registry_items(model.map(AsRef::as_ref), !errors.is_empty()))
}

fn write_rust(path: &Path, tokens: &TokenStream) -> Result<(), String> {
    let text = format!("// Written by bakehouse-codegen from the manifests of the apps; edit those.\n{tokens}\n");
    write(path, text.as_bytes())
}

/// Writes a file unless it has those bytes already, so that what depends on it is not rebuilt.
fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let fail = |error: io::Error| format!("failed to write `{}`: {error}", path.display());
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let stage = path.with_extension("stage");
    fs::write(&stage, bytes).map_err(fail)?;
    fs::rename(&stage, path).map_err(fail)
}

/// The diagnostic as the text of a `compile_error!`.
fn compile_error(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let text = render(diagnostic, sources);
    let text = text.strip_prefix(diagnostic.severity.name()).unwrap_or(&text);
    format!("bakehouse{}", text.trim_end())
}

fn one_line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.place().map(|place| {
        let position = sources.position(place);
        format!("{}:{}:{}: ", sources.file(place.file).path, position.line, position.column)
    });
    let help = if diagnostic.help.is_empty() { String::new() } else { format!("; {}", diagnostic.help) };
    format!("{}{}{help}", place.unwrap_or_default(), diagnostic.message).replace('\n', " ")
}

/// The slugs of apps, as they are given to `--features`.
fn feature_list(slugs: &BTreeSet<&str>) -> String {
    slugs.iter().copied().collect::<Vec<_>>().join(",")
}
