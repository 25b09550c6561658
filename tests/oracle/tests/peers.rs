//! Where the rules agree, the table answers as matchit and wayfind do.
//!
//! They agree on literals, whole params, one param behind literal text and a catch-all at the end. They do not on these:
//! - matchit refuses a catch-all beside a param, and most of what has text around params at one place. What it refuses
//!   is left out of the table that it is compared with.
//! - wayfind's params take as much as they can, ours as little; where the text between two stands in a path once, that is
//!   the same. So is what a param before text takes, unless a param without it goes on beside it: that may take the text
//!   first. It has catch-alls in the middle, which we do not.
//! - Neither knows methods, other slashes or case, or bytes that are not UTF-8.

use std::fs;
use std::path::{Path, PathBuf};

use bakehouse_oracle::compare::answer;
use bakehouse_oracle::find::{Answer, Rules};
use bakehouse_oracle::generate::{Set, name_params};
use bakehouse_oracle::host::table_in;
use bakehouse_oracle::pattern::Params;
use bakehouse_oracle::property;
use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::{Method, Methods, Table};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

/// A pattern and what its params took.
type Served = Option<(String, Params)>;

/// How much was compared.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    patterns: usize,
    paths: usize,
    served: usize,
}

#[test]
fn the_routes_of_github_are_found_as_the_peers_find_them() {
    let Some(file) = corpus("github_matchit.txt") else { return };
    let text = fs::read_to_string(file).expect("the corpus can be read");
    let patterns: Vec<String> = text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let paths: Vec<String> = patterns.iter().flat_map(|pattern| near_paths(pattern)).collect();
    for compare in [with_matchit, with_wayfind] {
        let counts = compare(&patterns, &paths).unwrap_or_else(|difference| panic!("{difference}"));
        assert_eq!((counts.patterns, counts.paths), (patterns.len(), paths.len()));
        assert!((patterns.len() * 3..paths.len()).contains(&counts.served), "{counts:?}");
    }
}

#[test]
fn the_routes_of_gitlab_are_found_as_wayfind_finds_them() {
    let Some(file) = corpus("gitlab_wayfind.txt") else { return };
    let text = fs::read_to_string(file).expect("the corpus can be read");
    let patterns: Vec<String> = text
        .lines()
        .filter(|template| is_ours(template))
        .map(|line| line.replace('<', "{").replace('>', "}"))
        .collect();
    let paths: Vec<String> = patterns.iter().flat_map(|pattern| near_paths(pattern)).collect();
    let counts = with_wayfind(&patterns, &paths).unwrap_or_else(|difference| panic!("{difference}"));
    assert!(counts.patterns > 1_000 && counts.paths == paths.len(), "{counts:?}");
    assert!((paths.len() / 3..paths.len()).contains(&counts.served), "{counts:?}");
}

/// Whether a template of wayfind's means the same as a pattern: its params are whole segments, a catch-all the last.
fn is_ours(template: &str) -> bool {
    let (before, catch_all) = template.split_at(template.find("<*").unwrap_or(template.len()));
    let is_last = catch_all.is_empty() || catch_all.find('>') == Some(catch_all.len() - 1);
    is_last && before.split('/').all(|segment| segment.find('>').is_none_or(|at| at == segment.len() - 1))
}

#[test]
fn random_routes_are_found_as_matchit_finds_them() {
    check(with_matchit, &["a", "b", "ab", "abc", "v1", "v2", "x", "", "{}", "{}", "v{}", "ab{}"]);
}

#[test]
fn random_routes_are_found_as_wayfind_finds_them() {
    check(with_wayfind, &["a", "b", "ab", "abc", "v1", "v2", "x", "", "{}", "{}", "v{}", "ab{}"]);
}

#[test]
fn routes_with_text_behind_params_are_found_as_wayfind_finds_them() {
    check(with_wayfind, &["a", "b", "ab", "v1", "x", "", "{}.json", "{}:go", "v{}.json", "{}.{}.gz"]);
}

