//! What a bake changes: two tables in, what differs out, grouped by app, for people who review it or as JSON.

mod inventory;
mod paths;

use std::collections::BTreeMap;
use std::fmt;

use bakehouse_runtime::Table;
use serde_json::{Map, Value, json};

use self::inventory::{Inventory, Key, Values};
use self::paths::Handover;
use crate::output::text::{count, shown};

/// What differs between two tables.
pub(super) struct Diff {
    host: Vec<Entry>,
    /// Sorted by slug; only apps in which something differs.
    apps: Vec<App>,
    paths: Vec<Handover>,
}

struct App {
    slug: &'static str,
    change: Change,
    entries: Vec<Entry>,
}

/// A part of an app or of the host that differs.
struct Entry {
    key: Key,
    change: Change,
    /// The values that differ, as they were and as they are; for what is new or gone, all of them.
    values: BTreeMap<String, (Value, Value)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Added,
    Removed,
    Changed,
}

impl Diff {
    pub(super) fn new(old: Table<'static>, new: Table<'static>) -> Self {
        let host = entries(inventory::of_host(old), inventory::of_host(new));
        Self { host, apps: apps(old, new), paths: paths::handovers(old, new) }
    }

    pub(super) fn to_json(&self) -> Value {
        let of_entries = |entries: &[Entry]| entries.iter().map(Entry::to_json).collect::<Vec<_>>();
        let of_app =
            |app: &App| json!({ "slug": app.slug, "change": app.change.name(), "changes": of_entries(&app.entries) });
        json!({
            "host": of_entries(&self.host),
            "apps": self.apps.iter().map(of_app).collect::<Vec<_>>(),
            "paths": self.paths.iter().map(Handover::to_json).collect::<Vec<_>>(),
        })
    }

    fn summary(&self) -> String {
        let of = |change| self.apps.iter().filter(|app| app.change == change).count();
        let apps = [Change::Added, Change::Removed, Change::Changed].map(|change| (of(change), change));
        let apps = apps.into_iter().filter(|(n, _)| *n > 0);
        let mut parts: Vec<String> = apps.map(|(n, change)| format!("{} {}", count(n, "app"), change.name())).collect();
        if !self.host.is_empty() {
            parts.insert(0, "the host changed".to_owned());
        }
        if !self.paths.is_empty() {
            parts.push(format!("{} served by another app", count(self.paths.len(), "path")));
        }
        if parts.is_empty() { "nothing changed".to_owned() } else { parts.join(", ") }
    }
}

/// What differs between the apps of two tables, app by app.
fn apps(old: Table<'static>, new: Table<'static>) -> Vec<App> {
    let mut pairs: BTreeMap<&'static str, [Option<_>; 2]> = BTreeMap::new();
    for app in old.apps() {
        pairs.entry(app.slug()).or_default()[0] = Some(app);
    }
    for app in new.apps() {
        pairs.entry(app.slug()).or_default()[1] = Some(app);
    }
    let apps = pairs.into_iter().filter_map(|(slug, [old, new])| {
        let change = Change::of(old.is_some(), new.is_some());
        let [old, new] = [old, new].map(|app| app.map(inventory::of_app).unwrap_or_default());
        let entries = entries(old, new);
        (!entries.is_empty()).then_some(App { slug, change, entries })
    });
    apps.collect()
}

fn entries(mut old: Inventory, new: Inventory) -> Vec<Entry> {
    let mut pairs: BTreeMap<Key, [Option<Values>; 2]> = BTreeMap::new();
    for (key, values) in new {
        pairs.insert(key.clone(), [old.remove(&key), Some(values)]);
    }
    pairs.extend(old.into_iter().map(|(key, values)| (key, [Some(values), None])));
    let differing = pairs.into_iter().filter_map(|(key, [old, new])| {
        let change = Change::of(old.is_some(), new.is_some());
        let values = values(old.unwrap_or_default(), new.unwrap_or_default());
        (change != Change::Changed || !values.is_empty()).then_some(Entry { key, change, values })
    });
    differing.collect()
}

/// The values that differ.
fn values(mut old: Values, new: Values) -> BTreeMap<String, (Value, Value)> {
    let mut pairs = BTreeMap::new();
    for (name, value) in new {
        let before = old.remove(&name).unwrap_or_default();
        pairs.insert(name, (before, value));
    }
    pairs.extend(old.into_iter().map(|(name, value)| (name, (value, Value::Null))));
    pairs.retain(|_, (from, to)| from != to);
    pairs
}

impl Change {
    fn of(was: bool, is: bool) -> Self {
        match (was, is) {
            (false, _) => Self::Added,
            (true, false) => Self::Removed,
            (true, true) => Self::Changed,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Added => '+',
            Self::Removed => '-',
            Self::Changed => '~',
        }
    }
}

impl Entry {
    fn to_json(&self) -> Value {
        let pair = |(name, (from, to)): (&String, &(Value, Value))| (name.clone(), json!({ "from": from, "to": to }));
        let values: Map<String, Value> = self.values.iter().map(pair).collect();
        json!({ "kind": self.key.kind.name(), "name": self.key.name, "change": self.change.name(), "values": values })
    }

    /// What is new or gone with the values that say something, what differs with both.
    fn details(&self) -> String {
        let details = self.values.iter().filter_map(|(name, (from, to))| match self.change {
            Change::Added => (!is_usual(name, to)).then(|| format!("{name} {}", text(to))),
            Change::Removed => (!is_usual(name, from)).then(|| format!("{name} {}", text(from))),
            Change::Changed => Some(format!("{name} {} -> {}", text(from), text(to))),
        });
        details.collect::<Vec<_>>().join("; ")
    }
}

/// Whether a value is what a manifest has that does not mention it.
fn is_usual(name: &str, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(is_so) => *is_so == (name == "enabled"),
        Value::String(text) => text.is_empty() || name == "mode" && text == "auto",
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// A value for people.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => format!("`{text}`"),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.host.is_empty() {
            writeln!(f, "~ the host")?;
            self.host.iter().try_for_each(|entry| write!(f, "{entry}"))?;
        }
        for app in &self.apps {
            writeln!(f, "{} {}", app.change.sign(), app.slug)?;
            app.entries.iter().try_for_each(|entry| write!(f, "{entry}"))?;
        }
        if !self.paths.is_empty() {
            writeln!(f, "served by another app")?;
            self.paths.iter().try_for_each(|path| write!(f, "{path}"))?;
        }
        writeln!(f, "{}", self.summary())
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, details) = (self.key.kind.name(), self.details());
        let line = [kind, &self.key.name, &details].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        writeln!(f, "    {} {}", self.change.sign(), shown(line.join("  ").as_bytes()))
    }
}
