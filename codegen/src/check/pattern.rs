//! `invalid-pattern`: every pattern follows the grammar.

use std::collections::HashSet;

use crate::diagnostics::Diagnostic;
use crate::model::Model;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut told = HashSet::new();
    for route in model.apps.iter().flat_map(|app| &app.routes) {
        let Err(error) = &route.pattern else { continue };
        // A pattern that the host gives every app is wrong once, whatever its variables stand for.
        if told.insert(route.place) {
            let message = format!("{} in pattern `{}`", error.message, route.text);
            let message = if error.message.contains(&route.text) { error.message.clone() } else { message };
            diagnostics.push(Diagnostic::error("invalid-pattern", route.place, message).help(error.help.clone()));
        }
    }
}
