//! A table as text, for people and for snapshots.

use std::fmt::Write;

use bakehouse_runtime::table::{AppRecord, LinkKind, PlannedLink, RouteRecord};
use bakehouse_runtime::{AppId, Methods, Table};

/// Everything that a table says, a line a fact, in an order that only its content decides. Hashes are left out.
pub fn dump(table: Table<'_>) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "host {}", table.host_name());
    let _ = writeln!(out, "public {}", table.public());
    let _ = writeln!(out, "trailing-slash {:?}, ignores case: {}", table.trailing_slash(), table.ignores_case());
    let _ = writeln!(out, "probe bound {}", table.probe_bound());
    table.apps().for_each(|app| dump_app(&mut out, table, app));
    let _ = writeln!(out, "\nload order: {}", slugs(table, table.load_order()));
    if table.warm_up().len() > 0 {
        let _ = writeln!(out, "warm-up: {}", slugs(table, table.warm_up()));
    }
    for link in table.links() {
        dump_link(&mut out, table, &link);
    }
    out
}

fn slugs<'t>(table: Table<'t>, apps: impl Iterator<Item = AppId>) -> String {
    apps.map(|app| table.app(app).slug()).collect::<Vec<&'t str>>().join(" ")
}

fn dump_app(out: &mut String, table: Table<'_>, app: AppRecord<'_>) {
    let _ = write!(out, "\napp {} \"{}\" in {}", app.slug(), app.name(), app.folder());
    let _ = writeln!(out, "{}{}", if app.is_core() { " core" } else { "" }, if app.is_enabled() { "" } else { " off" });
    let texts = [
        ("description", app.description().to_owned()),
        ("publisher", app.publisher().to_owned()),
        ("entry", app.entry().unwrap_or_default().to_owned()),
        ("aliases", app.aliases().collect::<Vec<_>>().join(" ")),
        ("categories", app.categories().collect::<Vec<_>>().join(" ")),
        ("requires", slugs(table, app.requires())),
        ("uses", slugs(table, app.uses())),
        ("metadata", app.metadata().to_owned()),
    ];
    for (name, text) in texts.iter().filter(|(_, text)| !text.is_empty() && text != "{}") {
        let _ = writeln!(out, "  {name}: {text}");
    }
    app.routes().for_each(|route| dump_route(out, table, route));
}

fn dump_route(out: &mut String, table: Table<'_>, route: RouteRecord<'_>) {
    let names: Vec<_> = route.methods().iter().map(bakehouse_runtime::Method::name).collect();
    let methods = if route.methods() == Methods::ALL { "*".to_owned() } else { names.join(",") };
    let _ = write!(out, "  route {methods} {}", route.pattern());
    let preload = slugs(table, route.preload());
    let _ = writeln!(out, "{}", if preload.is_empty() { String::new() } else { format!(" preload {preload}") });
}

fn dump_link(out: &mut String, table: Table<'_>, link: &PlannedLink<'_>) {
    let kind = if link.kind == LinkKind::Folder { "folder" } else { "file" };
    let critical = if link.critical { " critical" } else { "" };
    let lazy = if link.lazy { " lazy" } else { "" };
    let (public, source) = (link.public.escape_ascii(), link.source.escape_ascii());
    let slug = table.app(link.app).slug();
    let _ = writeln!(out, "link {kind} {public} -> {source} ({slug}, {:?}{critical}{lazy})", link.mode);
    for file in &link.files {
        let _ = writeln!(out, "  {}", file.escape_ascii());
    }
}
