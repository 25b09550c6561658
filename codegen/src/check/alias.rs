//! `invalid-alias`: an alias is 1 to 128 unreserved URL bytes (RFC 3986, section 2.3).

use crate::diagnostics::Diagnostic;
use crate::model::Model;

const MAX_LEN: usize = 128;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for alias in model.apps.iter().flat_map(|app| &app.aliases) {
        if !is_alias(&alias.value) {
            let message = format!("alias `{}` is not valid", alias.value);
            let help = "an alias is 1 to 128 of `A-Z`, `a-z`, `0-9`, `-`, `.`, `_` and `~`";
            diagnostics.push(Diagnostic::error("invalid-alias", alias.place, message).help(help));
        }
    }
}

fn is_alias(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (1..=MAX_LEN).contains(&text.len()) && text.bytes().all(unreserved)
}
