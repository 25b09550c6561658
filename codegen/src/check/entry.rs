//! `invalid-entry`: an entry is a path such as `zoom::app`.

use super::function_name::{KEYWORDS, NEVER_RAW};
use crate::diagnostics::Diagnostic;
use crate::model::Model;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for app in &model.apps {
        let Some(entry) = app.entry.as_ref().filter(|entry| !is_entry(&entry.value)) else { continue };
        let message = format!("entry `{}` is not the path of a function in a crate", entry.value);
        let help = format!("write it as `{}::app`", super::function_name(&app.slug.value).trim_start_matches("r#"));
        diagnostics.push(Diagnostic::error("invalid-entry", entry.place, message).help(help));
    }
}

/// Whether the text is `crate::…::function`, in ASCII identifiers, keywords only as `r#keyword`.
fn is_entry(text: &str) -> bool {
    let identifier = |part: &str| {
        let name = part.strip_prefix("r#").unwrap_or(part);
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !NEVER_RAW.contains(&name)
            && (name != part || !KEYWORDS.contains(&name))
    };
    text.contains("::") && text.split("::").all(identifier)
}
