//! What a table says of an app or of its host, as parts with values that can be held against those of another table.

use std::collections::BTreeMap;

use bakehouse_runtime::Table;
use bakehouse_runtime::table::{AppRecord, LinkMode, PlannedLink, RouteRecord, TrailingSlash};
use serde_json::{Map, Value, json};

use crate::commands::slugs;
use crate::output::text::{method_names, text_of};

/// Parts, each with its values.
pub(super) type Inventory = BTreeMap<Key, Values>;

/// Values by the names that manifests have for them.
pub(super) type Values = BTreeMap<String, Value>;

/// Which part it is; parts are told in this order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) kind: Kind,
    /// The alias, pattern or public path; empty for what concerns an app or a host as a whole.
    pub(super) name: String,
    /// Tells routes of one pattern apart, in the order of the manifest.
    nth: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Policy,
    Alias,
    Route,
    Asset,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Alias => "alias",
            Self::Route => "route",
            Self::Asset => "asset",
        }
    }
}

/// What holds for all apps.
pub(super) fn of_host(table: Table<'static>) -> Inventory {
    let trailing_slash = match table.trailing_slash() {
        TrailingSlash::Strict => "strict",
        TrailingSlash::Ignore => "ignore",
        TrailingSlash::Redirect => "redirect",
    };
    let case = if table.ignores_case() { "insensitive" } else { "sensitive" };
    let host = [
        ("name", json!(table.host_name())),
        ("public", json!(table.public())),
        ("trailing-slash", json!(trailing_slash)),
        ("case", json!(case)),
        ("warm-up", json!(slugs(table, table.warm_up()))),
    ];
    Inventory::from([(key(Kind::Policy, String::new()), values(host))])
}

pub(super) fn of_app(app: AppRecord<'static>) -> Inventory {
    let mut inventory = Inventory::from([(key(Kind::Policy, String::new()), policies(app))]);
    inventory.extend(app.aliases().map(|alias| (key(Kind::Alias, alias.to_owned()), Values::new())));
    for route in app.routes() {
        let mut key = key(Kind::Route, route.pattern().to_owned());
        while inventory.contains_key(&key) {
            key.nth += 1;
        }
        inventory.insert(key, of_route(app.table(), route));
    }
    app.links().for_each(|link| add_assets(&mut inventory, &link));
    inventory
}

fn key(kind: Kind, name: String) -> Key {
    Key { kind, name, nth: 0 }
}

fn values<const N: usize>(values: [(&str, Value); N]) -> Values {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn policies(app: AppRecord<'static>) -> Values {
    let table = app.table();
    let mut values = values([
        ("name", json!(app.name())),
        ("folder", json!(app.folder())),
        ("description", json!(app.description())),
        ("publisher", json!(app.publisher())),
        ("categories", app.categories().collect()),
        ("requires", json!(slugs(table, app.requires()))),
        ("uses", json!(slugs(table, app.uses()))),
        ("entry", json!(app.entry())),
        ("core", json!(app.is_core())),
        ("enabled", json!(app.is_enabled())),
    ]);
    let metadata: Map<String, Value> = serde_json::from_str(app.metadata()).unwrap_or_default();
    values.extend(metadata.into_iter().map(|(name, value)| (format!("metadata.{name}"), value)));
    values
}

fn of_route(table: Table<'static>, route: RouteRecord<'static>) -> Values {
    values([("methods", json!(method_names(route.methods()))), ("preload", json!(slugs(table, route.preload())))])
}

/// A folder that is linked as a whole is told file by file: whether it is one link is no matter of what is published.
fn add_assets(inventory: &mut Inventory, link: &PlannedLink<'_>) {
    let mode = match link.mode {
        LinkMode::Auto => "auto",
        LinkMode::Symlink => "symlink",
        LinkMode::Hardlink => "hardlink",
        LinkMode::Copy => "copy",
    };
    let mut add = |public: &[u8], source: &[u8]| {
        let values = values([
            ("source", json!(text_of(source))),
            ("mode", json!(mode)),
            ("critical", json!(link.critical)),
            ("lazy", json!(link.lazy)),
        ]);
        inventory.insert(key(Kind::Asset, text_of(public).into_owned()), values);
    };
    if link.files.is_empty() {
        add(link.public, link.source);
    }
    for file in &link.files {
        add(&[link.public, b"/", file].concat(), &[link.source, b"/", file].concat());
    }
}
