//! What the workspace depends on and what it publishes: `deny.toml` held against what cargo resolved, and the metadata of the
//! packages that others may depend on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

/// The packages that are published, with their folders.
const PUBLISHED: [(&str, &str); 7] = [
    ("bakehouse", "cli"),
    ("bakehouse-codegen", "codegen"),
    ("bakehouse-host", "host"),
    ("bakehouse-macros", "macros"),
    ("bakehouse-manifest", "manifest"),
    ("bakehouse-runtime", "runtime"),
    ("bakehouse-sdk", "sdk"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every package that the lock file has, as cargo tells it.
fn packages() -> Vec<Value> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["metadata", "--locked", "--format-version", "1"]).current_dir(root());
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    metadata["packages"].as_array().expect("there are packages").clone()
}

/// The texts of a list in `deny.toml`; of a table in it, its `crate`.
fn listed(section: &str, key: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("deny.toml")).expect("there is a deny.toml");
    let document = DeTable::parse(&text).expect("it is TOML");
    let list = document.get_ref().get(section).and_then(|it| it.get_ref().get(key)).expect("it has the list");
    let DeValue::Array(items) = list.get_ref() else { panic!("`{key}` is a list") };
    let text_of =
        |item: &DeValue<'_>| item.as_str().or_else(|| item.get("crate")?.get_ref().as_str()).map(str::to_owned);
    items.iter().map(|item| text_of(item.get_ref()).expect("a text")).collect()
}

/// Whether an SPDX expression can be kept to with these licenses alone. A slash is an old way to write `OR`.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    any_of(&mut words, allowed)
}

type Words<'w> = std::iter::Peekable<std::str::SplitWhitespace<'w>>;

fn any_of(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    let mut is_any = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        is_any |= all_of(words, allowed);
    }
    is_any
}

fn all_of(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    let mut are_all = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        are_all &= one(words, allowed);
    }
    are_all
}

fn one(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    let word = words.next().expect("a license");
    if word == "(" {
        let inner = any_of(words, allowed);
        assert_eq!(words.next(), Some(")"));
        return inner;
    }
    // An exception allows more than the license that it is of, but is another text.
    let exception = words.next_if_eq(&"WITH").and_then(|_| words.next());
    exception.is_none() && allowed.contains(word)
}

#[test]
fn expressions_of_licenses() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "ISC".to_owned()]);
    let cases = [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("Unlicense/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR Apache-2.0) AND ISC", true),
        ("(GPL-3.0 OR Apache-2.0) AND ISC", false),
        ("Apache-2.0 WITH LLVM-exception OR MIT", true),
        ("MIT WITH Something", false),
        ("GPL-3.0 OR MIT AND ISC", true),
    ];
    for (expression, expected) in cases {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
}

#[test]
fn licenses_are_those_that_are_allowed() {
    let allowed = listed("licenses", "allow");
    for package in packages() {
        let license = package["license"].as_str().unwrap_or_default();
        assert!(!license.is_empty() && is_allowed(license, &allowed), "{}: `{license}`", package["name"]);
    }
}

#[test]
fn there_is_one_version_of_each_crate_but_for_those_that_are_skipped() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages() {
        let text = |key: &str| package[key].as_str().expect("a text").to_owned();
        versions.entry(text("name")).or_default().insert(text("version"));
    }
    let skipped = listed("bans", "skip");
    let is_skipped = |name: &str, version: &str| {
        let begins =
            |(known, wanted): (&str, &str)| known == name && format!("{version}.").starts_with(&format!("{wanted}."));
        skipped.iter().any(|skipped| skipped.split_once('@').is_some_and(begins))
    };
    for (name, versions) in versions {
        let counted: Vec<_> = versions.iter().filter(|version| !is_skipped(&name, version)).collect();
        assert_eq!(counted.len(), 1, "{name}: {versions:?}");
    }
}

#[test]
fn everything_comes_from_the_registry_or_from_here() {
    for package in packages() {
        let source = package["source"].as_str();
        let is_known = source.is_none_or(|source| source == "registry+https://github.com/rust-lang/crates.io-index");
        assert!(is_known, "{}: {source:?}", package["name"]);
    }
}

#[test]
fn what_is_published_says_what_it_is() {
    let packages = packages();
    let is_published = |package: &&Value| package["source"].is_null() && package["publish"].is_null();
    let names: BTreeSet<_> =
        packages.iter().filter(is_published).filter_map(|package| package["name"].as_str()).collect();
    assert_eq!(names, PUBLISHED.iter().map(|(name, _)| *name).collect());
    for package in packages.iter().filter(is_published) {
        for key in ["description", "license", "readme", "rust_version"] {
            assert!(package[key].as_str().is_some_and(|text| !text.is_empty()), "{}: `{key}`", package["name"]);
        }
        assert!((1..=5).contains(&package["keywords"].as_array().map_or(0, Vec::len)), "{}", package["name"]);
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            // Cargo leaves out what only tests need and has no version.
            let is_for_tests = dependency["kind"] == "dev";
            assert!(is_for_tests || dependency["req"] != "*", "{}: {}", package["name"], dependency["name"]);
        }
    }
    let license = fs::read_to_string(root().join("LICENSE")).expect("there is a license");
    for (name, folder) in PUBLISHED {
        let copy = fs::read_to_string(root().join(folder).join("LICENSE")).expect("each package has the license");
        assert!(copy == license, "{name}");
    }
}
