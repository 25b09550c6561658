//! `check --fix`: writes into the manifests what is certain, and leaves every other byte as it is.

use std::fs;
use std::path::Path;

use bakehouse_codegen::Compilation;
use bakehouse_codegen::diagnostics::{Edit, edits};
use bakehouse_codegen::source::Sources;

use crate::failure::{Failure, Trouble};
use crate::output::file::write_whole;
use crate::output::text::say;

/// Makes the changes that are certain, and tells each. Says whether there was one.
///
/// # Errors
/// If a manifest can't be written, or has changed since it was read; those before it are fixed by then.
pub(super) fn apply(compilation: &Compilation) -> Result<bool, Failure> {
    let Compilation { sources, diagnostics, folder, .. } = compilation;
    let edits = edits(diagnostics, sources);
    for of_file in edits.chunk_by(|one, other| one.place.file == other.place.file) {
        apply_to_file(of_file, sources, folder)?;
    }
    Ok(!edits.is_empty())
}

fn apply_to_file(edits: &[Edit], sources: &Sources, folder: &Path) -> Result<(), Failure> {
    let Some(first) = edits.first() else { return Ok(()) };
    let source = sources.file(first.place.file);
    let path = folder.join(&source.path);
    let shown = path.display();
    let fail = |error: &std::io::Error| {
        let help = "let this user write the manifests, or write it by hand";
        Trouble::new(format!("failed to fix `{shown}`")).because(error).help(help).problem()
    };
    if fs::read(&path).map_err(|error| fail(&error))? != source.text.as_bytes() {
        return Err(Trouble::new(format!("`{shown}` was changed meanwhile")).help("run it again").problem());
    }
    write_whole(&path, fixed(&source.text, edits).as_bytes()).map_err(|error| fail(&error))?;
    for edit in edits {
        let (at, wrong) = (sources.position(edit.place), sources.text(edit.place));
        say(format_args!("fixed {}:{}:{}: `{wrong}` is `{}` now", source.path, at.line, at.column, edit.text));
    }
    Ok(())
}

/// The text with each change made. They are sorted, and apart.
fn fixed(text: &str, edits: &[Edit]) -> String {
    let mut fixed = text.to_owned();
    // From the end, so that what is before stays where it is.
    for edit in edits.iter().rev() {
        let span = edit.place.span;
        fixed.replace_range(span.start..span.end, &edit.text);
    }
    fixed
}
