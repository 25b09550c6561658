//! What is wrong, as the user sees it: a small host a case, and what is said of it in a snapshot beside it.
//!
//! A case is a folder of `check/`, or is built in [`built`] where git would not keep its files. A file `select.txt` in it
//! names the selection that is baked. To take what is said now for right: `INSTA_UPDATE=always cargo test -p
//! bakehouse-codegen --test check`, and read the difference.

#[path = "check/broken.rs"]
mod broken;
#[path = "check/built.rs"]
mod built;
#[path = "check/mutated.rs"]
mod mutated;
#[path = "check/report.rs"]
mod report;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bakehouse_codegen::Options;

use report::report;

/// Codes that no host shows by itself: a build script's, and one that takes 4 GiB.
const WITHOUT_CASE: [&str; 2] = ["feature-mismatch", "table-size"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check")
}

/// The names of the entries of the folder of cases that pass, sorted.
fn entries(is_wanted: impl Fn(&Path) -> bool) -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the folder of cases can be read");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path()).filter(|path| is_wanted(path));
    let mut names: Vec<_> =
        paths.filter_map(|path| path.file_stem().map(|name| name.to_string_lossy().into_owned())).collect();
    names.sort();
    names
}

#[test]
fn cases() {
    for case in entries(Path::is_dir) {
        let host = folder().join(&case);
        let select = fs::read_to_string(host.join("select.txt")).ok().map(|text| text.trim().to_owned());
        assert_snapshot(&case, &report(&host, &Options { select, ..Options::default() }));
    }
}

fn assert_snapshot(case: &str, report: &str) {
    let settings = {
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path("check");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    settings.bind(|| insta::assert_snapshot!(case, report));
}

#[test]
fn every_code_has_a_case() {
    let mut said = BTreeSet::new();
    for snapshot in entries(|path| path.extension().is_some_and(|extension| extension == "snap")) {
        let text = fs::read_to_string(folder().join(snapshot + ".snap")).expect("a snapshot can be read");
        let codes = text.lines().filter_map(|line| line.strip_prefix("{\"code\":\"")?.split('"').next());
        said.extend(codes.map(str::to_owned));
    }
    let missing: Vec<_> = bakehouse_codegen::codes().iter().filter(|code| !said.contains(**code)).collect();
    assert_eq!(missing, WITHOUT_CASE.iter().collect::<Vec<_>>());
}

#[test]
fn every_snapshot_has_a_case() {
    let cases: BTreeSet<_> = entries(Path::is_dir).into_iter().chain(built::NAMES.map(str::to_owned)).collect();
    let snapshots = entries(|path| path.extension().is_some_and(|extension| extension == "snap"));
    assert_eq!(snapshots, cases.into_iter().collect::<Vec<_>>());
}
