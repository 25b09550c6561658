//! Linking and cleaning.

use std::fs;

use insta::assert_snapshot;

use crate::common::Host;

#[test]
#[cfg(unix)]
fn link_and_clean() {
    let host = Host::office();
    assert_snapshot!(host.transcript(&[
        "link --dry-run",
        "link",
        "link --format json",
        "link --verbose",
        "link --verbose --format json --mode copy",
        "clean mail",
        "clean --format json",
    ]));
    assert!(!host.path("public/assets").exists() && !host.path(".bakehouse").exists());
}

#[test]
#[cfg(unix)]
fn status() {
    let host = Host::office();
    host.write("public/assets/mail/a.txt", "mine");
    let before = host.transcript(&["status", "status --format json"]);
    std::fs::remove_dir_all(host.path("public")).expect("the public folder can be removed");
    assert_eq!(host.run(&["bake", "-o", "t"]).code, Some(0));
    assert_eq!(host.run(&["link"]).code, Some(0));
    let linked = host.transcript(&["status", "status --verbose", "status --format json"]);
    host.write("apps/calendar/static/secret.txt", "");
    host.write("apps/mail/static/a.txt", "another a");
    fs::remove_file(host.path("public/assets/mail/b.txt")).expect("a copy can be removed");
    fs::remove_file(host.path("apps/meet/logo.svg")).expect("an asset can be removed");
    let after = host.transcript(&["status -m t --root apps", "status -m t --root apps --format json"]);
    assert_snapshot!([before, linked, after].join("\n"));
}

#[test]
#[cfg(unix)]
fn materialize() {
    let host = Host::office();
    host.write("apps/mail/static/b.txt", "a");
    host.write("mine/index.html", "mine");
    host.write("a-file", "");
    std::os::unix::fs::symlink("mine", host.path("a-link")).expect("a link");
    assert_snapshot!(host.transcript(&[
        "materialize out",
        "materialize out --format json",
        "materialize out --dedupe --verbose",
        "materialize out --dedupe --verbose --format json",
        "materialize mine",
        "materialize a-file",
        "materialize a-link",
        "materialize apps/mail/out",
        "materialize .",
        "materialize public/out",
        "materialize a-file/out",
        "materialize",
    ]));
    let read = |path: &str| fs::read_to_string(host.path(path)).expect("a materialized file");
    assert_eq!(
        (read("out/assets/mail/a.txt"), read("out/assets/meet/logo.svg")),
        ("a".into(), "<svg>meet</svg>".into())
    );
    assert_eq!(read("mine/index.html"), "mine");

    assert_eq!(host.run(&["bake", "-o", "t"]).code, Some(0));
    fs::remove_file(host.path("apps/meet/logo.svg")).expect("an asset can be removed");
    let run = host.run(&["materialize", "out", "-m", "t", "--root", "apps"]);
    assert_eq!((run.code, read("out/assets/meet/logo.svg")), (Some(1), "<svg>meet</svg>".to_owned()), "{run}");
    assert!(run.stderr.ends_with("`out` is as it was\n"), "{run}");
}

#[test]
fn a_dry_run_writes_nothing() {
    let host = Host::office();
    let run = host.run(&["link", "--dry-run", "--format", "json"]);
    assert_eq!((run.code, run.json()["created"].as_u64()), (Some(0), Some(3)), "{run}");
    assert!(!host.path("public").exists() && !host.path(".bakehouse").exists());
}

#[test]
fn folders_are_taken_from_the_call_and_the_environment() {
    let host = Host::office();
    fs::create_dir(host.path("cwd")).expect("a folder");
    fs::rename(host.path("apps"), host.path("moved")).expect("the apps can be moved");
    // The manifest is read at the place where `apps` was.
    host.write("apps/calendar/app.toml", "slug = \"calendar\"\nname = \"C\"\n[[assets]]\nfrom = \"static\"\n");
    host.write("apps/calendar/static/icon.svg", "not this one");
    let args = ["-m", "../apps.manifest.toml", "link", "--mode", "copy", "--public", "pub", "--state", "ledger"];
    let run = |args: &[&str], root: &str| {
        let status = host.command().current_dir(host.path("cwd")).args(args).env("BAKEHOUSE_ROOT", root).output();
        assert!(status.expect("the command runs").status.success());
        fs::read_to_string(host.path("cwd/pub/assets/calendar/icon.svg")).expect("a linked file")
    };
    assert_eq!(run(&args, "../moved"), "<svg>calendar</svg>");
    let with_root: Vec<&str> = args.into_iter().chain(["--root", "../apps"]).collect();
    assert_eq!(run(&with_root, "../moved"), "not this one");
    assert!(host.path("cwd/ledger").is_dir() && !host.path("public").exists());
}

#[test]
fn lazy_assets_are_linked_at_once() {
    let host = Host::office();
    let run = host.run(&["link", "--format", "json"]).json();
    assert_eq!((run["planned"].as_u64(), run["created"].as_u64()), (Some(3), Some(3)), "{run}");
    assert_eq!(fs::read_to_string(host.path("public/assets/meet/logo.svg")).expect("the asset"), "<svg>meet</svg>");
}

