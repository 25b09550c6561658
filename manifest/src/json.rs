//! Writing JSON text, piece by piece: what both dialects hand on as metadata.

use std::fmt::Write as _;

/// Appends `text` as a JSON string, quotes and all.
pub(crate) fn push_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '\\' || c < ' ') {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = tail.chars();
        match chars.next() {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c @ ('"' | '\\')) => out.extend(['\\', c]),
            // Writing into a string cannot fail.
            Some(control) => _ = write!(out, "\\u{:04x}", u32::from(control)),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

/// Appends `items` between `open` and `close`, with commas.
pub(crate) fn push_joined<I: IntoIterator>(
    out: &mut String,
    [open, close]: [char; 2],
    items: I,
    mut push: impl FnMut(&mut String, I::Item),
) {
    out.push(open);
    for (idx, item) in items.into_iter().enumerate() {
        if idx > 0 {
            out.push(',');
        }
        push(out, item);
    }
    out.push(close);
}
