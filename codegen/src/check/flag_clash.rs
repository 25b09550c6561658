//! `flag-clash`: each app has a variable of its own that switches it. Two apps with code that have none are errors of
//! `function-name`, which is the same slip.

use std::collections::HashMap;

use bakehouse_runtime::environment::flag_variable;

use crate::diagnostics::Diagnostic;
use crate::model::{Model, is_slug};

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = HashMap::new();
    for app in model.apps.iter().filter(|app| is_slug(&app.slug.value)) {
        let variable = flag_variable(&app.slug.value);
        let first = *seen.entry(variable.clone()).or_insert(app);
        if first.slug.value != app.slug.value && (first.entry.is_none() || app.entry.is_none()) {
            let (one, other) = (&first.slug.value, &app.slug.value);
            let message = format!("slugs `{one}` and `{other}` share the variable `{variable}`, which switches both");
            diagnostics.push(
                Diagnostic::warning("flag-clash", app.slug.place, message)
                    .also(first.slug.place, "the other slug")
                    .help("change one of the slugs, and keep the old one as an alias"),
            );
        }
    }
}
