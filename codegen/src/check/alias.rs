//! `invalid-alias`: an alias is 1 to 128 unreserved URL bytes.

use crate::diagnostics::Diagnostic;
use crate::model::{MAX_ALIAS_LEN, Model, is_alias};

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for alias in model.apps.iter().flat_map(|app| &app.aliases) {
        if !is_alias(&alias.value) {
            let message = format!("alias `{}` is not valid", alias.value);
            let help = format!("an alias is 1 to {MAX_ALIAS_LEN} of `A-Z`, `a-z`, `0-9`, `-`, `.`, `_` and `~`");
            diagnostics.push(Diagnostic::error("invalid-alias", alias.place, message).help(help));
        }
    }
}
