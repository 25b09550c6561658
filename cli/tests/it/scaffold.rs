//! `new host` and `new app`: what is written builds, passes `check` and its own tests; nothing is overwritten.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use insta::assert_snapshot;

use crate::common::{Host, Run};

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the repository")
}

/// Runs the command in the folder of a host that was written.
fn run_in(host: &Host, folder: &str, call: &str) -> Run {
    let manifest = format!("{folder}/apps.manifest.toml");
    host.run(&["-m", &manifest].into_iter().chain(call.split(' ')).collect::<Vec<_>>())
}

fn cargo(folder: &Path, args: &[&str]) {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(args).current_dir(folder);
    cargo.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("scaffold-target"));
    let output = cargo.output().expect("cargo runs");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "cargo {args:?}: {said}");
    let n_tests = said.matches("test tests::guests_are_greeted_by_name ... ok").count();
    assert_eq!(n_tests, if args[0] == "test" { 2 } else { 0 }, "{said}");
}

#[test]
fn a_host_and_its_apps_build_and_pass_their_tests() {
    let host = Host::new(&[]);
    let sources = checkout();
    let run = host.run(&["new", "host", "office", "--path", &sources.to_string_lossy()]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run}");
    assert_eq!(run_in(&host, "office", "new app night-watch").code, Some(0));
    let check = run_in(&host, "office", "check --format json");
    assert_eq!((check.code, check.json()), (Some(0), serde_json::json!([])), "{check}");
    assert_eq!(run_in(&host, "office", "routes /night-watch/you /hello/you").code, Some(0));
    // The versions that are there without a network.
    fs::copy(sources.join("Cargo.lock"), host.path("office/Cargo.lock")).expect("a lock file");
    cargo(&host.path("office"), &["fmt", "--all", "--check"]);
    cargo(&host.path("office"), &["test", "--offline", "--workspace"]);
}

#[test]
fn what_was_written_is_told() {
    let host = Host::new(&[]);
    assert_snapshot!(host.transcript(&[
        "new host office",
        "-m office/apps.manifest.toml new app night-watch",
        "-m office/apps.manifest.toml --format json new app rounds",
        "-m office/apps.manifest.toml check",
    ]));
    assert_snapshot!(fs::read_to_string(host.path("office/Cargo.toml")).expect("a Cargo.toml"));
}

#[test]
fn nothing_is_overwritten() {
    let host = Host::new(&[("full/x", "x"), ("a-file", "")]);
    assert_eq!(host.run(&["new", "host", "office"]).code, Some(0));
    host.write("office/apps/taken/notes.txt", "mine");
    assert_snapshot!(host.transcript(&[
        "new host full",
        "new host a-file",
        "new host office",
        "-m office/apps.manifest.toml new app hello",
        "-m office/apps.manifest.toml new app taken",
        "-m office/apps.manifest.toml new app office",
        "-m office/apps.manifest.toml new app office/up",
        "-m office/apps.manifest.toml new app bakehouse-sdk",
    ]));
    assert_eq!(fs::read(host.path("office/apps/taken/notes.txt")).expect("the file"), b"mine");
    assert!(!host.path("office/apps/taken/app.toml").exists());
}

#[test]
fn names_that_no_app_can_have_are_refused() {
    let host = Host::office();
    assert_snapshot!(host.transcript(&[
        "new app Zoom",
        "new app zoom--us",
        "new app match",
        "new app 1password",
        "new app std",
        "new app cal",
        "new app notes",
        "new host Office",
        "new host hello",
        "new host elsewhere --path apps",
        "new app",
        "new",
    ]));
    assert!(!host.path("apps/notes").exists() && !host.path("elsewhere").exists());
}

#[test]
fn lines_are_told_where_it_is_not_certain_how_to_add_them() {
    let host = Host::office();
    let text = "features.default = []\n[package]\nname = \"office\"\n[dependencies]\nbakehouse-sdk = \"0.1\"\n";
    host.write("Cargo.toml", text);
    assert_snapshot!(host.transcript(&["new app notes", "new app rounds --format json"]));
    assert_eq!(fs::read_to_string(host.path("Cargo.toml")).expect("a Cargo.toml"), text);
    assert!(host.path("apps/notes/src/lib.rs").exists());
}

#[test]
fn a_host_that_is_wrong_or_foreign_gets_no_app() {
    let host = Host::new(&[("apps.manifest.toml", "[host]\nname = \"h\"\ncore = [\"none\"]\n"), ("apps/x", "")]);
    let run = host.run(&["new", "app", "notes"]);
    assert!(run.code == Some(1) && run.stderr.contains("error[unknown-app]"), "{run}");
    host.write("apps.manifest.toml", "[host]\nname = \"h\"\ndialect = \"calcom\"\napps = []\n");
    host.write("Cargo.toml", "");
    let run = host.run(&["new", "app", "notes"]);
    assert!(run.code == Some(2) && run.stderr.contains("does not look for `app.toml`"), "{run}");
    assert!(!host.path("apps/notes").exists());
}
