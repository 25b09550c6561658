//! Wrong calls and wrong input: what is said, and the exit code.

use insta::assert_snapshot;

use crate::common::Host;

#[test]
fn no_manifest() {
    assert_snapshot!(Host::new(&[]).transcript(&["apps", "", "-m nowhere.toml check"]));
}

#[test]
fn wrong_calls() {
    assert_snapshot!(Host::office().transcript(&[
        "frobnicate",
        "chekc",
        "publish out",
        "check --format xml",
        "link --mode soft",
        "status --mode soft",
        "status --public apps",
        "apps calender",
        "apps nothing-like-it",
        "clean mial",
        "serve --addr localhost",
        "serve --max-loaded 0",
        "serve --load-limit soon",
        "serve --handle-limit 0",
        "serve --body-limit 2MB",
        "--addr 127.0.0.1:0 link",
        "--grace 1 link",
        "routes --stdin /x",
        "link --route /nowhere",
        "bake -o nowhere/t",
    ]));
}

#[test]
#[cfg(unix)]
fn unreadable_manifests() {
    let host = Host::new(&[("a-folder/x", ""), ("binary", "\0\u{1}"), ("empty", "")]);
    host.write("latin1.toml", b"[host]\nname = \"caf\xE9\"\n");
    assert_snapshot!(host.transcript(&[
        "-m a-folder check",
        "-m binary check",
        "-m empty check",
        "-m latin1.toml check"
    ]));
}

#[test]
fn tables_that_are_damaged() {
    let host = Host::office();
    assert_eq!(host.run(&["bake", "-o", "whole"]).code, Some(0));
    let whole = std::fs::read(host.path("whole")).expect("a table");
    host.write("short", &whole[..whole.len() / 2]);
    host.write("magic", &whole[..8]);
    let mut altered = whole.clone();
    altered[whole.len() / 2] ^= 1;
    host.write("altered", altered);
    let mut version = whole;
    version[8] = 99;
    host.write("version", version);
    for name in ["short", "magic", "altered", "version"] {
        let run = host.run(&["-m", name, "apps"]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run}");
        assert!(run.stderr.contains(&format!("`{name}` can't be used")) && run.stderr.contains("help: "), "{run}");
    }
}

#[test]
fn values_of_the_environment() {
    let host = Host::office();
    let env = [("BAKEHOUSE_LINK", "soft"), ("BAKEHOUSE_APP_MIAL", "on")];
    assert_snapshot!(host.run_with(&["link"], &env, b""));
}

#[test]
fn a_log_of_nothing() {
    for value in ["loud", "info,debug", "bakehouse::load", "=info"] {
        let run = Host::office().run_with(&["apps"], &[("BAKEHOUSE_LOG", value)], b"");
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run}");
        for part in ["`off`, `error`, `warn`, `info`, `debug`, `trace`", "`warn,bakehouse::load=debug`", value] {
            assert!(run.stderr.contains(part), "{part}: {run}");
        }
    }
}

#[test]
#[cfg(unix)]
fn folders_that_cannot_be_used() {
    let host = Host::office();
    host.write("a-file", "");
    assert_snapshot!(host.transcript(&[
        "link --public a-file/public",
        "link --public a-file",
        "link --root nowhere",
        "clean --public nowhere",
        "link --state a-file",
    ]));
}

#[test]
fn public_folders_among_the_sources() {
    let host = Host::office();
    #[cfg(unix)]
    std::os::unix::fs::symlink("apps", host.path("sources")).expect("a link");
    let before = host.run(&["check"]);
    for public in ["apps", "apps/mail/static", "apps/new/public", "."] {
        for command in ["link", "serve"] {
            let run = host.run(&[command, "--public", public]);
            assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run}");
            let message =
                format!("error: public folder `{public}` and the folder of the apps `apps` lie in one another");
            assert!(run.stderr.starts_with(&message) && run.stderr.contains("help: "), "{run}");
        }
    }
    if cfg!(unix) {
        assert_eq!(host.run(&["link", "--public", "sources/public"]).code, Some(2));
    }
    assert_eq!(host.run(&["link", "--public", "apps-public"]).code, Some(0));
    assert!(!host.path("apps/assets").exists() && !host.path("apps/new").exists());
    assert_eq!(host.run(&["check"]).stdout, before.stdout);
}
