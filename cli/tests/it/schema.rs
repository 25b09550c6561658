//! `schema`: what editors are told of the manifests is what their reader knows, key by key, and takes and refuses the same files.

mod validate;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bakehouse_manifest::Problem;
use bakehouse_manifest::native::{parse_app, parse_host};
use serde_json::{Value, json};

use self::validate::{Keyword, json_of, validate};
use crate::common::Host;

type Parse = fn(&str) -> Vec<Problem>;

/// The manifests, by the name of their schema.
const MANIFESTS: [(&str, Parse); 2] = [("host", |text| parse_host(text).1), ("app", |text| parse_app(text).1)];

/// A name that is near no key and no value.
const NONE: &str = "zzzzzzzzzzzzzzzzzzzz";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn schema(name: &str) -> Value {
    Host::new(&[]).run(&["schema", name]).json()
}

/// The names in backticks in a help.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The help of the only problem that a text has.
fn only(problems: &[Problem], code: &str) -> Problem {
    let [problem] = problems else { panic!("{problems:?}") };
    assert_eq!(problem.code, code, "{problem:?}");
    problem.clone()
}

/// Holds the keys of a table against those that the reader takes; `text_of` writes a manifest with a line in that table.
fn check_keys(table: &Value, parse: Parse, text_of: &dyn Fn(&str) -> String) {
    let keys = table["properties"].as_object().expect("a table has keys");
    let unknown = only(&parse(&text_of(&format!("{NONE} = 1"))), "unknown-key");
    assert_eq!(quoted(&unknown.help), keys.keys().cloned().collect(), "{}", text_of(""));
    assert_eq!(table["additionalProperties"], false, "{}", text_of(""));
    for (key, schema) in keys {
        assert!(schema["description"].as_str().is_some_and(|text| !text.is_empty()), "{key}");
        let wrong = only(&parse(&text_of(&format!("{key} = 1"))), "wrong-type");
        let kind = match schema["type"].as_str().expect("a type") {
            "string" => "a string",
            "boolean" => "`true` or `false`",
            "object" => "a table",
            "array" if schema["items"]["type"] == "object" => "a list of tables",
            "array" => "a list of strings",
            other => panic!("{other}"),
        };
        assert_eq!(wrong.message, format!("`{key}` must be {kind}, but was a number"));
        if schema["type"] == "string" {
            check_values(key, schema, &parse(&text_of(&format!("{key} = \"{NONE}\""))));
        }
        if let Some(default) = schema.get("default") {
            assert_eq!(validate(schema, default), [], "{key}");
        }
    }
}

/// Holds the values of a key against those that the reader named when it found another.
fn check_values(key: &str, schema: &Value, problems: &[Problem]) {
    match schema["enum"].as_array() {
        None => assert_eq!(problems, [], "{key}"),
        Some(values) => {
            let values = values.iter().map(|value| value.as_str().expect("a text").to_owned()).collect();
            assert_eq!(quoted(&only(problems, "unknown-value").help), values, "{key}");
        }
    }
}

/// What a table must have comes first, unless the line says it.
fn with(needed: &str, header: &str, line: &str) -> String {
    let key = needed.split(' ').next().unwrap_or_default();
    let needed = if line.split(' ').next() == Some(key) { "" } else { needed };
    format!("{header}\n{needed}\n{line}\n")
}

#[test]
fn the_schemas_have_the_keys_types_and_values_of_the_reader() {
    let [(_, host), (_, app)] = MANIFESTS;
    let of_host = schema("host");
    check_keys(&of_host, host, &str::to_owned);
    for name in ["host", "routes", "assets"] {
        check_keys(&of_host["properties"][name], host, &|line| format!("[{name}]\n{line}\n"));
    }
    let each = &of_host["properties"]["assets"]["properties"]["each"]["items"];
    check_keys(each, host, &|line| with("from = \"a\"", "[[assets.each]]", line));
    let of_app = schema("app");
    check_keys(&of_app, app, &str::to_owned);
    check_keys(&of_app["properties"]["route"]["items"], app, &|line| with("path = \"/a\"", "[[route]]", line));
    check_keys(&of_app["properties"]["assets"]["items"], app, &|line| with("from = \"a\"", "[[assets]]", line));
}

#[test]
fn what_a_table_must_have_is_what_the_reader_misses() {
    let (host, app) = (schema("host"), schema("app"));
    let each = &host["properties"]["assets"]["properties"]["each"]["items"];
    let cases = [
        (each, MANIFESTS[0].1, "[[assets.each]]"),
        (&app["properties"]["route"]["items"], MANIFESTS[1].1, "[[route]]"),
        (&app["properties"]["assets"]["items"], MANIFESTS[1].1, "[[assets]]"),
    ];
    for (table, parse, text) in cases {
        let missing = only(&parse(text), "missing-key").message;
        let required = table["required"][0].as_str().expect("a key");
        assert!(missing.starts_with(&format!("missing key `{required}` in")), "{missing}");
    }
    for name in ["host", "routes", "assets"] {
        assert_eq!(host["properties"][name]["required"], json!([]), "{name}");
    }
    // That is a rule for manifests together: a foreign one takes its slug from elsewhere.
    assert_eq!((&host["required"], &app["required"]), (&json!([]), &json!(["slug"])));
}

