//! Every key of the native formats, read as it is written and with the place it stands at.

use bakehouse_manifest::native::{parse_app, parse_host};
use bakehouse_manifest::{AppManifest, Case, Dialect, HostManifest, Mode, Span, Spanned, TrailingSlash};

const HOST: &str = r#"
[host]
name = "store"
root = "apps"
apps = ["*", "templates/*"]
exclude = ["_*"]
core = ["zoom"]
dialect = "calcom"
manifest-names = ["config.json"]

[routes]
prefix = "/v1"
each = ["/apps/$slug"]
trailing-slash = "redirect"
case = "insensitive"

[assets]
public = "public"
mount = "app-assets/$slug"
mode = "hardlink"
fold = false
each = [{ from = "locales", to = "locales/$slug" }]

[select]
zebra = ["@core", "zoom"]
ant = []

[check]
deny = ["missing-file"]
allow = ["no-manifest"]
"#;

const APP: &str = r#"
slug = "zoom"
name = "Zoom"
aliases = ["zoomvideo", 'zoom_video']
description = "Video meetings"
publisher = "Bakehouse"
categories = ["conferencing"]
requires = ["oauth"]
uses = ["google-calendar"]
entry = "zoom::app"
enabled = true

[[route]]
path = "/zoom/{*rest}"
methods = ["GET", "POST"]
preload = ["google-meet"]
overrides = ["meet"]
yields = true

[[route]]
path = "/z"

[[assets]]
from = "static"
to = "app-assets/zoom"
critical = ["icon.svg"]
lazy = true
mode = "copy"

[[assets]]
from = "extra"

[metadata]
url = "https://zoom.example"
"#;

fn host(text: &str) -> HostManifest {
    let (manifest, problems) = parse_host(text);
    assert_eq!(problems, [], "{text}");
    manifest
}

fn app(text: &str) -> AppManifest {
    let (manifest, problems) = parse_app(text);
    assert_eq!(problems, [], "{text}");
    manifest
}

fn at(text: &str, span: Span) -> &str {
    text.get(span.start..span.end).expect("a span lies in its text")
}

fn values<T: Clone>(items: &[Spanned<T>]) -> Vec<T> {
    items.iter().map(|it| it.value.clone()).collect()
}

fn value<T: Clone>(item: Option<&Spanned<T>>) -> Option<T> {
    item.map(|it| it.value.clone())
}

#[test]
fn host_section_has_every_key() {
    let host = host(HOST).host;
    assert_eq!(value(host.name.as_ref()).as_deref(), Some("store"));
    assert_eq!(value(host.root.as_ref()).as_deref(), Some("apps"));
    assert_eq!(host.apps.as_deref().map(values), Some(vec!["*".into(), "templates/*".into()]));
    assert_eq!(host.exclude.as_deref().map(values), Some(vec!["_*".to_owned()]));
    assert_eq!(values(&host.core), ["zoom"]);
    assert_eq!(value(host.dialect.as_ref()), Some(Dialect::Calcom));
    assert_eq!(host.manifest_names.as_deref().map(values), Some(vec!["config.json".into()]));
}

#[test]
fn routes_section_has_every_key() {
    let routes = host(HOST).routes;
    assert_eq!(value(routes.prefix.as_ref()).as_deref(), Some("/v1"));
    assert_eq!(values(&routes.each), ["/apps/$slug"]);
    assert_eq!(routes.trailing_slash, TrailingSlash::Redirect);
    assert_eq!(routes.case, Case::Insensitive);
}

