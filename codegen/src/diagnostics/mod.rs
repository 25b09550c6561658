//! What is wrong, where, and what to do about it.

mod fix;
mod render;

pub use fix::{Edit, edits};
pub use render::render;

use bakehouse_manifest::{Fix, Problem};

use crate::source::{FileId, Place, Sources};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is baked.
    Error,
    /// The bake goes on.
    Warning,
    /// Told under `--verbose` only.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A place with a word on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub place: Place,
    /// What is said at it; empty for a bare underline.
    pub text: String,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Diagnostic {
    /// The stable name of the rule; `check --explain CODE` has a page on each.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong: lowercase, no final period, the user's text in backticks.
    pub message: String,
    /// Where; the first is the place to go to.
    pub labels: Vec<Label>,
    /// What to do; empty if nothing is certain.
    pub help: String,
    /// What is to be written at the first place instead, where that is certain.
    pub fix: Option<Box<Fix>>,
}

impl Diagnostic {
    pub(crate) fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![Label { place, text: String::new() }],
            help: String::new(),
            fix: None,
        }
    }

    pub(crate) fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, place, message) }
    }

    pub(crate) fn note(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, place, message) }
    }

    pub(crate) fn problem(file: FileId, problem: Problem, severity: Severity) -> Self {
        Self { severity, ..Self::error(problem.code, file.at(problem.span), problem.message) }
            .label(problem.label)
            .help(problem.help)
            .fix(problem.fix)
    }

    pub(crate) fn fix(self, fix: Option<Box<Fix>>) -> Self {
        Self { fix, ..self }
    }

    /// Puts a word on the first place.
    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// Adds another place.
    pub(crate) fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label { place, text: text.into() });
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Makes it an error, since a host manifest says so at that place.
    pub(crate) fn deny(&mut self, place: Place) {
        self.severity = Severity::Error;
        self.labels.push(Label { place, text: "an error here".to_owned() });
    }

    /// The place to go to.
    pub fn place(&self) -> Option<Place> {
        self.labels.first().map(|label| label.place)
    }
}

/// Sorts by file and position, so that the order does not depend on how the rules ran, and drops what was found twice.
pub(crate) fn sort(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    diagnostics.sort_by(|a, b| {
        let key = |diagnostic: &Diagnostic| {
            let place = diagnostic.place();
            (place.map(|place| sources.file(place.file).path.clone()), place.map(|place| place.span), diagnostic.code)
        };
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
}
