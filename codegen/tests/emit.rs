//! What a build script writes: the Rust, and the table as text, in a snapshot for each host of `emit/`; and that the same
//! host always gives the same bytes.
//!
//! A build script is a process, which is told what to do by its environment: here, this test's own program, run once more
//! for a test that does nothing otherwise.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bakehouse_codegen::dump;
use bakehouse_runtime::Table;

/// Set where this program runs as a build script.
const HOST_VARIABLE: &str = "BAKEHOUSE_TEST_BUILD_SCRIPT";

#[test]
fn as_build_script() {
    if std::env::var_os(HOST_VARIABLE).is_some() {
        bakehouse_codegen::bake("apps.manifest.toml");
    }
}

/// Environment variables.
type Variables<'a> = &'a [(&'a str, &'a str)];

/// What a build script left behind.
#[derive(Debug, PartialEq, Eq)]
struct Output {
    /// The lines for cargo, but for absolute paths, which belong to the place of the package.
    told: Vec<String>,
    /// The files of `OUT_DIR`.
    files: BTreeMap<String, Vec<u8>>,
}

/// Runs a build script for the package in a folder.
fn bake(package: &Path, environment: Variables<'_>) -> Output {
    let out_dir = tempfile::tempdir().expect("a temporary folder can be made");
    let this = std::env::current_exe().expect("a test knows its program");
    let output = Command::new(this)
        .args(["--exact", "as_build_script", "--nocapture"])
        .env(HOST_VARIABLE, "1")
        .env("CARGO_MANIFEST_DIR", package)
        .env("OUT_DIR", out_dir.path())
        .env_remove("BAKEHOUSE_SELECT")
        .envs(environment.iter().copied())
        .output()
        .expect("a test can run its program");
    assert!(output.status.success(), "{output:?}");
    let told = String::from_utf8(output.stdout).expect("cargo is told UTF-8");
    // The harness writes to the same stream, and not always a line of its own.
    let told = told.lines().filter_map(|line| line.get(line.find("cargo::")?..));
    let told = told.filter(|line| !line.starts_with("cargo::rerun-if-changed=/")).map(str::to_owned).collect();
    Output { told, files: files(out_dir.path()) }
}

/// The files right in a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |path: PathBuf| {
        let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default().into_owned();
        (name, fs::read(&path).expect("a file that was written can be read"))
    };
    let entries = fs::read_dir(folder).expect("a folder can be read");
    entries.map(|entry| read(entry.expect("an entry can be read").path())).collect()
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/emit");
    let entries = fs::read_dir(folder).expect("the folder of cases can be read");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    let mut cases: Vec<_> = paths.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

#[test]
fn snapshots() {
    for case in cases() {
        let name = case.file_name().expect("a case has a name").to_string_lossy().into_owned();
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path("emit");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name.as_str(), describe(&bake(&case, &[]))));
    }
}

fn describe(output: &Output) -> String {
    let mut text = output.told.join("\n") + "\n";
    for (name, bytes) in &output.files {
        let text_of = || std::str::from_utf8(bytes).expect("what is no table is UTF-8");
        let content = match Table::parse(bytes) {
            Ok(table) => dump(table),
            Err(_) if name == "bakehouse.names" => text_of().to_owned(),
            Err(_) => pretty(text_of()),
        };
        text.extend(["\n===== ", name, "\n", &content]);
    }
    text
}

/// The Rust as a person would write it, and the comments at the ends of lines, which are lost by that.
fn pretty(rust: &str) -> String {
    let file = syn::parse_file(rust).expect("generated Rust parses");
    let comments = rust.lines().filter_map(|line| Some(format!("// {}\n", line.rsplit_once(" // ")?.1)));
    prettyplease::unparse(&file) + &comments.collect::<String>()
}

/// Every file below a folder, by its path in it.
fn tree(folder: &Path, below: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder.join(below)).expect("a folder can be read") {
        let path = below.join(entry.expect("an entry can be read").file_name());
        if folder.join(&path).is_dir() {
            tree(folder, &path, found);
        } else {
            let bytes = fs::read(folder.join(&path)).expect("a file can be read");
            found.insert(path, bytes);
        }
    }
}

/// Writes a tree anew, file by file in the order given: most file systems list a folder's entries in an order that
/// depends on it.
fn replant<'a>(files: impl Iterator<Item = (&'a PathBuf, &'a Vec<u8>)>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    }
    folder
}

