//! A declarative reader of one TOML table: each method takes a known key, and [`Table::finish`] reports the keys that
//! nobody took. A value of the wrong type is one problem, and then counts as taken.

use toml::de::{DeTable, DeValue};

use super::reader::{Expected, Key, Reader, Value, in_file_order, spanned};
use crate::nearest::help_nearest;
use crate::{Fix, Problem, Span, Spanned};

/// A table while it is read.
pub(super) struct Table<'t, 'r> {
    /// The table as messages name it, with backticks; empty for the top of the file.
    place: &'static str,
    header: Span,
    entries: &'t DeTable<'t>,
    /// The keys taken so far: those of plain values, and those of tables.
    plain: Vec<&'static str>,
    tables: Vec<&'static str>,
    /// The plain keys of the file's top, if the table stands right below it.
    outer: &'r [&'static str],
    reader: &'r mut Reader<'t>,
}

impl<'t, 'r> Table<'t, 'r> {
    /// Begins to read the top of a file.
    pub(super) fn top(entries: &'t DeTable<'t>, reader: &'r mut Reader<'t>) -> Self {
        Self { place: "", header: Span::default(), entries, plain: Vec::new(), tables: Vec::new(), outer: &[], reader }
    }

    /// Where the table begins: its `[header]`, or all of an inline table.
    pub(super) fn header(&self) -> Span {
        self.header
    }

    /// The table's entries in the order of the file, and the reader for problems: for tables whose keys are free.
    pub(super) fn into_entries(self) -> (&'t DeTable<'t>, &'r mut Reader<'t>) {
        (self.entries, self.reader)
    }

    /// How many problems there are so far.
    pub(super) fn n_problems(&self) -> usize {
        self.reader.problems.len()
    }

    /// Looks at a value without taking it.
    pub(super) fn get(&self, key: &str) -> Option<&'t Value<'t>> {
        self.entries.get(key).filter(|value| !self.reader.shadows.touch(value.span().into()))
    }

    /// Takes a string.
    pub(super) fn string(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let value = self.take(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(spanned(text, value)),
            _ => self.reader.wrong_type(key, Expected::String, value),
        }
    }

    /// Takes a string without which the table means nothing; `example` is shown where it is missing.
    pub(super) fn required_string(&mut self, key: &'static str, example: &str) -> Option<Spanned<String>> {
        if !self.entries.contains_key(key) {
            self.reader.problems.push(Problem::new(
                "missing-key",
                format!("missing key `{key}` in {}", self.place),
                self.header,
                format!("add `{key} = \"{example}\"`"),
            ));
        }
        self.string(key)
    }

    /// Takes a list of strings.
    pub(super) fn strings(&mut self, key: &'static str) -> Option<Vec<Spanned<String>>> {
        let value = self.take(key)?;
        self.reader.strings(key, value)
    }

    /// Takes a boolean.
    pub(super) fn boolean(&mut self, key: &'static str) -> Option<Spanned<bool>> {
        let value = self.take(key)?;
        match value.get_ref() {
            DeValue::Boolean(it) => Some(Spanned::new(*it, value.span())),
            _ => self.reader.wrong_type(key, Expected::Boolean, value),
        }
    }

