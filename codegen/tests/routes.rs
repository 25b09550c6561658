//! The route index: in a host with routes of every kind, each is found by paths made from its pattern.

use std::fmt::Write as _;
use std::fs;

use bakehouse_codegen::{Options, compile};
use bakehouse_runtime::find::Found;
use bakehouse_runtime::table::RouteRecord;
use bakehouse_runtime::table::layout::SAMPLE_OFFSET;
use bakehouse_runtime::{Method, Table};

/// What each app serves, and under which methods.
const PATTERNS: &[(&str, &[&str])] = &[
    ("/$slug", &[]),
    ("/$slug/Upper/Case", &[]),
    ("/$slug/behind/", &["GET"]),
    ("/$slug/behind/", &["POST", "PUT"]),
    ("/$slug/{{braces}}", &[]),
    ("/$slug/{id}", &["GET"]),
    ("/$slug/{other}", &["DELETE"]),
    ("/$slug/{id}/", &["PUT"]),
    ("/$slug/{id}/{{{name}}}/end", &[]),
    ("/$slug/v{major}.{minor}", &[]),
    ("/$slug/{name}:cancel", &["POST"]),
    ("/$slug/files/{base}...{head}", &[]),
    ("/{org}/$slug", &[]),
    ("/{org}/{team}/of-$slug", &[]),
    ("/api/{version}/$slug/{*rest}", &[]),
    ("/of-all/$slug-{part}", &[]),
    ("/of-all/{part}-$slug", &[]),
    ("/static/$slug/{*path}", &[]),
    ("/a/path/longer/than/what/is/noted/of/its/slashes/at/once/$slug/{deep}/{deeper}/end", &[]),
    ("/a/literal/path/longer/than/what/is/noted/of/its/slashes/at/once/of/$slug", &[]),
];

/// So many that the perfect hashes have buckets.
const N_APPS: usize = 24;

fn table(routes: &str) -> Vec<u8> {
    let mut files = vec![("apps.manifest.toml".to_owned(), format!("[host]\nname = \"mixed\"\n[routes]\n{routes}"))];
    for number in 0..N_APPS {
        let mut app = format!("slug = \"app{number}\"\n");
        for (pattern, methods) in PATTERNS {
            write!(app, "[[route]]\npath = \"{pattern}\"\nyields = true\n").expect("a string takes all");
            if !methods.is_empty() {
                writeln!(app, "methods = {methods:?}").expect("a string takes all");
            }
        }
        files.push((format!("apps/app{number}/app.toml"), app));
    }
    bake(&files)
}

/// A path that a pattern matches: each param takes `filler`, and a catch-all a segment more.
fn path(pattern: &str, filler: &str) -> String {
    let mut path = String::new();
    let mut left = pattern;
    while let Some(c) = left.chars().next() {
        left = &left[c.len_utf8()..];
        match c {
            '{' | '}' if left.starts_with(c) => {
                path.push(c);
                left = &left[1..];
            }
            '{' => {
                let (name, behind) = left.split_once('}').expect("a param ends");
                path.push_str(filler);
                path.push_str(if name.starts_with('*') { "/more" } else { "" });
                left = behind;
            }
            _ => path.push(c),
        }
    }
    path
}

/// That the route is among those that match the path, and each method goes to the first that serves it.
fn assert_found(table: Table<'_>, route: RouteRecord<'_>, path: &str) {
    let candidates = table.candidates(path.as_bytes());
    assert!(candidates.iter().any(|it| it.id() == route.id()), "{route:?} at {path}: {candidates:?}");
    assert!(table.probes(path.as_bytes()) <= table.probe_bound(), "{path}");
    for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
        let expected = candidates.iter().find(|it| it.methods().contains(method)).map(|it| it.id());
        let found = match table.find(method, path.as_bytes()) {
            Found::Match(found) => Some(found.route().id()),
            _ => None,
        };
        assert_eq!(found, expected, "{} {path}", method.name());
    }
}

#[test]
fn every_route_is_found_by_paths_made_from_its_pattern() {
    let fillers = ["1", "x-y.z", "eight.by", "a segment of sixteen bytes or more", "%2F\u{fc}", "app0", "...."];
    for (rules, ignores_case) in
        [("", false), ("case = \"insensitive\"", true), ("trailing-slash = \"ignore\"\nprefix = \"/hub\"", false)]
    {
        let bytes = table(rules);
        let table = Table::parse(&bytes).expect("what is baked is a table");
        assert_eq!(table.n_routes(), N_APPS * PATTERNS.len());
        for route in table.routes() {
            for filler in fillers {
                let path = path(route.pattern(), filler);
                assert_found(table, route, &path);
                if ignores_case {
                    assert_found(table, route, &path.to_ascii_uppercase());
                    assert_found(table, route, &path.to_ascii_lowercase());
                }
            }
        }
    }
}

/// Paths of this length that differ in a few bytes at one of these places.
fn paths_that_differ_at(places: &[usize], len: usize) -> Vec<String> {
    let path = |place: usize, number: usize| {
        let mut path = format!("/{}", "a".repeat(len - 1));
        path.replace_range(place..place + 3, &format!("{number:03}"));
        path
    };
    places.iter().flat_map(|place| (0..20).map(move |number| path(*place, number))).collect()
}

/// Whatever of the paths their hash is made of: one place, three, or all of their bytes.
#[test]
fn a_literal_path_is_told_from_those_that_differ_in_a_byte() {
    for (places, len, n_places) in [
        (vec![45], 50, 1),
        (vec![21], 50, 1),
        (vec![5, 21, 33], 50, 3),
        (vec![5, 14, 21, 33], 50, 0),
        (vec![300], 400, 0),
    ] {
        let paths = paths_that_differ_at(&places, len);
        let bytes = table_of(&paths);
        assert_eq!(bytes[SAMPLE_OFFSET + 3], n_places, "{places:?}");
        let table = Table::parse(&bytes).expect("what is baked is a table");
        for path in &paths {
            let found = table.find(Method::GET, path.as_bytes());
            assert!(matches!(found, Found::Match(found) if found.route().pattern() == path), "{path}: {found:?}");
            for at in 1..len {
                let mut other = path.clone().into_bytes();
                other[at] ^= 0x40;
                assert_eq!(table.find(Method::GET, &other), Found::Nothing, "{path} but for byte {at}");
            }
        }
    }
}

/// The table of one app with these routes.
fn table_of(paths: &[String]) -> Vec<u8> {
    let routes = paths.iter().fold(String::new(), |routes, path| routes + &format!("[[route]]\npath = \"{path}\"\n"));
    let files = [
        ("apps.manifest.toml", "[host]\nname = \"one\"\n".to_owned()),
        ("apps/one/app.toml", format!("slug = \"one\"\n{routes}")),
    ];
    bake(&files.map(|(path, text)| (path.to_owned(), text)))
}

fn bake(files: &[(String, String)]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("it can be written to");
        fs::write(path, text).expect("it can be written to");
    }
    let compilation = compile(&folder.path().join("apps.manifest.toml"), &Options::default());
    compilation.baked.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics.first())).table
}
