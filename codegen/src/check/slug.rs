//! `invalid-slug`, `missing-slug`: a slug is `[a-z0-9]` runs joined by single `-`, `_` or `.`, 128 bytes at most.

use crate::diagnostics::Diagnostic;
use crate::model::Model;

const MAX_LEN: usize = 128;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for app in model.apps.iter().filter(|app| app.has_slug || app.is_whole) {
        let slug = &app.slug.value;
        if !app.has_slug {
            let help = format!("add `slug = \"{}\"`", suggest(slug));
            diagnostics.push(Diagnostic::error("missing-slug", app.slug.place, "app has no slug").help(help));
        } else if !is_slug(slug) {
            let message = format!("slug `{slug}` is not valid");
            let help = "a slug is `a-z` and `0-9`, in runs joined by single `-`, `_` or `.`, 128 bytes at most";
            let help = match suggest(slug) {
                near if near.is_empty() => help.to_owned(),
                near => format!("{help}; `{near}` would do"),
            };
            diagnostics.push(Diagnostic::error("invalid-slug", app.slug.place, message).help(help));
        }
    }
}

fn is_slug(text: &str) -> bool {
    let run = |run: &str| !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= MAX_LEN && text.split(['-', '_', '.']).all(run)
}

/// The nearest text that is a slug: in lower case, with `-` for every run of other characters.
fn suggest(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let runs = lower.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit()).filter(|run| !run.is_empty());
    let joined = runs.collect::<Vec<_>>().join("-");
    joined.get(..MAX_LEN).unwrap_or(&joined).trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for slug in ["a", "0", "zoom", "google-calendar", "a_b.c-d", &"x".repeat(128)] {
            assert!(is_slug(slug), "{slug}");
            assert_eq!(suggest(slug).len(), slug.len());
        }
        for text in ["", "-a", "a-", "a--b", "a-_b", "A", "zoöm", "a b", "a/b", "@host", &"x".repeat(129)] {
            assert!(!is_slug(text), "{text}");
        }
    }
}
