//! `invalid-pattern`: every pattern follows the grammar.

use std::collections::HashSet;
use std::fmt::Write as _;

use bakehouse_runtime::table::layout::MAX_PATTERN;

use crate::diagnostics::Diagnostic;
use crate::model::Model;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut told = HashSet::new();
    for route in model.apps.iter().flat_map(|app| &app.routes) {
        let Err(error) = &route.pattern else { continue };
        // A pattern that the host gives every app is wrong once, whatever its variables stand for.
        if told.insert(route.place) {
            let mut message = error.message.clone();
            // One that is too long to be a pattern is too long for a message too.
            if !message.contains(&route.text) && route.text.len() <= MAX_PATTERN {
                let _ = write!(message, " in pattern `{}`", route.text);
            }
            diagnostics.push(Diagnostic::error("invalid-pattern", route.place, message).help(error.help.clone()));
        }
    }
}
