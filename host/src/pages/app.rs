//! The record of one app: what answers at the routes of an app that has no code.

use std::fmt::Write as _;

use bakehouse_runtime::{AppId, Method, Methods};

use super::html::{Escaped, Icon, Page};
use super::store::StateTag;
use crate::catalog::{Catalog, Entry, metadata};

/// The page about an app.
pub(crate) fn page(catalog: &Catalog, entry: Entry<'_>) -> Page {
    let app = entry.app;
    let icon = Icon { href: entry.icon, name: app.name(), slug: app.slug() };
    let mut body = format!(
        "<main>\n<div class=\"head\">{icon}<div><h1>{}</h1><p class=\"lead\">{}</p></div></div>\n",
        Escaped(app.name()),
        Escaped(app.description()),
    );
    body.push_str(&facts(catalog, entry));
    body.push_str(&routes(entry));
    let metadata = metadata(app);
    if metadata.as_object().is_some_and(|object| !object.is_empty()) {
        // Writing into a string can't fail.
        let _ = writeln!(body, "<h2>Metadata</h2>\n<pre>{}</pre>", Escaped(&format!("{metadata:#}")));
    }
    body.push_str("</main>\n<footer><a href=\"/\">All apps</a></footer>\n");
    Page { title: format!("{} \u{b7} {}", app.name(), catalog.host_name()), body }
}

/// What there is to say in a word or two each; what is empty is left out.
fn facts(catalog: &Catalog, entry: Entry<'_>) -> String {
    let app = entry.app;
    let slugs = |apps: &mut dyn Iterator<Item = AppId>| list(apps.map(|app| catalog.slug(app)));
    let facts = [
        ("Slug", format!("<code>{}</code>", Escaped(app.slug()))),
        ("Also", list(app.aliases())),
        ("Publisher", Escaped(app.publisher()).to_string()),
        ("Categories", list(app.categories())),
        ("Requires", slugs(&mut app.requires())),
        ("Uses", slugs(&mut app.uses())),
        ("State", StateTag(entry).to_string()),
    ];
    let mut list = "<dl>\n".to_owned();
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(list, "<dt>{name}</dt><dd>{value}</dd>");
    }
    list + "</dl>\n"
}

fn list<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    texts.map(|text| Escaped(text).to_string()).collect::<Vec<_>>().join(", ")
}

fn routes(entry: Entry<'_>) -> String {
    let mut rows = String::new();
    for route in entry.app.routes() {
        let methods = methods(route.methods());
        let _ = writeln!(rows, "<tr><td><code>{}</code></td><td>{methods}</td></tr>", Escaped(route.pattern()));
    }
    if rows.is_empty() { rows } else { format!("<h2>Routes</h2>\n<table>\n{rows}</table>\n") }
}

fn methods(methods: Methods) -> String {
    if methods == Methods::ALL {
        return "all methods".to_owned();
    }
    methods.iter().map(Method::name).collect::<Vec<_>>().join(" ")
}
