//! `invalid-slug`, `missing-slug`: a slug is `[a-z0-9]` runs joined by single `-`, `_` or `.`, 128 bytes at most.

use crate::diagnostics::Diagnostic;
use crate::model::{MAX_SLUG_LEN, Model, is_slug, nearest_slug};

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for app in model.apps.iter().filter(|app| app.has_slug || app.is_whole()) {
        let slug = &app.slug.value;
        let near = nearest_slug(slug);
        if !app.has_slug {
            let example = if near.is_empty() { String::new() } else { format!(", such as `{near}`") };
            let help = format!("give it one with the key `slug`{example}");
            diagnostics.push(Diagnostic::error("missing-slug", app.slug.place, "app has no slug").help(help));
        } else if let Some(help) = slug_help(slug) {
            let message = format!("slug `{slug}` is not valid");
            diagnostics.push(Diagnostic::error("invalid-slug", app.slug.place, message).help(help));
        }
    }
}

/// The rule for slugs and the nearest one, for a text that is none; nothing for a slug.
pub fn slug_help(text: &str) -> Option<String> {
    let near = nearest_slug(text);
    let would_do = if near.is_empty() { String::new() } else { format!("; `{near}` would do") };
    let rule = format!(
        "a slug is `a-z` and `0-9`, in runs joined by single `-`, `_` or `.`, {MAX_SLUG_LEN} bytes at most{would_do}"
    );
    (!is_slug(text)).then_some(rule)
}
