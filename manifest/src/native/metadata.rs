//! `[metadata]`: any TOML value as JSON. Dates become strings; numbers that JSON or a 64-bit reader lacks are problems.

use toml::de::{DeFloat, DeInteger, DeTable, DeValue};

use super::reader::{Reader, Value, in_file_order};
use super::table::Table;
use crate::json::{push_joined, push_string};
use crate::{Metadata, Problem};

/// How deep values may stand in each other, so that neither this nor a JSON reader runs out of stack.
const MAX_DEPTH: usize = 100;

/// Writes the table as a JSON object, its keys in the order of the file.
pub(super) fn read(table: Table<'_, '_>) -> Metadata {
    let (entries, reader) = table.into_entries();
    let mut json = String::new();
    push_table(&mut json, entries, 0, reader);
    Metadata(json)
}

fn push_table(json: &mut String, table: &DeTable<'_>, depth: usize, reader: &mut Reader<'_>) {
    push_joined(json, ['{', '}'], in_file_order(table), |json, (key, value)| {
        push_string(json, key.get_ref());
        json.push(':');
        push_value(json, value, depth + 1, reader);
    });
}

fn push_value(json: &mut String, value: &Value<'_>, depth: usize, reader: &mut Reader<'_>) {
    if depth > MAX_DEPTH {
        return refuse(json, value, format!("metadata may be nested {MAX_DEPTH} deep, but this is deeper"), reader);
    }
    match value.get_ref() {
        DeValue::String(text) => push_string(json, text),
        DeValue::Integer(number) => push_integer(json, number, value, reader),
        DeValue::Float(number) => push_float(json, number, value, reader),
        DeValue::Boolean(it) => json.push_str(if *it { "true" } else { "false" }),
        DeValue::Datetime(date) => push_string(json, &date.to_string()),
        DeValue::Array(items) => {
            push_joined(json, ['[', ']'], items.iter(), |json, item| push_value(json, item, depth + 1, reader));
        }
        DeValue::Table(table) => push_table(json, table, depth, reader),
    }
}

fn push_integer(json: &mut String, number: &DeInteger<'_>, at: &Value<'_>, reader: &mut Reader<'_>) {
    match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(number) => json.push_str(&number.to_string()),
        Err(_) => refuse(json, at, format!("`{number}` does not fit into 64 bits"), reader),
    }
}

fn push_float(json: &mut String, number: &DeFloat<'_>, at: &Value<'_>, reader: &mut Reader<'_>) {
    if number.as_str().parse().is_ok_and(f64::is_finite) {
        // TOML's finite floats are JSON's numbers, but for the plus sign.
        json.push_str(number.as_str().trim_start_matches('+'));
    } else {
        refuse(json, at, format!("`{number}` is not a number that JSON has, which metadata becomes"), reader);
    }
}

/// Reports a value that cannot be handed on; the JSON stays well-formed.
fn refuse(json: &mut String, value: &Value<'_>, message: String, reader: &mut Reader<'_>) {
    json.push_str("null");
    let help = "write it as a string, or take it out";
    reader.problems.push(Problem::new("wrong-type", message, value.span(), help));
}
