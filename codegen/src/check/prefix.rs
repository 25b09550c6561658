//! `invalid-prefix`: what stands before every pattern begins with a slash and does not end in one.

use crate::diagnostics::Diagnostic;
use crate::model::Model;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let Some(prefix) = &model.host.prefix else { return };
    let text = prefix.value.as_str();
    if text.is_empty() || (text.starts_with('/') && !text.ends_with('/')) {
        return;
    }
    let message = format!("prefix `{text}` does not fit before a pattern");
    let wanted = text.trim_matches('/');
    let help = if wanted.is_empty() { "write `\"\"` for no prefix".to_owned() } else { format!("write `/{wanted}`") };
    diagnostics.push(Diagnostic::error("invalid-prefix", prefix.place, message).help(help));
}
