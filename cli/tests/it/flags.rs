//! The variables that switch things: what every command makes of them, and that they are written down.

use std::path::Path;

use insta::assert_snapshot;
use serde_json::Value;

use crate::common::Host;
use crate::serve::{Serving, get};

/// Whether `meet` is on, which `BAKEHOUSE_APP_MEET` switches, by each who says something of it.
fn said(host: &Host, env: &[(&str, &str)]) -> [(&'static str, bool); 7] {
    let lines = |args: &[&str]| host.run_with(&[args, &["--format", "json"]].concat(), env, b"").json_lines();
    let check = host.run_with(&["check"], env, b"");
    assert_eq!(check.code, Some(0), "{check}");
    let (_serving, addr) = Serving::ready(host, &[], env);
    let is_served = |path| get(addr, path).starts_with("HTTP/1.1 200");
    [
        ("`apps`", is_on(lines(&["apps"]), "slug")),
        ("`routes`", is_on(lines(&["routes"]), "app")),
        ("`routes PATH`", lines(&["routes", "/meet/x"])[0]["app"] == "meet"),
        ("`check`", check.stderr == "3 apps checked: nothing is wrong\n"),
        ("the page of the store", get(addr, "/").contains("/meet/")),
        ("an answer to a request", is_served("/meet/x")),
        ("its assets", is_served("/assets/meet/logo.svg") || host.path("public/assets/meet").exists()),
    ]
}

/// Whether the lines about `meet`, which all say the same, say that it is on.
fn is_on(lines: Vec<Value>, name: &str) -> bool {
    let meet: Vec<_> = lines.into_iter().filter(|line| line[name] == "meet").map(|line| line["on"].clone()).collect();
    assert!(!meet.is_empty() && meet.iter().all(|on| *on == meet[0]), "{meet:?}");
    meet[0] == true
}

/// On, rolled back, and on again in the same folders.
#[test]
fn everybody_agrees_on_what_is_off() {
    let host = Host::office();
    for (env, is_on) in [(&[][..], true), (&[("BAKEHOUSE_APP_MEET", "off")], false), (&[], true)] {
        for (who, says) in said(&host, env) {
            assert_eq!(says, is_on, "{who} with {env:?}");
        }
    }
}

#[test]
fn an_app_that_is_off_by_its_manifest_can_be_switched_on() {
    let host = Host::office();
    let manifest = std::fs::read_to_string(host.path("apps/meet/app.toml")).expect("a manifest");
    host.write("apps/meet/app.toml", manifest.replace("name = ", "enabled = false\nname = "));
    for (env, is_on) in [(&[][..], false), (&[("BAKEHOUSE_APP_MEET", "on")], true), (&[], false)] {
        for (who, says) in said(&host, env) {
            assert_eq!(says, is_on, "{who} with {env:?}");
        }
    }
}

#[test]
fn what_is_off_is_shown_to_people() {
    let host = Host::office();
    let env = [("BAKEHOUSE_APP_MEET", "off")];
    let calls =
        [&["apps"][..], &["routes"], &["routes", "/meet/x", "/cal/1"], &["routes", "--explain", "/meet/x"], &["check"]];
    let runs = calls.iter().map(|args| host.run_with(args, &env, b"").to_string());
    assert_snapshot!(runs.collect::<Vec<_>>().join("\n"));
}

/// An app that is off is neither allowed under another method nor redirected to.
#[test]
fn nothing_of_what_is_off_is_told_by_a_lookup() {
    let host = Host::office();
    let manifest = std::fs::read_to_string(host.path("apps.manifest.toml")).expect("a manifest");
    host.write("apps.manifest.toml", manifest.replace("[routes]", "[routes]\ntrailing-slash = \"redirect\""));
    let answer = |env: &[(&str, &str)], method, path| {
        let run = host.run_with(&["routes", "--format", "json", "--method", method, path], env, b"");
        (run.code, run.json())
    };
    let off = [("BAKEHOUSE_APP_CALENDAR", "off")];
    for (method, path, name) in [("DELETE", "/cal/1", "allow"), ("GET", "/cal/1/", "redirect")] {
        assert!(answer(&[], method, path).1[name] != Value::Null, "{method} {path}");
        assert_eq!(answer(&off, method, path), (Some(1), serde_json::json!({ "path": path, "app": null })));
    }
    assert_eq!(answer(&off, "GET", "/cal/1").1["off"], "calendar");
}

#[test]
fn wrong_values_name_the_right_ones() {
    let host = Host::office();
    let cases = [
        ("BAKEHOUSE_LOAD", "Eager", "`lazy`, `eager`"),
        ("BAKEHOUSE_LINK", "soft", "`auto`, `symlink`, `hardlink`, `copy`, `off`"),
        ("BAKEHOUSE_APP_MEET", "0", "`on`, `off`"),
        ("BAKEHOUSE_APP_MEAT", "off", "`BAKEHOUSE_APP_MEET`"),
        ("BAKEHOUSE_LAOD", "eager", "`BAKEHOUSE_LOAD`"),
        ("BAKEHOUSE_MEET", "off", "`BAKEHOUSE_APP_MEET`"),
    ];
    for (name, value, right) in cases {
        for command in ["serve", "link", "apps", "routes", "check"] {
            let run = host.run_with(&[command], &[(name, value)], b"");
            assert_eq!(run.code, Some(2), "{run}");
            let told = format!("`{name}` ");
            assert!(run.stderr.contains(&told) && run.stderr.contains(right), "{run}");
        }
    }
    let run = host.run_with(&["check"], &[("BAKEHOUSE_SELECT", "smal")], b"");
    assert!(run.code == Some(1) && run.stdout.contains("it has `small`, `@core`"), "{run}");
}

#[test]
#[cfg(unix)]
fn values_that_are_not_utf8_are_told_or_taken_as_folders() {
    use std::os::unix::ffi::OsStrExt;
    let host = Host::office();
    let value = std::ffi::OsStr::from_bytes(b"caf\xe9");
    let said = |name: &str, command: &str| {
        let output = host.command().arg(command).env(name, value).output().expect("the command runs");
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).expect("the command says UTF-8"))
    };
    let (code, told) = said("BAKEHOUSE_SELECT", "check");
    assert!(code == Some(1) && told.contains("the selection `caf\u{fffd}`, which `[select]` does not have"), "{told}");
    for name in ["BAKEHOUSE_LOAD", "BAKEHOUSE_LINK", "BAKEHOUSE_APP_MEET"] {
        let (code, told) = said(name, "link");
        assert!(code == Some(2) && told.contains(&format!("`{name}` must be one of ")), "{told}");
    }
    std::fs::rename(host.path("apps"), host.dir().join(value)).expect("a folder can be renamed");
    host.write("apps.manifest.toml", "[host]\nname = \"office\"\nroot = \"there\"\n");
    std::os::unix::fs::symlink(value, host.path("there")).expect("a link");
    assert_eq!(said("BAKEHOUSE_ROOT", "link").0, Some(0));
    assert!(host.path("public").exists());
}

/// Whoever looks for a switch finds it with its values: in `--help`, and on one page.
#[test]
fn every_variable_is_written_down() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/flags.md");
    let texts = [Host::new(&[]).run(&["--help"]).stdout, std::fs::read_to_string(docs).expect("a page")];
    let variables = [
        ("BAKEHOUSE_SELECT", &["@core"][..]),
        ("BAKEHOUSE_ROOT", &["--root"]),
        ("BAKEHOUSE_LINK", &["auto", "symlink", "hardlink", "copy", "off"]),
        ("BAKEHOUSE_LOAD", &["lazy", "eager"]),
        ("BAKEHOUSE_APP_<SLUG>", &["on", "off"]),
        ("BAKEHOUSE_LOG", &["off", "error", "warn", "info", "debug", "trace", "target=level"]),
    ];
    for text in &texts {
        for (name, values) in variables {
            let line = text.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{name}:\n{text}"));
            let line = line.to_lowercase();
            assert!(values.iter().all(|value| line.contains(value)), "{line}");
        }
    }
}