#[test]
fn the_same_host_gives_the_same_bytes_wherever_it_lies_and_however_it_was_made() {
    for case in cases() {
        let mut files = BTreeMap::new();
        tree(&case, Path::new(""), &mut files);
        let expected = bake(&case, &[]);
        let (forth, back) = (replant(files.iter()), replant(files.iter().rev()));
        for again in [case.as_path(), forth.path(), back.path()] {
            assert!(bake(again, &[]) == expected, "{}", case.display());
        }
    }
}

/// A host of two apps with code, each behind a feature.
fn host_with_features() -> tempfile::TempDir {
    let cargo = "[package]\nname = \"host\"\n\n\
        [dependencies]\nzoom = { path = \"apps/zoom\", optional = true }\nmeet = { path = \"apps/meet\", optional = true }\n\n\
        [features]\ndefault = [\"zoom\", \"google-meet\"]\nzoom = [\"dep:zoom\"]\ngoogle-meet = [\"dep:meet\"]\nextra = []\n";
    let files = [
        ("Cargo.toml", cargo),
        ("apps.manifest.toml", "[host]\nname = \"store\"\n\n[select]\ndev = [\"zoom\"]\n"),
        ("apps/zoom/app.toml", "slug = \"zoom\"\nentry = \"zoom::app\"\n"),
        ("apps/google-meet/app.toml", "slug = \"google-meet\"\nentry = \"meet::app\"\n"),
    ];
    let files: Vec<_> = files.map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).into();
    replant(files.iter().map(|(path, bytes)| (path, bytes)))
}

#[test]
fn features_that_disagree_with_what_is_baked_are_told_with_the_right_flags() {
    const ZOOM: (&str, &str) = ("CARGO_FEATURE_ZOOM", "1");
    const MEET: (&str, &str) = ("CARGO_FEATURE_GOOGLE_MEET", "1");
    const EXTRA: (&str, &str) = ("CARGO_FEATURE_EXTRA", "1");
    const DEV: (&str, &str) = ("BAKEHOUSE_SELECT", "dev");
    let cases: [(Variables<'_>, &[&str]); 5] = [
        (&[ZOOM, MEET], &[]),
        (&[ZOOM, DEV], &[]),
        (
            &[ZOOM, EXTRA],
            &[
                "feature `google-meet` is off, but every app is baked where there is no selection",
                "build with `--no-default-features --features extra,google-meet,zoom`, or take a selection",
            ],
        ),
        (
            &[ZOOM, MEET, DEV],
            &[
                "feature `google-meet` is on, but the selection `dev` leaves out the app `google-meet`",
                "build with `--no-default-features --features zoom`",
            ],
        ),
        (
            &[DEV],
            &[
                "feature `zoom` is off, but the selection `dev` bakes the app `zoom`",
                "build with `--no-default-features --features zoom`",
            ],
        ),
    ];
    let host = host_with_features();
    for (environment, expected) in cases {
        let output = bake(host.path(), environment);
        let rust = String::from_utf8_lossy(&output.files["bakehouse_table.rs"]).into_owned();
        assert_eq!(rust.contains("[feature-mismatch]"), !expected.is_empty(), "{environment:?}");
        for text in expected {
            assert!(rust.contains(text), "{environment:?}: {text}\n{rust}");
        }
    }
}

#[test]
fn warnings_are_told_to_cargo_a_line_each() {
    let files = [
        ("apps.manifest.toml", "[host]\nname = \"store\"\napps = [\"*\", \"video/*\"]\n"),
        ("apps/zoom/App.toml", "slug = \"zoom\"\n"),
    ];
    let files: Vec<_> = files.map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).into();
    let host = replant(files.iter().map(|(path, bytes)| (path, bytes)));
    let output = bake(host.path(), &[]);
    let warnings: Vec<_> = output.told.iter().filter_map(|line| line.strip_prefix("cargo::warning=")).collect();
    assert_eq!(
        warnings,
        [
            "apps.manifest.toml:1:1: folder `apps/zoom` has no `app.toml`, only `App.toml`; rename it to `app.toml`, or \
             leave the folder out with `exclude`",
            "apps.manifest.toml:3:14: no folder matches `video/*`; globs are matched against whole paths below `root`",
        ]
    );
}
