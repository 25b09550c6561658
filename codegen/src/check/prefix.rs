//! `invalid-prefix`: what stands before every pattern is the beginning of one: from a slash to before a slash.

use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::pattern::Pattern;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let Some(prefix) = &model.host.prefix else { return };
    let text = prefix.value.as_str();
    if Pattern::is_prefix(text) {
        return;
    }
    let message = format!("prefix `{text}` does not fit before a pattern");
    let wanted = text.trim_matches('/');
    let help = match Pattern::parse(&format!("/{wanted}")) {
        _ if wanted.is_empty() => "write `\"\"` for no prefix".to_owned(),
        Ok(_) if Pattern::is_prefix(&format!("/{wanted}")) => format!("write `/{wanted}`"),
        Ok(_) => "a catch-all takes the whole rest of a path; nothing can follow it".to_owned(),
        Err(error) => format!("{error}: {}", error.help),
    };
    diagnostics.push(Diagnostic::error("invalid-prefix", prefix.place, message).help(help));
}