#[test]
fn assets_section_has_every_key() {
    let assets = host(HOST).assets;
    assert_eq!(value(assets.public.as_ref()).as_deref(), Some("public"));
    assert_eq!(value(assets.mount.as_ref()).as_deref(), Some("app-assets/$slug"));
    assert_eq!(value(assets.mode.as_ref()), Some(Mode::Hardlink));
    assert_eq!(value(assets.fold.as_ref()), Some(false));
    let [each] = assets.each.as_slice() else { panic!("one set, but got {:?}", assets.each) };
    assert_eq!((each.from.as_str(), value(each.to.as_ref()).as_deref()), ("locales", Some("locales/$slug")));
    assert_eq!(at(HOST, each.span), r#"{ from = "locales", to = "locales/$slug" }"#);
}

#[test]
fn check_section_has_every_key() {
    let check = host(HOST).check;
    assert_eq!((values(&check.deny), values(&check.allow)), (vec!["missing-file".into()], vec!["no-manifest".into()]));
}

#[test]
fn selections_keep_the_order_of_the_file() {
    let select = host(HOST).select;
    let names: Vec<_> = select.iter().map(|it| (it.name.as_str(), values(&it.apps))).collect();
    assert_eq!(names, [("zebra", vec!["@core".to_owned(), "zoom".to_owned()]), ("ant", vec![])]);
    assert_eq!(at(HOST, select[0].name.span), "zebra");
}

#[test]
fn app_has_every_key() {
    let app = app(APP);
    assert_eq!(value(app.slug.as_ref()).as_deref(), Some("zoom"));
    assert_eq!(value(app.name.as_ref()).as_deref(), Some("Zoom"));
    assert_eq!(values(&app.aliases), ["zoomvideo", "zoom_video"]);
    assert_eq!(value(app.description.as_ref()).as_deref(), Some("Video meetings"));
    assert_eq!(value(app.publisher.as_ref()).as_deref(), Some("Bakehouse"));
    assert_eq!(values(&app.categories), ["conferencing"]);
    assert_eq!(values(&app.requires), ["oauth"]);
    assert_eq!(values(&app.uses), ["google-calendar"]);
    assert_eq!(value(app.entry.as_ref()).as_deref(), Some("zoom::app"));
    assert_eq!(value(app.enabled.as_ref()), Some(true));
    assert_eq!(app.metadata.0, r#"{"url":"https://zoom.example"}"#);
    assert_eq!((app.references, app.tolerated), (vec![], vec![]));
}

#[test]
fn routes_have_every_key() {
    let app = app(APP);
    let [first, second] = app.routes.as_slice() else { panic!("two routes, but got {:?}", app.routes) };
    assert_eq!(first.path.as_str(), "/zoom/{*rest}");
    assert_eq!(first.methods.as_deref().map(values), Some(vec!["GET".into(), "POST".into()]));
    assert_eq!(values(&first.preload), ["google-meet"]);
    assert_eq!(values(&first.overrides), ["meet"]);
    assert!(first.yields);
    assert_eq!((second.path.as_str(), &second.methods, second.yields), ("/z", &None, false));
}

#[test]
fn asset_sets_have_every_key() {
    let app = app(APP);
    let [first, second] = app.assets.as_slice() else { panic!("two sets, but got {:?}", app.assets) };
    assert_eq!((first.from.as_str(), value(first.to.as_ref()).as_deref()), ("static", Some("app-assets/zoom")));
    assert_eq!(values(&first.critical), ["icon.svg"]);
    assert!(first.lazy);
    assert_eq!(value(first.mode.as_ref()), Some(Mode::Copy));
    assert_eq!((second.from.as_str(), &second.to, second.lazy, &second.mode), ("extra", &None, false, &None));
}

#[test]
fn every_choice_has_its_word() {
    let mode = |word: &str| value(host(&format!("assets.mode = \"{word}\"")).assets.mode.as_ref());
    assert_eq!(
        ["auto", "symlink", "hardlink", "copy"].map(mode),
        [Some(Mode::Auto), Some(Mode::Symlink), Some(Mode::Hardlink), Some(Mode::Copy)]
    );
    let slash = |word: &str| host(&format!("routes.trailing-slash = \"{word}\"")).routes.trailing_slash;
    assert_eq!(
        ["strict", "ignore", "redirect"].map(slash),
        [TrailingSlash::Strict, TrailingSlash::Ignore, TrailingSlash::Redirect]
    );
    let case = |word: &str| host(&format!("routes.case = \"{word}\"")).routes.case;
    assert_eq!(["sensitive", "insensitive"].map(case), [Case::Sensitive, Case::Insensitive]);
    let dialect = |word: &str| value(host(&format!("host.dialect = \"{word}\"")).host.dialect.as_ref());
    assert_eq!(["native", "calcom"].map(dialect), [Some(Dialect::Native), Some(Dialect::Calcom)]);
}

#[test]
fn an_empty_file_is_a_manifest_without_values() {
    for text in ["", "\u{feff}", "\n\r\n", "# nothing\n"] {
        assert_eq!(host(text), HostManifest::default(), "{text:?}");
        assert_eq!(app(text), AppManifest::default(), "{text:?}");
    }
}

#[test]
fn every_spelling_of_a_table_is_the_same() {
    let cases = [
        "[[route]]\npath = \"/a\"\n[[route]]\npath = \"/b\"",
        "route = [{ path = \"/a\" }, { path = \"/b\" }]",
        "[[ route ]]\n\"path\" = '/a'\n[[route]]\npath = \"\"\"/b\"\"\"",
    ];
    for text in cases {
        let paths: Vec<_> = app(text).routes.into_iter().map(|route| route.path.value).collect();
        assert_eq!(paths, ["/a", "/b"], "{text}");
    }
}

#[test]
fn spans_cover_what_they_say() {
    let cases = ["\n", "\r\n"].map(|newline| {
        let lines =
            ["\u{feff}# Süßigkeiten", "slug = \"zoom\"", "name = 'Zöm 会'", "", "[[ route ]]", "path = \"\\u0041\""];
        lines.join(newline)
    });
    for text in &cases {
        let app = app(text);
        assert_eq!(at(text, app.slug.expect("a slug").span), "\"zoom\"");
        assert_eq!(at(text, app.name.expect("a name").span), "'Zöm 会'");
        assert_eq!(app.routes[0].path.value, "A");
        assert_eq!(at(text, app.routes[0].path.span), "\"\\u0041\"");
        assert_eq!(at(text, app.routes[0].span), "[[ route ]]");
    }
}

#[test]
fn metadata_becomes_json_in_the_order_of_the_file() {
    let cases = [
        ("z = 1\na = 2", r#"{"z":1,"a":2}"#),
        ("a = [1, \"x\", [true, {}], {b = false}]", r#"{"a":[1,"x",[true,{}],{"b":false}]}"#),
        ("[metadata.z]\nb.c = 1\nb.a = 2\n[metadata.a]", r#"{"z":{"b":{"c":1,"a":2}},"a":{}}"#),
        ("[[metadata.list]]\nx = 1\n[[metadata.list]]\ny = 2", r#"{"list":[{"x":1},{"y":2}]}"#),
        ("a = 0x1F\nb = 0o17\nc = 0b101\nd = +1_000\ne = -0", r#"{"a":31,"b":15,"c":5,"d":1000,"e":0}"#),
        ("a = +1.50\nb = -2e+03\nc = 1_0.0_1\nd = 6.0E-5", r#"{"a":1.50,"b":-2e+03,"c":10.01,"d":6.0E-5}"#),
        ("a = -9223372036854775808", r#"{"a":-9223372036854775808}"#),
        ("a = 1979-05-27T07:32:00Z\nb = 1979-05-27", r#"{"a":"1979-05-27T07:32:00Z","b":"1979-05-27"}"#),
        ("\"ключ \\\"\" = \"a\\\\\\n\\t\\u0001é\"", "{\"ключ \\\"\":\"a\\\\\\n\\t\\u0001é\"}"),
    ];
    for (text, expected) in cases {
        let text = format!("[metadata]\n{text}\n");
        let json = app(&text).metadata.0;
        assert_eq!(json, expected, "{text}");
        serde_json::from_str::<serde_json::Value>(&json).expect("metadata is JSON");
    }
}

#[test]
fn the_dialects_name_their_files() {
    assert_eq!(Dialect::Native.manifest_names(), ["app.toml"]);
    assert_eq!(Dialect::Calcom.manifest_names(), ["config.json"]);
}
