//! Where the rules agree, the table answers as matchit does; and on real APIs it answers what their list says.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use bakehouse_codegen::{Options, compile};
use bakehouse_oracle::find::Rules;
use bakehouse_oracle::host::{App, WrittenRoute, bake, told};
use bakehouse_oracle::pattern::Params;
use bakehouse_runtime::find::Found;
use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::{Method, Methods, Table};

#[test]
fn the_routes_of_github_are_found_as_matchit_finds_them() {
    let Some(file) = corpus("routes/github_matchit.txt") else { return };
    let text = fs::read_to_string(file).unwrap();
    let patterns: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let mut peer = matchit::Router::new();
    for pattern in &patterns {
        peer.insert(*pattern, *pattern).unwrap();
    }
    let bytes = bake_routes(&patterns);
    let table = Table::parse(&bytes).unwrap();
    let paths: Vec<String> = patterns.iter().flat_map(|pattern| paths(pattern)).collect();
    let mut n_found = 0;
    for path in &paths {
        let expected = peer.at(path).ok().map(|found| {
            let params = found.params.iter().map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()));
            ((*found.value).to_owned(), params.collect::<Params>())
        });
        n_found += usize::from(expected.is_some());
        assert_eq!(find(table, path), expected, "{path}");
    }
    assert!(n_found >= patterns.len() && n_found < paths.len(), "{n_found} of {}", paths.len());
}

#[test]
fn every_route_of_the_real_apis_is_found() {
    let Some(materialize) = corpus("openapi/materialize") else { return };
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new(materialize).arg(folder.path()).output().unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    let compilation = compile(&folder.path().join("apps.manifest.toml"), &Options::default());
    let baked = compilation.baked.as_ref().unwrap_or_else(|| panic!("{}", told(&compilation)));
    let table = Table::parse(&baked.table).unwrap();
    let probes = fs::read_to_string(folder.path().join("probes.tsv")).unwrap();
    for probe in probes.lines() {
        let [path, app, pattern] = probe.split('\t').collect::<Vec<_>>()[..] else { panic!("{probe}") };
        let found = table.find(Method::GET, path.as_bytes());
        let Found::Match(found) = found else { panic!("{probe}: {found:?}") };
        assert_eq!((found.app().slug(), found.route().pattern()), (app, pattern), "{path}");
    }
    assert!(probes.lines().count() > 30_000);
}

/// A file of the corpora, which lie beside the repository. Without it a test is skipped, but not in CI.
fn corpus(path: &str) -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora").join(path);
    if file.exists() {
        return Some(file);
    }
    assert!(env::var_os("CI").is_none(), "{} is not there", file.display());
    println!("skipped: {} is not there", file.display());
    None
}

fn bake_routes(patterns: &[&str]) -> Vec<u8> {
    let written = |pattern: &&str| WrittenRoute {
        path: (*pattern).to_owned(),
        methods: Methods::ALL,
        overrides: Vec::new(),
        yields: false,
    };
    let app = App { slug: "github".to_owned(), routes: patterns.iter().map(written).collect() };
    let rules = Rules { ignore_case: false, slash: TrailingSlash::Strict };
    let compilation = bake(rules, &[app]).unwrap();
    compilation.baked.as_ref().unwrap_or_else(|| panic!("{}", told(&compilation))).table.clone()
}

/// Paths that the pattern matches, and some that it does not.
fn paths(pattern: &str) -> Vec<String> {
    let filled = |value: &str| {
        let fill = |segment: &str| if segment.starts_with('{') { value.to_owned() } else { segment.to_owned() };
        pattern.split('/').map(fill).collect::<Vec<_>>().join("/")
    };
    let path = filled("value");
    let shorter = path.rsplit_once('/').map(|(shorter, _)| shorter.to_owned()).unwrap_or_default();
    vec![filled("%2F"), filled("repos"), filled("user"), format!("{path}/"), format!("{path}x"), shorter, path]
}

fn find(table: Table<'_>, path: &str) -> Option<(String, Params)> {
    let Found::Match(found) = table.find(Method::GET, path.as_bytes()) else { return None };
    let params = found.params().map(|(name, param)| (name.to_owned(), param.raw().to_vec()));
    Some((found.route().pattern().to_owned(), params.collect()))
}
