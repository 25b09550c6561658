//! `check --fix`: what is certain is written right, and nothing else is touched.

use insta::assert_snapshot;

use crate::common::Host;

/// Five names that are certain, and three that are not: `nmae` may be anything, `Name` would be there twice, `Set` is a choice.
const WRONG: &str = "\u{feff}# the calendar\r\n\
    slug = \"calendar\"\r\n\
    name = \"Calendar\"   # a `Name`\r\n\
    Name = \"x\"\r\n\
    nmae = \"x\"\r\n\
    Uses = [\"Mail_Box\"]\r\n\
    [[route]]\r\n\
    path = \"/calendar\"\r\n\
    methods = [\"get\", \"Set\"]\r\n\
    [[assets]]\r\n\
    from = \"static\"\r\n\
    mode = \"Symlink\"\r\n";

fn host() -> Host {
    Host::new(&[
        ("apps.manifest.toml", "[host]\nname = \"office\"\nmanifest_names = [\"app.toml\"]\n"),
        ("apps/calendar/app.toml", WRONG),
        ("apps/calendar/static/icon.svg", "<svg/>"),
        ("apps/mail-box/app.toml", "slug = \"mail-box\"\nname = \"Mail\"\n"),
    ])
}

fn read(host: &Host, path: &str) -> String {
    std::fs::read_to_string(host.path(path)).expect("a manifest")
}

#[test]
fn what_is_certain_is_written_right_and_the_rest_is_told() {
    let host = host();
    let run = host.run(&["check", "--fix"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_snapshot!(run);
    let expected = WRONG
        .replace("Uses", "uses")
        .replace("Mail_Box", "mail-box")
        .replace("\"get\"", "\"GET\"")
        .replace("Symlink", "symlink");
    assert_eq!(read(&host, "apps/calendar/app.toml"), expected);
    assert_eq!(read(&host, "apps.manifest.toml"), "[host]\nname = \"office\"\nmanifest-names = [\"app.toml\"]\n");
    // What is left, a second time does nothing about.
    let again = host.run(&["check", "--fix"]);
    assert!(!again.stderr.contains("fixed "), "{again}");
    assert_eq!(read(&host, "apps/calendar/app.toml"), expected);
}

#[test]
fn a_right_host_stays_as_it_is() {
    let host = Host::office();
    let before = read(&host, "apps/meet/app.toml");
    let run = host.run(&["check", "--fix"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), "3 apps checked: nothing is wrong\n"), "{run}");
    assert_eq!(read(&host, "apps/meet/app.toml"), before);
}

#[test]
#[cfg(unix)]
fn permissions_stay() {
    use std::os::unix::fs::PermissionsExt as _;

    let host = host();
    let path = host.path("apps/calendar/app.toml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("it is ours");
    host.run(&["check", "--fix"]);
    assert_eq!(std::fs::metadata(&path).expect("a manifest").permissions().mode() & 0o777, 0o640);
    assert_eq!(
        std::fs::read_dir(host.path("apps/calendar")).expect("a folder").count(),
        2,
        "nothing is left beside it"
    );
}

#[test]
fn a_table_has_nothing_to_fix() {
    let host = Host::office();
    assert_eq!(host.run(&["bake", "-o", "office.table"]).code, Some(0));
    let run = host.run(&["-m", "office.table", "check", "--fix"]);
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.starts_with("error: there is nothing to fix in a table"), "{run}");
}
