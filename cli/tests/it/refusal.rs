//! Links that the system refuses, as it does without a right or on a file system that has no links: strace gives the
//! answer in its place.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::common::Host;

/// What a run said whose links were refused.
struct Refused {
    code: Option<i32>,
    report: Value,
    stderr: String,
}

/// A run of `link` in which every `call` is answered with `error`; `None` where there is no strace, but in CI there is.
fn link_without(host: &Host, call: &str, error: &str, args: &[&str]) -> Option<Refused> {
    let command = host.command();
    let strace = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("inject={call}:error={error}")])
        .arg(command.get_program())
        .args(["link", "--format", "json", "--verbose"])
        .args(args)
        .current_dir(host.dir())
        .output();
    let output = match strace {
        Ok(output) => output,
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "CI has strace, but: {error}");
            println!("skipped: strace can't be run: {error}");
            return None;
        }
    };
    let stderr = String::from_utf8(output.stderr).expect("the command says UTF-8");
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    Some(Refused { code: output.status.code(), report, stderr })
}

fn link(host: &Host, args: &[&str]) -> Value {
    let run = host.run(&[&["link", "--format", "json", "--verbose"], args].concat());
    assert_eq!(run.code, Some(0), "{run}");
    run.json()
}

/// What became of the calendar's folder, which wants one link.
fn calendar(report: &Value) -> (&str, &str) {
    let entries = report["entries"].as_array().expect("a list of entries");
    let entry = entries.iter().find(|entry| entry["path"] == "assets/calendar").expect("the calendar's entry");
    (entry["method"].as_str().expect("a method"), entry["reason"].as_str().expect("a reason"))
}

#[test]
fn a_refused_symlink_becomes_a_copy_with_the_cause_and_the_repair_and_a_link_when_it_can() {
    let cases = [
        ("EPERM", "Operation not permitted (os error 1)", "where the file system has no such links, use mode `copy`"),
        (
            "EACCES",
            "Permission denied (os error 13)",
            "let this user write to the public folder, which belongs to user ",
        ),
        ("EOPNOTSUPP", "Operation not supported (os error 95)", "use mode `copy`: this file system has no such links"),
        ("EROFS", "Read-only file system (os error 30)", "mount the public folder's file system for writing"),
    ];
    for (errno, cause, repair) in cases {
        let host = Host::office();
        let Some(Refused { code, report, .. }) = link_without(&host, "symlinkat", errno, &[]) else { return };
        assert_eq!((code, &report["methods"]), (Some(0), &serde_json::json!({ "copy": 3 })), "{report}");
        let (method, reason) = calendar(&report);
        assert_eq!(method, "copy");
        assert!(reason.starts_with(&format!("copy: symlink failed: {cause}; ")) && reason.contains(repair), "{reason}");
        let copied = host.path("public/assets/calendar/icon.svg");
        assert!(!host.path("public/assets/calendar").is_symlink());
        assert_eq!(fs::read_to_string(&copied).expect("the copy"), "<svg>calendar</svg>");

        // Refused again, nothing changes and it is said again; a copy that stands in never goes stale.
        host.write("apps/calendar/static/icon.svg", "<svg>another</svg>");
        let report = link_without(&host, "symlinkat", errno, &[]).expect("strace is there").report;
        assert_eq!((report["replaced"].as_u64(), calendar(&report).0), (Some(1), "copy"), "{report}");
        assert_eq!(fs::read_to_string(&copied).expect("the copy"), "<svg>another</svg>");

        let report = link(&host, &[]);
        assert_eq!((report["replaced"].as_u64(), calendar(&report)), (Some(2), ("symlink", "symlink")), "{report}");
        assert!(host.path("public/assets/calendar").is_symlink());
    }
}

#[test]
fn a_refused_symlink_is_a_failure_where_links_are_required() {
    let host = Host::office();
    for args in [&["--require"][..], &["--mode", "symlink"]] {
        let Some(Refused { code, stderr, .. }) = link_without(&host, "symlinkat", "EPERM", args) else { return };
        assert_eq!(code, Some(1), "{stderr}");
        let failed = "failed: `assets/calendar`: the symlink could not be made\n  \
                      caused by: Operation not permitted (os error 1)\n  help: let this user write to ";
        assert!(stderr.contains(failed), "{stderr}");
        assert!(!host.path("public/assets/calendar").exists());
    }
}

#[test]
fn a_refused_hard_link_becomes_a_copy_and_a_hard_link_when_it_can() {
    for errno in ["EPERM", "EXDEV", "EMLINK"] {
        let host = Host::office();
        let mode = ["--mode", "hardlink"];
        let Some(Refused { code, report, .. }) = link_without(&host, "linkat", errno, &mode) else { return };
        assert_eq!((code, &report["methods"]), (Some(0), &serde_json::json!({ "copy": 3 })), "{report}");
        assert!(calendar(&report).1.starts_with("copy: hardlink failed: "), "{report}");
        let report = link(&host, &mode);
        assert_eq!(report["methods"], serde_json::json!({ "hardlink": 3 }), "{report}");
    }
}

#[test]
fn what_a_folder_of_copies_and_a_copy_are_for_can_change_while_links_are_refused() {
    let host = Host::new(&[("apps.manifest.toml", "[host]\nname = \"h\"\nroot = \"apps\"\n")]);
    host.write("apps/a/static/icon.svg", "icon");
    let app = |from: &str| format!("slug = \"a\"\nname = \"A\"\n[[assets]]\nfrom = \"{from}\"\nto = \"x\"\n");
    for from in ["static", "static/icon.svg", "static"] {
        host.write("apps/a/app.toml", app(from));
        let Some(Refused { code, report, .. }) = link_without(&host, "symlinkat", "EPERM", &[]) else { return };
        assert_eq!((code, &report["methods"]), (Some(0), &serde_json::json!({ "copy": 1 })), "{report}");
        let place = if from == "static" { "public/x/icon.svg" } else { "public/x" };
        assert_eq!(fs::read_to_string(host.path(place)).expect("the copy"), "icon");
    }
}
