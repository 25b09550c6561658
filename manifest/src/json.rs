//! JSON: how strictly it is read, and writing it, piece by piece: metadata that is handed on, and profiles.

use std::fmt::Write as _;

use jsonc_parser::ParseOptions;

/// JSON as RFC 8259 has it, none of the parser's extensions.
pub(crate) const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

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
