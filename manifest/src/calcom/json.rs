//! Strict JSON with places: parsing, values that a key wants, and writing values back for the metadata.

use std::collections::HashSet;

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, parse_to_ast};

use crate::json::{STRICT, push_joined, push_string};
use crate::{Problem, Span, Spanned};

/// What the reading of one file has in common.
#[derive(Default)]
pub(super) struct Reader {
    /// Bytes before the text that the parser sees: the length of a byte order mark.
    skipped: usize,
    /// What was wrong so far, in the order of reading.
    pub(super) problems: Vec<Problem>,
}

impl Reader {
    /// Parses a text that holds one object. The parser bounds how deep values stand in each other.
    pub(super) fn object<'t>(&mut self, text: &'t str) -> Option<Object<'t>> {
        let json = text.strip_prefix('\u{feff}').unwrap_or(text);
        self.skipped = text.len() - json.len();
        match parse_to_ast(json, &CollectOptions::default(), &STRICT).map(|parsed| parsed.value) {
            Ok(Some(Value::Object(object))) => return Some(object),
            Ok(Some(other)) => {
                let message = format!("the manifest must be a JSON object, but was {}", phrase(&other));
                self.report("wrong-type", message, other.range(), "put it in braces, with a key before each value");
            }
            Ok(None) => {
                self.report("syntax", "the manifest is empty".to_owned(), Range::new(0, 0), "write a JSON object");
            }
            Err(error) => {
                let message = error.kind().to_string();
                self.report("syntax", uncapitalised(&message), error.range(), repair(error.kind()));
            }
        }
        None
    }

    /// The object's entries; of keys that are given twice, the first, and a problem for the others.
    pub(super) fn entries<'a, 't>(&mut self, object: &'a Object<'t>) -> Vec<&'a ObjectProp<'t>> {
        let mut seen = HashSet::with_capacity(object.properties.len());
        let mut entries = Vec::with_capacity(object.properties.len());
        for entry in &object.properties {
            let name = entry.name.as_str();
            if seen.insert(name) {
                entries.push(entry);
            } else {
                self.report(
                    "duplicate-key",
                    format!("`{name}` is given twice"),
                    entry.name.range(),
                    "keep one of the two",
                );
            }
        }
        entries
    }

    /// The value of an entry that has to be a string.
    pub(super) fn string(&mut self, entry: &ObjectProp<'_>) -> Option<Spanned<String>> {
        match &entry.value {
            Value::StringLit(text) => Some(Spanned { value: text.value.to_string(), span: self.span(text.range) }),
            other => self.wrong_type(entry, "be a string, but was", other, "\"...\""),
        }
    }

    /// The value of an entry that has to be a list of strings; an item that is something else is left out.
    pub(super) fn strings(&mut self, entry: &ObjectProp<'_>) -> Vec<Spanned<String>> {
        let Value::Array(items) = &entry.value else {
            return self
                .wrong_type(entry, "be a list of strings, but was", &entry.value, "[\"...\"]")
                .unwrap_or_default();
        };
        let mut strings = Vec::with_capacity(items.elements.len());
        for item in &items.elements {
            match item {
                Value::StringLit(text) => {
                    strings.push(Spanned { value: text.value.to_string(), span: self.span(text.range) });
                }
                other => strings.extend(self.wrong_type(entry, "be a list of strings, but holds", other, "[\"...\"]")),
            }
        }
        strings
    }

    /// Appends an entry, as it would stand in a JSON object.
    pub(super) fn push_entry(&mut self, json: &mut String, entry: &ObjectProp<'_>) {
        push_string(json, entry.name.as_str());
        json.push(':');
        self.push_value(json, &entry.value);
    }

    /// Where a range of the parser's text is in the file.
    pub(super) fn span(&self, range: Range) -> Span {
        Span { start: range.start + self.skipped, end: range.end + self.skipped }
    }

    fn push_value(&mut self, json: &mut String, value: &Value<'_>) {
        match value {
            Value::StringLit(text) => push_string(json, &text.value),
            Value::NumberLit(number) => {
                if !number.value.parse().is_ok_and(f64::is_finite) {
                    let message = format!("`{}` does not fit into 64 bits", number.value);
                    self.report("wrong-type", message, number.range, "write it as a string");
                }
                json.push_str(number.value);
            }
            Value::BooleanLit(it) => json.push_str(if it.value { "true" } else { "false" }),
            Value::NullKeyword(_) => json.push_str("null"),
            Value::Array(items) => {
                push_joined(json, ['[', ']'], &items.elements, |json, item| self.push_value(json, item));
            }
            Value::Object(object) => {
                push_joined(json, ['{', '}'], self.entries(object), |json, entry| self.push_entry(json, entry));
            }
        }
    }

    fn wrong_type<T>(&mut self, entry: &ObjectProp<'_>, must: &str, value: &Value<'_>, example: &str) -> Option<T> {
        let key = entry.name.as_str();
        let message = format!("`{key}` must {must} {}", phrase(value));
        self.report("wrong-type", message, value.range(), &format!("write `\"{key}\": {example}`"));
        None
    }

    fn report(&mut self, code: &'static str, message: String, range: Range, help: &str) {
        let span = self.span(range);
        self.problems.push(Problem::new(code, message, span, help));
    }
}

/// Names what a value is.
fn phrase(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "a string",
        Value::NumberLit(_) => "a number",
        Value::BooleanLit(_) => "a boolean",
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        Value::NullKeyword(_) => "null",
    }
}

/// What to do about a syntax error.
fn repair(kind: &ParseErrorKind) -> &'static str {
    match kind {
        ParseErrorKind::CommentsNotAllowed => "take it out, or make it the value of a key `\"/*\"`",
        ParseErrorKind::TrailingCommasNotAllowed => "take the comma out",
        ParseErrorKind::ExpectedComma => "put a comma between the two",
        ParseErrorKind::ExpectedStringObjectProperty => "put the key in double quotes",
        ParseErrorKind::SingleQuotedStringsNotAllowed => "use double quotes",
        ParseErrorKind::HexadecimalNumbersNotAllowed => "write the number in decimal digits",
        ParseErrorKind::UnterminatedObject => "end it with `}`",
        ParseErrorKind::UnterminatedArray => "end it with `]`",
        ParseErrorKind::MultipleRootJsonValues => "take out what follows the manifest's last brace",
        _ => "make it valid JSON; what stands before it may be what is wrong",
    }
}

/// The parser's messages begin with a capital letter, ours do not.
fn uncapitalised(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().into_iter().flat_map(char::to_lowercase).chain(chars).collect()
}
