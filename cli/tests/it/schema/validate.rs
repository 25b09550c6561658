//! A validator of the part of JSON Schema that the schemas of manifests use. What they don't use is refused.

use serde_json::Value;
use toml::de::{DeTable, DeValue};

/// What a value does not keep to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    Type,
    Key,
    Required,
    Enum,
    Pattern,
    MaxLength,
}

/// A TOML text as JSON; none if it is not TOML.
pub(super) fn json_of(text: &str) -> Option<Value> {
    let table = DeTable::parse(text).ok()?;
    Some(table_to_json(table.get_ref()))
}

fn table_to_json(table: &DeTable<'_>) -> Value {
    table.iter().map(|(key, value)| (key.get_ref().to_string(), to_json(value.get_ref()))).collect()
}

fn to_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Boolean(it) => Value::from(*it),
        DeValue::Array(items) => items.iter().map(|item| to_json(item.get_ref())).collect(),
        DeValue::Table(table) => table_to_json(table),
        // Which one does not matter: no key of a manifest wants any.
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => Value::from(1),
    }
}

/// Where a value does not keep to a schema, and to what there.
pub(super) fn validate(schema: &Value, value: &Value) -> Vec<(String, Keyword)> {
    let mut found = Vec::new();
    visit(schema, value, "", &mut found);
    found
}

fn visit(schema: &Value, value: &Value, place: &str, found: &mut Vec<(String, Keyword)>) {
    let known = [
        "$schema",
        "title",
        "description",
        "default",
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "pattern",
        "maxLength",
    ];
    let keywords = schema.as_object().expect("a schema is an object");
    assert!(keywords.keys().all(|keyword| known.contains(&keyword.as_str())), "{schema}");
    let mut miss = |keyword| found.push((place.to_owned(), keyword));
    match (schema["type"].as_str().expect("a schema has a type"), value) {
        ("object", Value::Object(entries)) => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            required.filter(|key| !entries.contains_key(*key)).for_each(|_| miss(Keyword::Required));
            for (key, value) in entries {
                let place = format!("{place}/{key}");
                match (schema["properties"].get(key), &schema["additionalProperties"]) {
                    (Some(schema), _) | (None, schema @ Value::Object(_)) => visit(schema, value, &place, found),
                    (None, Value::Bool(false)) => found.push((place, Keyword::Key)),
                    (None, _) => {}
                }
            }
        }
        ("array", Value::Array(items)) => {
            for (idx, item) in items.iter().enumerate() {
                visit(&schema["items"], item, &format!("{place}/{idx}"), found);
            }
        }
        ("string", Value::String(text)) => check_string(schema, text, miss),
        ("boolean", Value::Bool(_)) => {}
        _ => miss(Keyword::Type),
    }
}

fn check_string(schema: &Value, text: &str, mut miss: impl FnMut(Keyword)) {
    if schema["enum"].as_array().is_some_and(|values| !values.iter().any(|value| value == text)) {
        miss(Keyword::Enum);
    }
    if schema["pattern"].as_str().is_some_and(|pattern| !matches(pattern, text)) {
        miss(Keyword::Pattern);
    }
    if schema["maxLength"].as_u64().is_some_and(|most| text.chars().count() as u64 > most) {
        miss(Keyword::MaxLength);
    }
}

/// The few patterns that there are.
fn matches(pattern: &str, text: &str) -> bool {
    let is_run =
        |run: &str| !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    match pattern {
        "^/" => text.starts_with('/'),
        "^[a-z0-9]+([-_.][a-z0-9]+)*$" => text.split(['-', '_', '.']).all(is_run),
        "^[A-Za-z0-9._~-]+$" => !text.is_empty() && text.bytes().all(is_unreserved),
        other => panic!("a pattern that is new: {other}"),
    }
}
