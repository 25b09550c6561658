//! The files in `OUT_DIR`, written only if they changed.

use std::path::Path;
use std::{fs, io};

use crate::compile::Compilation;
use crate::diagnostics::{Diagnostic, Severity, render};
use crate::emit::names::{NAMES_FILE, names};
use crate::emit::rust::{self, Folders, Problem, REGISTRY_RUST_FILE, TABLE_FILE, TABLE_RUST_FILE};
use crate::source::Sources;

/// Writes the table, unless there are errors, and the Rust that goes with it.
pub(super) fn write(out_dir: &Path, compilation: &Compilation, folders: &Folders) -> Result<(), String> {
    let errors = compilation.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let problems: Vec<Problem> = errors.map(|error| problem(error, &compilation.sources)).collect();
    let baked = compilation.baked.as_ref().filter(|_| problems.is_empty());
    if let Some(baked) = baked {
        write_file(&out_dir.join(TABLE_FILE), &baked.table)?;
    }
    let selected = baked.map(|baked| &baked.model);
    let model = selected.or(compilation.model.as_ref()).map(AsRef::as_ref);
    let registry = rust::registry_file(model, &compilation.sources, !problems.is_empty());
    let names = names(folders.root.text(), selected.map(AsRef::as_ref));
    write_file(&out_dir.join(NAMES_FILE), names.write().as_bytes())?;
    write_file(&out_dir.join(TABLE_RUST_FILE), rust::table_file(folders, &problems).as_bytes())?;
    write_file(&out_dir.join(REGISTRY_RUST_FILE), registry.as_bytes())
}

/// The diagnostic as rustc tells it, which puts `error: ` before its text.
fn problem(error: &Diagnostic, sources: &Sources) -> Problem {
    let text = render(error, sources, Path::new(""));
    let text = text.strip_prefix(error.severity.name()).unwrap_or(&text);
    Problem { code: error.code, text: format!("bakehouse{}", text.trim_end()) }
}

/// Writes a file unless it has those bytes already, so that what depends on it is not rebuilt.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let fail = |error: io::Error| format!("failed to write `{}`: {error}", path.display());
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let stage = path.with_extension("stage");
    fs::write(&stage, bytes).map_err(fail)?;
    fs::rename(&stage, path).map_err(fail)
}
