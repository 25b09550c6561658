//! Values of the TOML tree, read as what a key wants; what is something else becomes a `wrong-type` problem.

use toml::de::{DeString, DeTable, DeValue};

use super::document::Shadows;
use crate::{Problem, Spanned};

/// A key and its place.
pub(super) type Key<'t> = toml::Spanned<DeString<'t>>;

/// A value and its place.
pub(super) type Value<'t> = toml::Spanned<DeValue<'t>>;

/// What the reading of one file has in common.
pub(super) struct Reader<'t> {
    /// The file's text, for helps that repeat what stands there.
    pub(super) text: &'t str,
    /// Where nothing is read after a syntax error.
    pub(super) shadows: Shadows,
    /// What was wrong so far, in the order of reading.
    pub(super) problems: Vec<Problem>,
}

/// What a key wants.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    String,
    Strings,
    Boolean,
    Table,
    Tables,
}

impl Reader<'_> {
    /// Reads a list of strings; an item that is something else is left out.
    pub(super) fn strings(&mut self, key: &str, value: &Value<'_>) -> Option<Vec<Spanned<String>>> {
        let DeValue::Array(items) = value.get_ref() else {
            return self.wrong_type(key, Expected::Strings, value);
        };
        let mut strings = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => strings.push(spanned(text, item)),
                _ => self.wrong_item(key, Expected::Strings, item),
            }
        }
        Some(strings)
    }

    /// Reports a value that is not what its key wants; gives nothing, for the caller to return.
    pub(super) fn wrong_type<T>(&mut self, key: &str, expected: Expected, value: &Value<'_>) -> Option<T> {
        let message = format!("`{key}` must be {}, but was {}", expected.phrase(), phrase(value));
        let help = self.repair(key, expected, value);
        self.problems.push(Problem::new("wrong-type", message, value.span(), help));
        None
    }

    /// Reports an item of a list that is not what the list is of.
    pub(super) fn wrong_item(&mut self, key: &str, expected: Expected, item: &Value<'_>) {
        let message = format!("`{key}` must be {}, but holds {}", expected.phrase(), phrase(item));
        let help = match expected {
            Expected::Tables => "write each item as a table, `{ ... }`".to_owned(),
            _ => match self.quoted(item) {
                Some(text) => format!("write `{text}`"),
                None => "write each item as `\"...\"`".to_owned(),
            },
        };
        self.problems.push(Problem::new("wrong-type", message, item.span(), help));
    }

    /// Says how to write `key`, with the value that stands there where that is certain to be meant.
    fn repair(&self, key: &str, expected: Expected, value: &Value<'_>) -> String {
        match (expected, value.get_ref()) {
            (Expected::String, _) => match self.quoted(value) {
                Some(text) => format!("write `{key} = {text}`"),
                None => format!("write `{key} = \"...\"`"),
            },
            (Expected::Strings, DeValue::String(text)) if !text.contains(['"', '\\', '\n']) => {
                format!("write `{key} = [\"{text}\"]`")
            }
            (Expected::Strings, _) => format!("write `{key} = [\"...\"]`"),
            (Expected::Boolean, DeValue::String(text)) if matches!(text.as_ref(), "true" | "false") => {
                format!("write `{key} = {text}`, without quotes")
            }
            (Expected::Boolean, _) => format!("write `{key} = true` or `{key} = false`"),
            (Expected::Table, _) => format!("write `[{key}]`, and its keys on the lines after it"),
            (Expected::Tables, _) => format!("write `[[{key}]]`, once for each"),
        }
    }

    /// A number, boolean or date as it stands in the file, in quotes.
    fn quoted(&self, value: &Value<'_>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(_) | DeValue::Array(_) | DeValue::Table(_) => None,
            _ => self.text.get(value.span()).map(|text| format!("\"{text}\"")),
        }
    }
}

impl Expected {
    fn phrase(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Strings => "a list of strings",
            Self::Boolean => "`true` or `false`",
            Self::Table => "a table",
            Self::Tables => "a list of tables",
        }
    }
}

/// Names what a value is.
fn phrase(value: &Value<'_>) -> &'static str {
    match value.get_ref() {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Joins a string and the place of the value that holds it.
pub(super) fn spanned(text: &DeString<'_>, at: &Value<'_>) -> Spanned<String> {
    Spanned::new(text.to_string(), at.span())
}

/// A table's entries as the file has them; the parser sorts them by name.
pub(super) fn in_file_order<'a, 't>(table: &'a DeTable<'t>) -> Vec<(&'a Key<'t>, &'a Value<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_unstable_by_key(|(key, _)| key.span().start);
    entries
}