#[test]
fn apps_that_are_off_are_left_out_and_taken_away() {
    let host = Host::office();
    assert_eq!(host.run(&["link"]).code, Some(0));
    let off = [("BAKEHOUSE_APP_MAIL", "off"), ("BAKEHOUSE_APP_MEET", "off")];
    let run = host.run_with(&["link", "--format", "json"], &off, b"").json();
    let counts = ["planned", "unchanged", "removed"].map(|count| run[count].as_u64());
    // Two files were copied for one of them, the other had a link.
    assert_eq!(counts, [Some(1), Some(1), Some(3)], "{run}");
    assert!(!host.path("public/assets/mail").exists() && !host.path("public/assets/meet").exists());

    let run = host.run_with(&["link", "--route", "/apps/mail"], &off, b"");
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run}");
    assert!(run.stderr.starts_with("error: app `mail`, which serves `/apps/mail`, is switched off"), "{run}");
}

#[test]
fn a_route_links_what_it_needs() {
    let cases = [
        // The app of the route and what it preloads.
        ("/meet/1?a=b", &["calendar", "meet"][..]),
        // What the app requires.
        ("/apps/mail", &["calendar", "mail"]),
        ("/cal/1", &["calendar"]),
    ];
    for (path, apps) in cases {
        let host = Host::office();
        let run = host.run(&["link", "--route", path]);
        assert_eq!(run.code, Some(0), "{run}");
        let mut linked: Vec<_> = fs::read_dir(host.path("public/assets")).expect("linked assets").collect();
        let names: Vec<_> =
            linked.drain(..).map(|entry| entry.expect("an asset").file_name().into_string().expect("a name")).collect();
        assert!(apps.iter().all(|app| names.iter().any(|name| name == app)) && names.len() == apps.len(), "{names:?}");
    }
}

#[test]
fn a_route_links_beside_what_is_there() {
    let host = Host::office();
    assert_eq!(host.run(&["link"]).code, Some(0));
    let run = host.run(&["link", "--route", "/cal/1", "--format", "json"]).json();
    assert_eq!((run["unchanged"].as_u64(), run["removed"].as_u64()), (Some(1), Some(0)), "{run}");
    assert!(host.path("public/assets/mail/a.txt").exists());
}

#[test]
fn the_environment_chooses_how_links_are_made() {
    let host = Host::office();
    let linked = |args: &[&str]| {
        let run = host.run_with(args, &[("BAKEHOUSE_LINK", "copy")], b"");
        assert_eq!(run.code, Some(0), "{run}");
        run.json()["methods"].clone()
    };
    assert_eq!(linked(&["link", "--format", "json"]), serde_json::json!({ "copy": 3 }));
    // What is typed goes before.
    assert_eq!(linked(&["link", "--format", "json", "--mode", "hardlink"]), serde_json::json!({ "hardlink": 3 }));
}

#[test]
#[cfg(unix)]
fn doctor() {
    let host = Host::office();
    let run = host.run(&["doctor"]);
    let words: Vec<_> = run.stdout.lines().map(|line| line.split_whitespace().take(2).collect::<Vec<_>>()).collect();
    assert_eq!((run.code, words.len()), (Some(0), 8), "{run}");
    assert_eq!((&words[0][..], &words[7][..]), (&["symlink", "works"][..], &["tried", "in"][..]), "{run}");
    let lines = host.run(&["doctor", "--format", "json"]).json_lines();
    assert_eq!(lines[0], serde_json::json!({ "method": "symlink", "works": true, "why": null }));
    let why = "only Windows has junctions; where symlinks work, nothing else is needed";
    assert_eq!(lines[1], serde_json::json!({ "method": "junction", "works": false, "why": why }));
    assert!(!host.path("public").exists() && !host.path(".bakehouse").exists());

    host.write("a-file", "");
    assert_snapshot!(
        host.transcript(&["doctor --public a-file", "doctor --public a-file --state a-file --format json"])
    );
}

#[test]
fn a_materialized_folder_is_as_planned_where_nothing_is_linked() {
    let host = Host::office();
    assert_eq!(host.run(&["materialize", "out"]).code, Some(0));
    // As where only the folder was shipped.
    fs::remove_dir_all(host.path(".bakehouse")).expect("the ledger can be removed");
    let off = [("BAKEHOUSE_LINK", "off")];
    let status = host.run_with(&["status", "--public", "out", "--format", "json"], &off, b"");
    assert_eq!((status.code, status.json()["ok"].as_array().map(Vec::len)), (Some(0), Some(3)), "{status}");
    let run = host.run_with(&["link", "--public", "out"], &off, b"");
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run}");
    assert!(run.stderr.starts_with("error: `BAKEHOUSE_LINK` is `off`, so nothing may be linked\n  help: "), "{run}");
    let run = host.run_with(&["link", "--public", "out", "--mode", "copy", "--format", "json"], &off, b"");
    assert_eq!((run.code, run.json()["unchanged"].as_u64()), (Some(0), Some(3)), "{run}");
}

#[test]
fn what_is_in_the_way_is_told() {
    let host = Host::office();
    host.write("public/assets/calendar", "mine");
    assert_snapshot!(host.transcript(&["link", "link --format json"]));
    assert_eq!(fs::read_to_string(host.path("public/assets/calendar")).expect("the file"), "mine");
}

#[test]
fn what_failed_is_told() {
    let host = Host::office();
    assert_eq!(host.run(&["bake", "-o", "t"]).code, Some(0));
    fs::remove_file(host.path("apps/meet/logo.svg")).expect("an asset can be removed");
    assert_snapshot!(host.run(&["link", "-m", "t", "--root", "apps", "--mode", "copy"]));
}

#[test]
fn clean_keeps_what_somebody_changed() {
    let host = Host::office();
    assert_eq!(host.run(&["link", "--mode", "copy"]).code, Some(0));
    host.write("public/assets/mail/a.txt", "mine");
    assert_snapshot!(host.transcript(&["clean"]));
}
