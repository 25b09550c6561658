//! `[check]` of the host manifest: warnings and notes that are errors there, and those that are not told.

use bakehouse_manifest::{CheckSection, Fix, Spanned};

use super::Compiler;
use crate::diagnostics::{Diagnostic, Severity};
use crate::explain;
use crate::source::FileId;

impl Compiler {
    /// Gives what was told so far the severities that the host wants; all that is told later are errors.
    pub(super) fn apply_levels(&mut self, file: FileId, wanted: &CheckSection) {
        let mut wrong: Vec<Diagnostic> =
            wanted.deny.iter().chain(&wanted.allow).filter_map(|code| unknown(file, code)).collect();
        wrong.extend(wanted.allow.iter().filter_map(|code| not_to_be_allowed(file, code, &wanted.deny)));
        let is_error = |told: &Diagnostic| told.severity == Severity::Error;
        let named = |codes: &[Spanned<String>], told: &Diagnostic| codes.iter().any(|code| code.value == told.code);
        self.diagnostics.retain(|told| is_error(told) || named(&wanted.deny, told) || !named(&wanted.allow, told));
        for told in self.diagnostics.iter_mut().filter(|told| !is_error(told)) {
            if let Some(code) = wanted.deny.iter().find(|code| code.value == told.code) {
                told.deny(file.of(code));
            }
        }
        self.diagnostics.extend(wrong);
    }
}

fn unknown(file: FileId, code: &Spanned<String>) -> Option<Diagnostic> {
    if explain::severity(&code.value).is_some() {
        return None;
    }
    let message = format!("no diagnostic has the code `{}`", code.value);
    let help = match bakehouse_manifest::nearest(&code.value, explain::codes().iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write a code as it stands in brackets where the diagnostic is told, such as `missing-file`".to_owned(),
    };
    let fix = Fix::of(&code.value, explain::codes().iter().copied());
    Some(Diagnostic::error("unknown-code", file.of(code), message).help(help).fix(fix))
}

fn not_to_be_allowed(file: FileId, code: &Spanned<String>, denied: &[Spanned<String>]) -> Option<Diagnostic> {
    if explain::severity(&code.value) == Some(Severity::Error) {
        let message = format!("`{}` is an error, which can't be allowed", code.value);
        let help = "take it out: only warnings and notes can be allowed";
        return Some(Diagnostic::error("invalid-level", file.of(code), message).help(help));
    }
    let denied = denied.iter().find(|denied| denied.value == code.value)?;
    let message = format!("`{}` is both allowed and denied", code.value);
    let diagnostic = Diagnostic::error("invalid-level", file.of(code), message);
    Some(diagnostic.also(file.of(denied), "denied here").help("take it out of one of the two"))
}
