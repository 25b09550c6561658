//! `apps` on a running host: how each app fares.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::Value;

use crate::common::Host;

const REPORT: &str = r#"{"apps":[
  {"slug":"calendar","state":"declarative","core":true,"loads":null,"load_us":null,"errors":null,"hits":null,"misses":null,
   "evictions":null,"last_used":null,"last_load":null},
  {"slug":"meet","state":"loaded","core":false,"loads":1,"load_us":1250,"errors":0,"hits":12,"misses":1,"evictions":0,
   "last_used":0.25,"last_load":{"why":"used by `calendar`","ago":61.5,"took_us":1250}},
  {"slug":"zoom","state":"failed","core":true,"loads":0,"load_us":0,"errors":3,"hits":0,"misses":9,"evictions":0,
   "last_used":null,"last_load":null}
]}"#;

fn host() -> Host {
    Host::new(&[
        ("report.json", REPORT),
        ("empty", ""),
        ("list.json", "[1, 2]"),
        ("other.json", r#"{"apps": [{"name": "x"}]}"#),
    ])
}

#[test]
fn a_report_says_how_apps_fare() {
    assert_snapshot!(host().transcript(&[
        "apps --report report.json",
        "apps meet --report report.json",
        "apps zoom --report report.json",
        "apps calendar --report report.json",
        "apps meet --report report.json --format json",
    ]));
}

#[test]
fn a_report_comes_by_stdin() {
    let run = host().run_with(&["apps", "zoom", "--report", "-", "--format", "json"], &[], REPORT.as_bytes());
    assert_eq!((run.code, &run.json()["errors"]), (Some(0), &3.into()), "{run}");
}

#[test]
fn what_is_no_report() {
    assert_snapshot!(host().transcript(&[
        "apps meat --report report.json",
        "apps --report nowhere.json",
        "apps --report empty",
        "apps --report list.json",
        "apps --report other.json",
        "apps --report report.json --host 127.0.0.1:4310",
        "apps --host http://127.0.0.1:4310/",
        "apps --host 127.0.0.1",
    ]));
}

#[test]
fn a_running_host_is_asked() {
    let host = Host::office();
    let mut command = host.command();
    command.args(["serve", "--addr", "127.0.0.1:0", "--format", "json"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut serving = command.spawn().expect("the host starts");
    let mut line = String::new();
    BufReader::new(serving.stdout.take().expect("a pipe")).read_line(&mut line).expect("an event");
    let event: Value = serde_json::from_str(&line).expect("JSON");
    let addr = event["addr"].as_str().expect("an address");
    let run = host.run(&["apps", "calendar", "--host", addr]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), "calendar, core, declarative\n    it has no code, so that nothing is loaded or counted\n"),
        "{run}"
    );
    let run = host.run(&["apps", "--host", addr, "--format", "json"]);
    assert_eq!(run.json_lines().len(), 3, "{run}");
    let run = host.run(&["apps", "calender", "--host", addr]);
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains(&format!("no app `calender` on the host at `{addr}`")), "{run}");
    assert!(run.stderr.contains("the nearest slug is `calendar`"), "{run}");
    serving.kill().expect("it runs");
    serving.wait().expect("it ends");
    let run = host.run(&["apps", "--host", addr]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains(&format!("failed to ask the host at `{addr}`\n  caused by: ")), "{run}");
}

#[test]
fn something_else_that_listens_is_told() {
    for (answer, expected) in [
        ("HTTP/1.1 404 Not Found\r\n\r\n", "answers with status 404 to `GET /metrics`"),
        ("220 mail.example\r\n", "does not answer by HTTP"),
        ("HTTP/1.0 200 OK\r\n\r\n<html>", "is not a report of a host"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("its address").to_string();
        let other = std::thread::spawn(move || {
            let (mut stream, _): (TcpStream, _) = listener.accept().expect("somebody asks");
            let mut request = [0; 1024];
            let n = stream.read(&mut request).expect("a request");
            assert!(request[..n].starts_with(b"GET /metrics HTTP/1.0\r\n"));
            stream.write_all(answer.as_bytes()).expect("it listens");
        });
        let run = Host::office().run(&["apps", "--host", &addr]);
        other.join().expect("it was asked");
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains(&format!("`{addr}` {expected}")), "{expected}: {run}");
    }
}