/// Compares random sets of routes of those segments.
#[track_caller]
fn check(compare: fn(&[String], &[String]) -> Result<Counts, String>, segments: &'static [&'static str]) {
    const PATHS: usize = 150;
    let patterns = subsequence(segments, 1..=8).prop_flat_map(|segments| {
        let ending = prop_oneof![4 => Just(""), 1 => Just("/{*}"), 1 => Just("/")];
        let text = (vec(select(segments), 1..=6), ending);
        vec(text.prop_map(|(segments, ending)| name_params(&format!("/{}{ending}", segments.join("/")), "p")), 1..=40)
    });
    let values = vec(select(&["a", "b", "ab", "abcd", "v", "v1", "v12", "value", "x", "%2F", "é", ""][..]), 3);
    let path = (any::<Index>(), values, select(&["", "", "/", "x", "/a", "/a/b"][..]));
    let total = std::cell::Cell::new(Counts::default());
    property(60, &(patterns, vec(path, PATHS)), |(patterns, paths)| {
        let path = |(at, values, ending): &(Index, Vec<&str>, &str)| {
            fill(&patterns[at.index(patterns.len())], values) + ending
        };
        let paths: Vec<String> = paths.iter().map(path).collect();
        let counts = compare(&patterns, &paths).map_err(TestCaseError::fail)?;
        let before = total.get();
        total.set(Counts {
            patterns: before.patterns + counts.patterns * 100 / patterns.len(),
            paths: before.paths + counts.paths,
            served: before.served + counts.served,
        });
        Ok(())
    });
    let Counts { patterns, paths, served } = total.get();
    // Of the patterns a good share is in the peer, and of the paths a good share is served.
    assert!(patterns * PATHS > paths * 30 && served * 4 > paths, "{:?}", total.get());
}

/// Compares matchit with a table of those patterns that matchit takes.
fn with_matchit(patterns: &[String], paths: &[String]) -> Result<Counts, String> {
    let mut peer = matchit::Router::new();
    let taken = patterns.iter().filter(|pattern| peer.insert(pattern.as_str(), (*pattern).clone()).is_ok());
    let taken: Vec<String> = taken.cloned().collect();
    compare(&taken, paths, |path| {
        let found = peer.at(path).ok()?;
        let params = found.params.iter().map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()));
        Some((found.value.clone(), params.collect()))
    })
}

/// Compares wayfind with a table of those patterns that wayfind takes.
fn with_wayfind(patterns: &[String], paths: &[String]) -> Result<Counts, String> {
    let mut peer = wayfind::RouterBuilder::new();
    let template = |pattern: &str| pattern.replace('{', "<").replace('}', ">");
    let taken = patterns.iter().filter(|pattern| peer.insert(&template(pattern), (*pattern).clone()).is_ok());
    let taken: Vec<String> = taken.cloned().collect();
    let peer = peer.build();
    compare(&taken, paths, |path| {
        let found = peer.search(path)?;
        let params = found.parameters().iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
        Some((found.data().clone(), params.collect()))
    })
}

fn compare(patterns: &[String], paths: &[String], ask: impl Fn(&str) -> Served) -> Result<Counts, String> {
    let rules = Rules { ignore_case: false, slash: TrailingSlash::Strict };
    let set = Set::new(rules, patterns.iter().map(|pattern| (pattern.clone(), Methods::ALL)));
    // A host's own paths are in no table.
    let is_host = |pattern: &str| ["/", "//", "/healthz", "/readyz", "/metrics"].contains(&pattern);
    let n_host = patterns.iter().filter(|pattern| is_host(pattern)).count();
    if set.routes.len() + n_host != patterns.len() {
        return Err(format!("the peer takes patterns that conflict: {patterns:#?}"));
    }
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let bytes = table_in(folder.path(), &set)?.ok_or("the routes branch too much")?;
    let table = Table::parse(&bytes).map_err(|error| error.to_string())?;
    let mut counts = Counts { patterns: patterns.len(), ..Counts::default() };
    for path in paths.iter().filter(|path| !is_host(path)) {
        let found = match answer(table, Method::GET, path.as_bytes()) {
            Answer::Match { pattern, params } => Some((pattern, params)),
            _ => None,
        };
        let expected = ask(path);
        if found != expected {
            return Err(format!("{path}\nfound {found:?}\nthe peer {expected:?}\nof {patterns:#?}"));
        }
        counts.paths += 1;
        counts.served += usize::from(found.is_some());
    }
    Ok(counts)
}

/// Paths that the pattern matches, and some that it does not.
fn near_paths(pattern: &str) -> Vec<String> {
    let path = fill(pattern, &["value"]);
    let shorter = path.rsplit_once('/').map(|(shorter, _)| shorter.to_owned()).unwrap_or_default();
    let filled = ["%2F", "repos", "user"].map(|value| fill(pattern, &[value]));
    filled.into_iter().chain([format!("{path}/"), format!("{path}x"), shorter, path]).collect()
}

/// The pattern with its params replaced by those values by turns.
fn fill(pattern: &str, values: &[&str]) -> String {
    let mut parts = pattern.split('{');
    let start = parts.next().unwrap_or_default().to_owned();
    let behind = parts.map(|part| part.split_once('}').map_or("", |(_, behind)| behind));
    behind.zip(values.iter().cycle()).fold(start, |path, (behind, value)| path + value + behind)
}

/// A file of the corpora, which lie beside the repository. Without it a test is skipped, but not in CI.
fn corpus(name: &str) -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora/routes").join(name);
    if file.exists() {
        return Some(file);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is not there", file.display());
    println!("skipped: {} is not there", file.display());
    None
}
