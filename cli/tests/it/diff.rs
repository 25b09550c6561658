//! `bake --diff`: what a change does to routes, names, assets and policies.

use std::fs;

use insta::assert_snapshot;

use crate::common::Host;

/// The office, baked, and then changed in every respect.
fn changed_office() -> Host {
    let host = Host::office();
    assert_eq!(host.run(&["bake", "-o", "old.table"]).code, Some(0));
    host.write(
        "apps.manifest.toml",
        "[host]\nname = \"office\"\n[routes]\neach = [\"/apps/$slug\"]\ntrailing-slash = \"redirect\"\n\
         [assets]\nmount = \"assets/$slug\"\n",
    );
    host.write(
        "apps/calendar/app.toml",
        r#"
        slug = "calendar"
        name = "Calendar"
        aliases = ["dates"]
        description = "Days and weeks"
        publisher = "Example"
        categories = ["time", "work"]
        [[route]]
        path = "/calendar/{day}"
        methods = ["GET"]
        [[route]]
        path = "/calendar/today"
        methods = ["GET"]
        preload = ["notes"]
        [[assets]]
        from = "static"
        lazy = true
        [metadata]
        colour = "red"
        "#,
    );
    fs::remove_dir_all(host.path("apps/mail")).expect("an app can be removed");
    host.write(
        "apps/notes/app.toml",
        r#"
        slug = "notes"
        name = "Notes"
        enabled = false
        requires = ["calendar"]
        [[route]]
        path = "/meet/notes"
        methods = ["GET", "DELETE"]
        overrides = ["meet"]
        [[assets]]
        from = "static"
        mode = "copy"
        "#,
    );
    host.write("apps/notes/static/note.txt", "note");
    host
}

#[test]
fn what_a_change_does_is_told_app_by_app() {
    let host = changed_office();
    assert_snapshot!(host.transcript(&["bake --diff old.table", "bake --diff old.table -o new.table"]));
    assert!(host.path("new.table").exists());
}

#[test]
fn what_a_change_does_is_told_to_programs() {
    let host = changed_office();
    let diff = host.run(&["bake", "--diff", "old.table", "--format", "json"]).json();
    assert_snapshot!(serde_json::to_string_pretty(&diff).expect("JSON"));
    let both = host.run(&["bake", "--diff", "old.table", "-o", "new.table", "--format", "json"]).json();
    assert_eq!((&both["diff"], &both["apps"]), (&diff["diff"], &3.into()));
}

#[test]
fn equal_tables_do_not_differ() {
    let host = Host::office();
    assert_eq!(host.run(&["bake", "-o", "old.table"]).code, Some(0));
    assert_snapshot!(host.transcript(&["bake --diff old.table", "bake --diff old.table --format json"]));
}

#[test]
fn paths_that_change_hands_are_found_from_either_side() {
    let app = |slug: &str, routes: &str| {
        (format!("apps/{slug}/app.toml"), format!("slug = \"{slug}\"\nname = \"{slug}\"\n{routes}"))
    };
    let wide = app("wide", "[[route]]\npath = \"/{{x}}/{*rest}\"\nyields = true\n");
    let narrow = app("narrow", "[[route]]\npath = \"/{{x}}/{id}.json\"\nmethods = [\"GET\", \"PUT\"]\n");
    let host = Host::new(&[("apps.manifest.toml", "[host]\nname = \"h\"\n")]);
    host.write(&wide.0, &wide.1);
    assert_eq!(host.run(&["bake", "-o", "without.table"]).code, Some(0));
    host.write(&narrow.0, &narrow.1);
    assert_eq!(host.run(&["bake", "-o", "with.table"]).code, Some(0));
    let handovers = |new: &str, old: &str| {
        let run = host.run(&["-m", new, "bake", "--diff", old, "--format", "json"]);
        run.json()["diff"]["paths"].clone()
    };
    let [wide, narrow] = [("wide", "/{{x}}/{*rest}"), ("narrow", "/{{x}}/{id}.json")]
        .map(|(app, pattern)| serde_json::json!({ "app": app, "pattern": pattern }));
    let handover =
        |from, to| serde_json::json!([{ "path": "/{x}/{id}.json", "methods": ["GET", "PUT"], "from": from, "to": to }]);
    assert_eq!(handovers("with.table", "without.table"), handover(&wide, &narrow));
    assert_eq!(handovers("without.table", "with.table"), handover(&narrow, &wide));
}

#[test]
fn what_is_no_old_table_is_refused_before_anything_is_written() {
    let host = Host::office();
    assert_eq!(host.run(&["bake", "-o", "version"]).code, Some(0));
    let mut bytes = fs::read(host.path("version")).expect("a table");
    bytes[8] = 99;
    host.write("version", bytes);
    assert_snapshot!(host.transcript(&[
        "bake --diff nowhere",
        "bake --diff apps.manifest.toml -o new.table",
        "bake --diff version -o new.table",
    ]));
    assert!(!host.path("new.table").exists());
}
