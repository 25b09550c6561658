//! `function-name`: no two apps with code have slugs that give one name of a typed function.

use std::collections::HashMap;

use crate::diagnostics::Diagnostic;
use crate::model::Model;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = HashMap::new();
    for app in model.apps.iter().filter(|app| app.entry.is_some()) {
        let name = function_name(&app.slug.value);
        let first = *seen.entry(name.clone()).or_insert(app);
        if first.slug.value != app.slug.value {
            let message =
                format!("slugs `{}` and `{}` give one function name, `{name}`", first.slug.value, app.slug.value);
            diagnostics.push(
                Diagnostic::error("function-name", app.slug.place, message)
                    .also(first.slug.place, "the other slug")
                    .help("change one of the slugs, and keep the old one as an alias"),
            );
        }
    }
}

/// Keywords that cannot be raw identifiers.
pub(super) const NEVER_RAW: [&str; 4] = ["crate", "self", "super", "_"];

/// Strict and reserved keywords of every edition up to 2024 that can be raw identifiers.
pub(super) const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The name of an app's typed function: the slug with `_` for other bytes, `r#` before a keyword. What cannot begin an
/// identifier gets a `_` before it, and a keyword that cannot be raw one behind it.
pub fn function_name(slug: &str) -> String {
    let name: String = slug.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if KEYWORDS.contains(&name.as_str()) {
        format!("r#{name}")
    } else if NEVER_RAW.contains(&name.as_str()) {
        format!("{name}_")
    } else if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() {
        format!("_{name}")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::function_name;

    #[test]
    fn function_names() {
        let cases = [
            ("zoom", "zoom"),
            ("google-calendar", "google_calendar"),
            ("a.b", "a_b"),
            ("match", "r#match"),
            ("self", "self_"),
            ("1password", "_1password"),
        ];
        for (slug, name) in cases {
            assert_eq!(function_name(slug), name);
        }
    }
}
