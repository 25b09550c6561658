//! Who serves a path, and why.

use insta::assert_snapshot;
use serde_json::json;

use crate::common::Host;

#[test]
fn paths() {
    let host = Host::office();
    let paths = "/cal/today /calendar/today /calendar/1?x=2 /meet/a.ics /meet/a/b /nowhere no-slash";
    assert_snapshot!(host.transcript(&[
        "routes /cal/1",
        &format!("routes {paths}"),
        &format!("routes --format json {paths}"),
        "routes --method PUT /calendar/today /meet/a",
        "routes --method POST /cal/1 --format json",
        "routes --method PROPFIND /apps/mail",
        "routes --method get /apps/mail",
    ]));
}

#[test]
fn explanations() {
    assert_snapshot!(Host::office().transcript(&[
        "routes --explain /meet/a.ics /nowhere",
        "routes --explain --method POST /meet/a.ics",
        "routes --explain --method HEAD /calendar/today",
        "routes --explain --method DELETE /calendar/today",
        "routes --explain --format json /calendar/today",
        "routes --explain",
    ]));
}

#[test]
fn what_nearly_matches_is_told_with_what_it_fails_on() {
    assert_snapshot!(Host::office().transcript(&[
        "routes --explain /meet /meet/ /meeet/a /Apps/mail /apps/mail/ /apps/mali /apps/x /calendar/today/noon / no-slash",
        "routes --explain --method PUT /calendar/tody",
        "routes --explain --format json /meet/ /nowhere",
    ]));
}

/// Where a route serves `HEAD` itself, it goes before one that answers for `GET`, of whatever precedence.
#[test]
fn head_falls_to_get_where_nothing_serves_it() {
    let host = Host::office();
    let route = |path: &str, method: &str| format!("[[route]]\npath = \"{path}\"\nmethods = [\"{method}\"]\n");
    let routes = [route("/files/{name}.txt", "GET"), route("/files/{name}", "HEAD"), route("/files/{*rest}", "POST")];
    host.write("apps/files/app.toml", format!("slug = \"files\"\nname = \"Files\"\n{}", routes.concat()));
    assert_snapshot!(
        host.transcript(&["routes --explain --method HEAD /files/a.txt /files/a", "routes --explain /files/a.txt"])
    );
}

#[test]
fn slashes_at_the_end() {
    for (slashes, served) in [("strict", false), ("ignore", true), ("redirect", true)] {
        let host = Host::office();
        let manifest = std::fs::read_to_string(host.path("apps.manifest.toml")).expect("the manifest");
        let switch = format!("[routes]\ntrailing-slash = \"{slashes}\"");
        host.write("apps.manifest.toml", manifest.replace("[routes]", &switch));
        let run = host.run(&["routes", "--explain", "/apps/mail/"]);
        assert_eq!(run.code, Some(i32::from(!served)), "{run}");
        assert_snapshot!(format!("slash_{slashes}"), run);
        let run = host.run(&["routes", "--format", "json", "--explain", "/apps/mail/", "/meet/a/"]);
        assert_snapshot!(format!("slash_{slashes}_json"), run);
    }
}

#[test]
fn lines_of_stdin_are_bytes() {
    let host = Host::office();
    let stdin = b"/cal/1\r\n\n/cal/\xFF\x1B?a=\xFE\n/nowhere\n/meet/x/\xE2\x82\xAC";
    let run = host.run_with(&["routes", "--stdin", "--format", "json"], &[], stdin);
    assert_eq!(run.code, Some(0), "{run}");
    let served = |path: &str, app: &str, pattern: &str, name: &str, value: &str| json!({ "path": path, "app": app, "pattern": pattern, "params": { name: value }, "preload": [] });
    assert_eq!(
        run.json_lines(),
        [
            served("/cal/1", "calendar", "/cal/{day}", "day", "1"),
            json!({ "path": "", "app": null }),
            served("/cal/%FF\u{1b}", "calendar", "/cal/{day}", "day", "%FF\u{1b}"),
            json!({ "path": "/nowhere", "app": null }),
            served("/meet/x/€", "meet", "/meet/{*rest}", "rest", "x/€"),
        ]
    );
    let run = host.run_with(&["routes", "--stdin"], &[], stdin);
    assert_snapshot!(run);
}

/// A reader that has seen enough, such as `head`, is no reason to complain.
#[test]
fn a_closed_pipe_ends_the_lookup() {
    let host = Host::office();
    let mut command = host.command();
    command.args(["routes", "--stdin", "--format", "json"]);
    command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().expect("the command starts");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("a pipe");
    // More than any buffer on the way, so that the command writes while it reads.
    let written = std::io::Write::write_all(&mut stdin, &b"/cal/1\n".repeat(50_000));
    drop((written, stdin));
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}