    /// Takes a string that is one of a few.
    pub(super) fn one_of<T: Copy>(&mut self, key: &'static str, choices: &[(&'static str, T)]) -> Option<Spanned<T>> {
        let text = self.string(key)?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == text.value) {
            return Some(Spanned { value: *choice, span: text.span });
        }
        let known = choices.iter().map(|(name, _)| *name);
        let message = format!("unknown value `{}` for `{key}`", text.value);
        let help = help_nearest(&text, "value", known.clone());
        let fix = Fix::of(&text, known);
        self.reader.problems.push(Problem { fix, ..Problem::new("unknown-value", message, text.span, help) });
        None
    }

    /// Takes a table; `place` is how messages name it.
    pub(super) fn table(&mut self, key: &'static str, place: &'static str) -> Option<Table<'t, '_>> {
        let value = self.take_table(key)?;
        match value.get_ref() {
            DeValue::Table(entries) => Some(self.inner(place, value, entries)),
            _ => self.reader.wrong_type(key, Expected::Table, value),
        }
    }

    /// Takes a list of tables and reads each; `place` is how messages name one.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        place: &'static str,
        mut read: impl FnMut(Table<'t, '_>) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.take_table(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            return self.reader.wrong_type(key, Expected::Tables, value).unwrap_or_default();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref() {
                DeValue::Table(entries) => tables.extend(read(self.inner(place, item, entries))),
                _ => self.reader.wrong_item(key, Expected::Tables, item),
            }
        }
        tables
    }

    /// Reads every key as the name of a list of strings, in the order of the file.
    pub(super) fn named_lists(self) -> Vec<(Spanned<String>, Vec<Spanned<String>>)> {
        in_file_order(self.entries)
            .into_iter()
            .filter_map(|(key, value)| {
                if self.reader.shadows.touch(value.span().into()) {
                    return None;
                }
                let list = self.reader.strings(key.get_ref(), value)?;
                Some((Spanned::new(key.get_ref().to_string(), key.span()), list))
            })
            .collect()
    }

    /// Reports every key that nobody took.
    pub(super) fn finish(self) {
        self.finish_reserving(&[]);
    }

    /// Reports every key that nobody took; those in `reserved` as names that are kept for a later version.
    pub(super) fn finish_reserving(self, reserved: &[&str]) {
        for (key, value) in self.entries {
            let name = key.get_ref().as_ref();
            if reserved.contains(&name) {
                self.reader.problems.push(reserved_key(name, whole_header(key, value)));
            } else if !self.known().any(|key| key == name) {
                self.reader.problems.push(self.unknown_key(name, key.span().into()));
            }
        }
    }

    fn unknown_key(&self, name: &str, span: Span) -> Problem {
        let place = if self.place.is_empty() { String::new() } else { format!(" in {}", self.place) };
        // In TOML, whatever follows a header belongs to it: easily forgotten for the keys of the file itself.
        let help = if self.outer.contains(&name) {
            format!("`{name}` belongs to the top of the file, before the first table")
        } else {
            help_nearest(name, "key", self.known())
        };
        // Twice the same key would be the next mistake.
        let fix = Fix::of(name, self.known()).filter(|fix| !self.is_given(&fix.right));
        Problem { fix, ..Problem::new("unknown-key", format!("unknown key `{name}`{place}"), span, help) }
    }

    fn is_given(&self, key: &str) -> bool {
        self.entries.keys().any(|given| given.get_ref() == key)
    }

    fn known(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.plain.iter().chain(&self.tables).copied()
    }

    fn take(&mut self, key: &'static str) -> Option<&'t Value<'t>> {
        self.plain.push(key);
        self.get(key)
    }

    fn take_table(&mut self, key: &'static str) -> Option<&'t Value<'t>> {
        self.tables.push(key);
        self.entries.get(key)
    }

    fn inner(&mut self, place: &'static str, at: &Value<'t>, entries: &'t DeTable<'t>) -> Table<'t, '_> {
        let outer: &[_] = if self.place.is_empty() { &self.plain } else { &[] };
        let (plain, tables) = (Vec::new(), Vec::new());
        Table { place, header: at.span().into(), entries, plain, tables, outer, reader: self.reader }
    }
}

fn reserved_key(name: &str, span: Span) -> Problem {
    Problem::new(
        "reserved-key",
        format!("`{name}` is reserved for services, which this version does not have"),
        span,
        "take it out; data of your own can stand under `[metadata]`",
    )
}

/// The `[header]` of a table, which is the span of its value, or else the key.
fn whole_header(key: &Key<'_>, value: &Value<'_>) -> Span {
    let (key, value) = (key.span(), value.span());
    if value.start <= key.start && key.end <= value.end { value.into() } else { key.into() }
}
