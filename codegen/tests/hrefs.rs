//! References of apps to their own routes and assets, resolved by tables of hosts that decide otherwise where things go.

use std::fs;
use std::path::Path;

use bakehouse_codegen::{Options, compile};
use bakehouse_runtime::Table;
use bakehouse_runtime::href::{AppAsset, AppRoute, Href, HrefError};

const APP: &str = r#"
slug = "zoom"
aliases = ["zoomvideo"]

[[route]]
path = "/$name"

[[route]]
path = "/b"

[[route]]
path = "/api/b"

[[route]]
path = "/bookings/{id}"

[[assets]]
from = "static"

[[assets]]
from = "logo.svg"
"#;

/// The table of a host with that manifest and one app.
fn table(host: &str) -> Table<'static> {
    let folder = tempfile::tempdir().expect("makes a folder");
    write(folder.path(), "apps.manifest.toml", host);
    write(folder.path(), "apps/video/zoom/app.toml", APP);
    for file in ["static/icon.svg", "static/a b/100%.svg", "static/.hidden", "logo.svg"] {
        write(folder.path(), &format!("apps/video/zoom/{file}"), "<svg/>");
    }
    let compilation = compile(&folder.path().join("apps.manifest.toml"), &Options::default());
    let baked = compilation.baked.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
    Table::baked(baked.table.leak())
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("is in a folder")).expect("makes a folder");
    fs::write(path, text).expect("writes a file");
}

fn route(table: Table<'static>, pattern: &'static str) -> Result<Href, HrefError> {
    table.resolve("zoom").expect("has the app").href(&AppRoute::new(pattern, []))
}

fn asset(table: Table<'static>, source: &'static str) -> Result<Href, HrefError> {
    let asset = AppAsset::new("", source, "0123456789abcdef");
    table.resolve("zoom").expect("has the app").asset(asset)
}

const APPS: &str = "[host]\nname = \"h\"\napps = [\"*/*\"]\n";

#[test]
fn a_route_is_behind_the_prefix_of_its_host() {
    for (prefix, each) in
        [("", ""), ("/api", "/b/$slug"), ("/v1/$slug", "/{tenant}/b"), ("/$folder", ""), ("/a{{b}}", "/api/api/b")]
    {
        let each = if each.is_empty() { String::new() } else { format!("each = [\"{each}\"]\n") };
        let host = format!("{APPS}\n[routes]\nprefix = \"{prefix}\"\n{each}");
        let table = table(&host);
        let before =
            prefix.replace("$slug", "zoom").replace("$folder", "video/zoom").replace("{{", "{").replace("}}", "}");
        for own in ["/zoom", "/zoomvideo", "/b", "/api/b"] {
            assert_eq!(route(table, own).map(String::from), Ok(format!("{before}{own}")), "{prefix}");
        }
        let booking = AppRoute::new("/bookings/{id}", [("id", "a b".to_owned())]);
        let href = table.resolve("zoom").expect("has the app").href(&booking);
        assert_eq!(href.map(String::from), Ok(format!("{before}/bookings/a%20b")), "{prefix}");
        let error = route(table, "/bookings").expect_err("is no route");
        assert!(error.is_not_in_table(), "{error}");
    }
}

/// The app can't know the value, and there is no address without it.
#[test]
fn a_param_in_the_prefix_has_no_value() {
    let table = table(&format!("{APPS}\n[routes]\nprefix = \"/{{tenant}}\"\n"));
    let error = route(table, "/b").expect_err("lacks a value");
    assert_eq!(error.to_string(), "param `tenant` of `/{tenant}/b` has no value");
}

#[test]
fn an_asset_is_where_its_host_puts_it() {
    for (assets, mount) in [
        ("", "app-assets/zoom"),
        ("[assets]\nfold = false\n", "app-assets/zoom"),
        ("[assets]\nmount = \"x/$folder\"\nmode = \"copy\"\n", "x/video/zoom"),
    ] {
        let table = table(&format!("{APPS}\n{assets}"));
        for (source, place) in
            [("static/icon.svg", "icon.svg"), ("static/a b/100%.svg", "a%20b/100%25.svg"), ("logo.svg", "logo.svg")]
        {
            let expected = format!("/{mount}/{place}?v=0123456789abcdef");
            assert_eq!(asset(table, source).map(String::from), Ok(expected), "{assets}");
        }
        for source in ["static", "static/.hidden", "static/icon.svg/x", "static/icon", "app.toml"] {
            let error = asset(table, source).expect_err(source);
            assert!(error.is_not_in_table(), "{error}");
        }
    }
}
