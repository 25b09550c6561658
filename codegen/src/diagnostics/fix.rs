//! The changes that would put right what is certain.

use bakehouse_manifest::{Fix, Span};

use super::Diagnostic;
use crate::source::{Place, Sources};

/// A change to the text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub place: Place,
    /// What takes its place.
    pub text: String,
}

/// What is to be changed in the files so that the diagnostics that are certain of their fix are gone, sorted by place. None
/// touches another.
pub fn edits<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>, sources: &Sources) -> Vec<Edit> {
    let mut edits: Vec<Edit> = diagnostics.into_iter().filter_map(|diagnostic| edit(diagnostic, sources)).collect();
    edits.sort_by_key(|edit| edit.place);
    edits.dedup_by(|next, last| next.place.file == last.place.file && next.place.span.start < last.place.span.end);
    edits
}

/// The name alone, without the quotes around it. Where it is not to be found, or twice, nothing is certain.
fn edit(diagnostic: &Diagnostic, sources: &Sources) -> Option<Edit> {
    let (Fix { wrong, right }, place) = (diagnostic.fix.as_deref()?, diagnostic.place()?);
    let mut found = sources.text(place).match_indices(wrong.as_str());
    let (at, _) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let start = place.span.start + at;
    let span = Span { start, end: start + wrong.len() };
    Some(Edit { place: Place { span, ..place }, text: right.clone() })
}
