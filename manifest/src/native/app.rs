//! The keys of `app.toml`.

use super::table::Table;
use super::{metadata, pictures};
use crate::{AppManifest, AssetSet, Mode, Route};

/// How an asset may be linked, as it is written.
pub(super) const MODES: &[(&str, Mode)] =
    &[("auto", Mode::Auto), ("symlink", Mode::Symlink), ("hardlink", Mode::Hardlink), ("copy", Mode::Copy)];

/// Names that services will read.
const RESERVED: &[&str] = &["upstream", "webhook", "task", "events", "database", "cache"];

/// Reads the whole file.
pub(super) fn read(mut top: Table<'_, '_>) -> AppManifest {
    let mut manifest = AppManifest {
        slug: top.string("slug"),
        name: top.string("name"),
        aliases: top.strings("aliases").unwrap_or_default(),
        description: top.string("description"),
        publisher: top.string("publisher"),
        categories: top.strings("categories").unwrap_or_default(),
        requires: top.strings("requires").unwrap_or_default(),
        uses: top.strings("uses").unwrap_or_default(),
        entry: top.string("entry"),
        enabled: top.boolean("enabled"),
        routes: top.tables("route", "`[[route]]`", route),
        assets: top.tables("assets", "`[[assets]]`", asset_set),
        ..AppManifest::default()
    };
    if let Some(table) = top.table("metadata", "`[metadata]`") {
        manifest.references = pictures::named(&table);
        manifest.metadata = metadata::read(table);
    }
    top.finish_reserving(RESERVED);
    manifest
}

fn route(mut table: Table<'_, '_>) -> Option<Route> {
    let path = table.required_string("path", "/...");
    let methods = table.strings("methods");
    let preload = table.strings("preload").unwrap_or_default();
    let overrides = table.strings("overrides").unwrap_or_default();
    let yields = table.boolean("yields").is_some_and(|it| it.value);
    let span = table.header();
    table.finish();
    Some(Route { path: path?, methods, preload, overrides, yields, span })
}

/// Reads a `[[assets]]` table; also used for `each` of a host.
pub(super) fn asset_set(mut table: Table<'_, '_>) -> Option<AssetSet> {
    let from = table.required_string("from", "static");
    let to = table.string("to");
    let critical = table.strings("critical").unwrap_or_default();
    let lazy = table.boolean("lazy").is_some_and(|it| it.value);
    let mode = table.one_of("mode", MODES);
    let span = table.header();
    table.finish();
    Some(AssetSet { from: from?, to, critical, lazy, mode, span })
}
