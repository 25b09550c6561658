//! File systems that lack something: what can be had another way is had, and told; and what a run asks of them.

use std::process::Command;

use bakehouse_links::{Site, Strace};

use crate::common::{CHANGED, OFFICE, Settled, compare, is_true, office};
use crate::scenario::{FOLDING, Scenario, UNCHANGED, UNFOLDING};

/// Runs a scenario where every call by a name fails with an error, and compares what comes of it with a run where it does
/// not: the very same, since there is another way to the same end.
#[track_caller]
fn another_way(scenario: &Scenario, name: &str, error: &str) {
    let [site, fresh] = [scenario.site(), scenario.site()];
    let Some(strace) = Strace::new(site.dir()) else { return };
    let run = strace.refuse(name, error, &scenario.command(&site)).fine();
    bakehouse_links::Run::of(&mut scenario.command(&fresh)).fine();
    assert_eq!(compare(&site, &Settled::of(&fresh)), Ok(()), "{}: {error} at {name}: {run}", scenario.name);
    assert_eq!(is_true(&site, scenario.act.plan()), Ok(()), "{}: {error} at {name}: {run}", scenario.name);
}

/// Neither exchanging two names nor renaming to a free name only is known everywhere.
#[test]
fn renames_of_the_newer_kind() {
    for scenario in [UNFOLDING, FOLDING] {
        for error in ["EINVAL", "ENOSYS", "EOPNOTSUPP"] {
            another_way(&scenario, "renameat2", error);
        }
    }
}

/// A copy is a clone where that is possible, else the kernel copies, else bytes are read and written.
#[test]
fn clones_and_copies_in_the_kernel() {
    for (name, error) in [
        ("copy_file_range", "ENOSYS"),
        ("copy_file_range", "EXDEV"),
        ("copy_file_range", "EINVAL"),
        ("copy_file_range", "EOPNOTSUPP"),
        ("ioctl", "EOPNOTSUPP"),
        ("ioctl", "EXDEV"),
        ("sendfile", "EINVAL"),
    ] {
        another_way(&UNFOLDING, name, error);
        another_way(&crate::scenario::COLD, name, error);
    }
}

/// A run in which every call by `name` fails.
fn refused(site: &Site, name: &str, error: &str, args: &[&str]) -> Option<bakehouse_links::Run> {
    let mut command = site.link_command(&OFFICE);
    Some(Strace::new(site.dir())?.refuse(name, error, command.args(args)))
}

#[test]
fn symlinks() {
    for (error, words) in
        [("EPERM", "Operation not permitted"), ("ENOSYS", "os error 38"), ("EOPNOTSUPP", "os error 95")]
    {
        let (site, fresh) = (office(), office());
        fresh.link(&OFFICE).fine();
        let Some(run) = refused(&site, "symlinkat", error, &["--verbose"]) else { return };
        assert_eq!(site.assets(), fresh.assets(), "{run}");
        let run = run.fine();
        let entries = run.json()["entries"].to_string();
        assert!(entries.contains("copy: symlink failed: ") && entries.contains(words), "{run}");
        assert_eq!(run.json()["methods"]["symlink"], serde_json::Value::Null, "{run}");

        // It is told each time, and what can be linked again is linked again.
        let again = refused(&site, "symlinkat", error, &["--verbose"]).unwrap().fine();
        assert_eq!(again.count("unchanged"), again.count("planned"), "{again}");
        assert!(again.json()["entries"].to_string().contains("copy: "), "{again}");
        site.link(&OFFICE).fine();
        assert_eq!(compare(&site, &Settled::of(&fresh)), Ok(()), "after {error}");

        // What was asked for by name, or required, is not replaced by something else.
        for args in [&["--mode", "symlink"][..], &["--require"]] {
            let site = office();
            let run = refused(&site, "symlinkat", error, args).unwrap();
            assert!(run.code == Some(1) && run.stderr.contains("failed: `app-assets/zoom`"), "{run}");
            assert!(run.stderr.contains("  help: ") && run.stderr.contains(words), "{run}");
            let linked = site.assets().into_keys().find(|path| !path.starts_with("real"));
            assert_eq!(linked, None, "{run}");
        }
    }
}

#[test]
fn hard_links() {
    for error in ["EPERM", "EXDEV", "EMLINK", "EOPNOTSUPP"] {
        let (site, fresh) = (office(), office());
        fresh.link(&OFFICE).fine();
        let Some(run) = refused(&site, "linkat", error, &["--verbose"]) else { return };
        let run = run.fine();
        assert_eq!(site.assets(), fresh.assets(), "{run}");
        assert!(run.json()["entries"].to_string().contains("copy: hardlink failed: "), "{run}");
        site.link(&OFFICE).fine();
        assert_eq!(compare(&site, &Settled::of(&fresh)), Ok(()), "after {error}");
    }
}

/// On a file system without locks, that is said, and the run goes on.
#[test]
fn locks() {
    for error in ["ENOLCK", "ENOSYS", "EOPNOTSUPP"] {
        let site = office();
        let Some(run) = refused(&site, "flock", error, &[]) else { return };
        assert!(run.is_civil(), "{run}");
        if run.code == Some(0) {
            assert_eq!(site.assets().len(), 10, "{run}");
        }
        site.link(&OFFICE).fine();
        assert_eq!(is_true(&site, &OFFICE), Ok(()));
    }
}

/// Calls that change something on disk; `write` where it is not what the command prints.
fn changes_something(call: &bakehouse_links::Call) -> bool {
    let changes = ["chmod", "link", "mkdir", "rename", "rmdir", "symlink", "truncate", "unlink", "utime"];
    let is_printed = ["write(1,", "write(2,"].iter().any(|printed| call.line.starts_with(printed));
    changes.iter().any(|name| call.name.contains(name) && !call.name.starts_with("readlink"))
        || call.name.starts_with("write") && !is_printed
        || call.line.contains("O_CREAT")
}

/// What is unchanged is not written; the folder that is made if it is missing is asked for at most.
#[test]
fn an_unchanged_run_writes_nothing() {
    for command in [
        |site: &Site| -> Command { UNCHANGED.command(site) },
        |site: &Site| {
            let mut command = site.link_command(&CHANGED);
            command.arg("--dry-run");
            command
        },
    ] {
        let site = UNCHANGED.site();
        let before = site.everything();
        let Some(strace) = Strace::new(site.dir()) else { return };
        let (run, calls) = strace.calls(&command(&site));
        run.fine();
        let changes = calls.iter().filter(|call| changes_something(call) && !call.line.contains("EEXIST"));
        let changes: Vec<String> = changes.map(ToString::to_string).collect();
        assert!(changes.is_empty(), "{changes:#?}");
        assert_eq!(site.everything().difference(&before), "");
    }
}
