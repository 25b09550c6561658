//! Measuring: what is told, and that nothing is left behind.

use std::fs;

use serde_json::Value;

use crate::common::{Host, Run};

const LINKS: [&str; 2] = ["link, empty public folder", "link, nothing changed"];
const STARTS: [&str; 4] = [
    "start to first answer, empty public folder",
    "start until ready, empty public folder",
    "start to first answer, nothing changed",
    "start until ready, nothing changed",
];
const BAKE: &str = "bake";
const FIND: &str = "find, a path of each route";

/// Runs `bench` for one round, all that it writes in a folder of the host.
fn bench(host: &Host, args: &[&str]) -> Run {
    fs::create_dir_all(host.path("tmp")).expect("a folder");
    let args = [&["bench", "--rounds", "1"], args].concat();
    let run = host.run_with(&args, &[("TMPDIR", host.path("tmp").to_str().expect("a path"))], b"");
    assert!(is_left_alone(host), "{run}");
    run
}

/// Whether there is neither a temporary folder nor a public one.
fn is_left_alone(host: &Host) -> bool {
    let is_empty = fs::read_dir(host.path("tmp")).expect("a folder").next().is_none();
    is_empty && !host.path("public").exists() && !host.path(".bakehouse").exists()
}

/// Sees that these parts were measured, those without a peer marked, and nothing else.
fn check(run: &Run, expected: &[(&str, bool)], notes: &[&str]) {
    assert_eq!(run.code, Some(0), "{run}");
    let answer = run.json();
    let is_time = |value: &Value| value.as_f64().is_some_and(|number| number > 0.0);
    for part in answer["parts"].as_array().expect("parts") {
        let has_peer = is_time(&part["copy_eager_us"]) && is_time(&part["ratio"]);
        assert!(is_time(&part["default_us"]) && (has_peer || part["ratio"].is_null()), "{part}");
    }
    let parts = answer["parts"].as_array().expect("parts").iter();
    let parts: Vec<_> = parts.map(|part| (part["part"].as_str().expect("a name"), part["ratio"].is_f64())).collect();
    assert_eq!(parts, expected, "{run}");
    let told: Vec<_> = answer["notes"].as_array().expect("notes").iter().filter_map(Value::as_str).collect();
    assert_eq!((told.as_slice(), &answer["rounds"]), (notes, &1.into()), "{run}");
}

fn parts(without_peer: &[&'static str], with_peer: &[&[&'static str]]) -> Vec<(&'static str, bool)> {
    let alone = without_peer.iter().map(|part| (*part, false));
    alone.chain(with_peer.concat().into_iter().map(|part| (part, true))).collect()
}

const NO_CODE: &str = "load: left out, since no app has code";

#[test]
fn a_manifest_is_measured_part_by_part() {
    let host = Host::office();
    let expected = parts(&[BAKE, FIND], &[&LINKS, &STARTS]);
    check(&bench(&host, &["--format", "json"]), &expected, &[NO_CODE]);
    let run = bench(&host, &["--path", "/meet/x"]);
    assert_eq!((run.code, run.stdout.lines().count()), (Some(0), 1 + expected.len()), "{run}");
    assert!(run.stderr.contains("medians of 1 round"), "{run}");
}

#[test]
fn a_table_file_is_measured_without_a_bake() {
    let host = Host::office();
    assert_eq!(host.run(&["bake", "-o", "t"]).code, Some(0));
    let run = bench(&host, &["-m", "t", "--root", "apps", "--format", "json"]);
    check(&run, &parts(&[FIND], &[&LINKS, &STARTS]), &[NO_CODE]);
}

#[test]
fn what_there_is_nothing_of_is_left_out_with_a_note() {
    let host = Host::new(&[
        ("apps.manifest.toml", "[host]\nname = \"bare\"\n"),
        ("apps/bare/app.toml", "slug = \"bare\"\nname = \"Bare\"\n"),
    ]);
    let notes = ["find: left out, since there is no route", "link: left out, since no app has assets", NO_CODE];
    check(&bench(&host, &["--format", "json"]), &parts(&[BAKE], &[&STARTS]), &notes);
    host.write("apps/bare/app.toml", "slug = \"bare\"\nname = \"Bare\"\nentry = \"bare::app\"\n");
    let code = "load and start: left out, since the apps' code is in the host's own binary; call `bench` there";
    check(&bench(&host, &["--format", "json"]), &parts(&[BAKE], &[]), &[notes[0], notes[1], code]);
}

#[test]
fn what_can_not_be_measured_is_told() {
    let host = Host::office();
    for (args, code, expected) in [
        (&["--path", "/nowhere"][..], 1, "error: `/nowhere` is answered with 404\n  help: name a path that is served"),
        (&["--path", "nowhere"], 2, "must begin with `/`"),
        (&["--root", "tmp"], 1, "  help: name a folder on a disk with room for all assets with `TMPDIR`\n"),
    ] {
        let run = bench(&host, args);
        assert_eq!((run.code, run.stdout.as_str()), (Some(code), ""), "{run}");
        assert!(run.stderr.contains(expected), "{run}");
    }
    let run = host.run(&["bench", "--rounds", "0"]);
    assert!(run.code == Some(2) && run.stderr.contains("invalid value '0' for '--rounds <N>'"), "{run}");
    let run = host.run_with(&["bench"], &[("TMPDIR", "/dev/null")], b"");
    assert!(run.code == Some(1) && run.stderr.contains("failed to make `/dev/null`"), "{run}");
}

#[test]
#[cfg(unix)]
fn nothing_is_left_by_one_that_is_interrupted() {
    let host = Host::office();
    fs::create_dir(host.path("tmp")).expect("a folder");
    let mut command = host.command();
    command.args(["bench", "--rounds", "1000000"]).env("TMPDIR", host.path("tmp"));
    let mut process = command.stderr(std::process::Stdio::piped()).spawn().expect("the command starts");
    // It listens for signals before it makes anything, and has begun to measure by the time that a host was served.
    let is_under_way = || {
        let yard = fs::read_dir(host.path("tmp")).expect("a folder").next();
        yard.is_some_and(|yard| yard.expect("an entry").path().join("default/public/assets").exists())
    };
    while !is_under_way() {
        assert!(process.try_wait().expect("its state").is_none(), "it ended before it was told to");
        std::thread::yield_now();
    }
    let killed = std::process::Command::new("kill").args(["-INT", &process.id().to_string()]).status();
    assert!(killed.expect("`kill` is there").success());
    let output = process.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: interrupted\n");
    assert!(is_left_alone(&host));
}