/// The native manifests below a folder, each with the name of its schema.
fn manifests(folder: &str) -> Vec<(PathBuf, usize)> {
    let (mut open, mut found) = (vec![repository().join(folder)], Vec::new());
    while let Some(path) = open.pop() {
        match path.file_name().and_then(|name| name.to_str()) {
            _ if path.is_dir() => {
                let entries = fs::read_dir(&path).expect("a folder can be read");
                open.extend(entries.map(|entry| entry.expect("an entry can be read").path()));
            }
            Some("apps.manifest.toml") => found.push((path, 0)),
            Some("app.toml") => found.push((path, 1)),
            _ => {}
        }
    }
    assert!(!found.is_empty(), "{folder}");
    found
}

#[test]
fn manifests_that_are_right_are_valid() {
    let schemas = MANIFESTS.map(|(name, _)| schema(name));
    let mut files = vec![(repository().join("apps.manifest.toml"), 0)];
    files.extend(["apps", "codegen/tests/emit", "tests/hosts"].into_iter().flat_map(manifests));
    // What a host excludes need not be a manifest.
    let is_read = |path: &Path| !path.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"_"));
    for (path, idx) in files.into_iter().filter(|(path, _)| is_read(path)) {
        let text = fs::read_to_string(&path).expect("a manifest can be read");
        let value = json_of(&text).unwrap_or_else(|| panic!("{} is TOML", path.display()));
        assert_eq!(validate(&schemas[idx], &value), [], "{}", path.display());
    }
}

#[test]
fn wrong_manifests_are_valid_only_where_the_reader_finds_nothing() {
    let schemas = MANIFESTS.map(|(name, _)| schema(name));
    let mut n_wrong = 0;
    for (path, idx) in manifests("codegen/tests/check") {
        let Some(text) = fs::read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok()) else { continue };
        let Some(value) = json_of(&text) else { continue };
        let problems = (MANIFESTS[idx].1)(&text);
        // What values may be, and which app needs a slug, is for later rules to say.
        let is_form = |keyword: &Keyword| matches!(keyword, Keyword::Type | Keyword::Key | Keyword::Required);
        let found: Vec<_> = validate(&schemas[idx], &value);
        // The reader takes any method and any code, and a later rule knows them.
        let is_open = |place: &str| place.contains("/methods/") || place.starts_with("/check/");
        let has_form = |(place, keyword): &(String, Keyword)| {
            is_form(keyword) && !place.is_empty() || *keyword == Keyword::Enum && !is_open(place)
        };
        assert_eq!(found.iter().any(has_form), !problems.is_empty(), "{}: {found:?} {problems:?}", path.display());
        n_wrong += usize::from(!problems.is_empty());
    }
    assert!(n_wrong >= 5, "{n_wrong} wrong manifests");
}

#[test]
fn values_that_no_app_can_have_are_not_valid() {
    let schema = schema("app");
    let cases = [
        ("slug = \"Zoom\"", "/slug", Keyword::Pattern),
        ("slug = \"a--b\"", "/slug", Keyword::Pattern),
        ("name = \"no slug\"", "", Keyword::Required),
        ("slug = \"a\"\naliases = [\"a b\"]", "/aliases/0", Keyword::Pattern),
        ("slug = \"a\"\n[[route]]\npath = \"a\"", "/route/0/path", Keyword::Pattern),
        ("slug = \"a\"\n[[route]]\npath = \"/\"\nmethods = [\"get\"]", "/route/0/methods/0", Keyword::Enum),
        ("slug = \"a\"\n[[assets]]\nfrom = \"x\"\nmode = \"soft\"", "/assets/0/mode", Keyword::Enum),
    ];
    for (text, place, keyword) in cases {
        assert_eq!(validate(&schema, &json_of(text).expect("TOML")), [(place.to_owned(), keyword)], "{text}");
    }
    let long = format!("slug = \"{}\"", "x".repeat(129));
    assert_eq!(validate(&schema, &json_of(&long).expect("TOML")), [("/slug".to_owned(), Keyword::MaxLength)]);
}

#[test]
fn the_schemas_in_the_book_are_current() {
    for (name, _) in MANIFESTS {
        let path = repository().join(format!("docs/schema/{name}.json"));
        let kept = fs::read_to_string(&path).unwrap_or_default();
        let printed = Host::new(&[]).run(&["schema", name]).stdout;
        assert!(kept == printed, "docs/schema/{name}.json is not what `bakehouse schema {name}` prints");
    }
}

#[test]
fn which_schema_has_to_be_said() {
    let host = Host::new(&[]);
    for (args, code) in [(&["schema"][..], 2), (&["schema", "store"], 2), (&["schema", "app", "--format", "json"], 0)] {
        assert_eq!(host.run(args).code, Some(code), "{args:?}");
    }
}
