//! Serving: the events, requests, the end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};

use insta::assert_snapshot;
use serde_json::Value;

use crate::common::Host;

/// A host that serves, until the test is over.
pub(crate) struct Serving {
    child: Child,
    events: BufReader<ChildStdout>,
}

impl Serving {
    fn start(host: &Host, args: &[&str]) -> Self {
        Self::start_with(host, args, &[], Stdio::null())
    }

    /// A host on a port of its own with these variables, and its address; it is ready.
    pub(crate) fn ready(host: &Host, args: &[&str], env: &[(&str, &str)]) -> (Self, SocketAddr) {
        let args = [&["serve", "--addr", "127.0.0.1:0", "--format", "json"], args].concat();
        let mut serving = Self::start_with(host, &args, env, Stdio::null());
        let events = serving.events_until("ready");
        let addr = events[0]["addr"].as_str().and_then(|addr| addr.parse().ok()).expect("an address");
        (serving, addr)
    }

    fn start_with(host: &Host, args: &[&str], env: &[(&str, &str)], stderr: Stdio) -> Self {
        let mut command = host.command();
        command.args(args).envs(env.iter().copied());
        Self::spawn(command, stderr)
    }

    fn spawn(mut command: Command, stderr: Stdio) -> Self {
        command.stdout(Stdio::piped()).stderr(stderr);
        let mut child = command.spawn().expect("the host starts");
        let events = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, events }
    }

    fn event(&mut self) -> Value {
        let mut line = String::new();
        self.events.read_line(&mut line).expect("an event");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    fn events_until(&mut self, last: &str) -> Vec<Value> {
        let mut events = vec![self.event()];
        while events.last().is_some_and(|event| event["event"] != last) {
            events.push(self.event());
        }
        events
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended as it should.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["event"].as_str()).collect()
}

pub(crate) fn get(addr: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(addr).expect("the host listens");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn a_host_serves_until_it_is_told_to_end() {
    let host = Host::office();
    for args in [&["serve", "--addr", "127.0.0.1:0", "--format", "json"][..], &["--addr=127.0.0.1:0", "--format=json"]]
    {
        let mut serving = Serving::start(&host, args);
        let events = serving.events_until("ready");
        assert_eq!(names(&events), ["listening", "linked", "loaded", "ready"]);
        assert!(events.iter().all(|event| event["elapsed_us"].is_u64()), "{events:?}");
        assert_eq!(events[1]["planned"], 3);
        let addr = events[0]["addr"].as_str().and_then(|addr| addr.parse().ok()).expect("an address");
        assert!(get(addr, "/assets/calendar/icon.svg").ends_with("<svg>calendar</svg>"));
        assert!(get(addr, "/cal/today").starts_with("HTTP/1.1 200"));
        assert!(get(addr, "/assets/meet/logo.svg").ends_with("<svg>meet</svg>"));
        end(serving);
    }
}

/// Sends a host a signal.
#[cfg(unix)]
fn signal(serving: &Serving, signal: &str) {
    let killed = Command::new("kill").args([signal, &serving.child.id().to_string()]).status();
    assert!(killed.expect("`kill` is there").success());
}

#[test]
#[cfg(unix)]
fn a_host_reads_its_manifest_again_when_it_is_told_to() {
    let host = Host::office();
    let args = ["-m", "apps.manifest.toml", "serve", "--addr", "127.0.0.1:0", "--format", "json"];
    let mut serving = Serving::start_with(&host, &args, &[], Stdio::piped());
    let events = serving.events_until("ready");
    let addr: SocketAddr = events[0]["addr"].as_str().and_then(|addr| addr.parse().ok()).expect("an address");
    let mut told = BufReader::new(serving.child.stderr.take().expect("a pipe"));
    let mut told_until = |end: &str| {
        let mut text = String::new();
        while !text.contains(end) {
            assert!(told.read_line(&mut text).expect("a line") > 0, "{text}");
        }
        text
    };

    host.write("apps/mail/app.toml", "slug = \"mail\"\nname = \"Mail\"\n[[route]]\npath = \"/cal/today\"\n");
    signal(&serving, "-HUP");
    let text = told_until("the host goes on by the table that it has");
    assert!(text.contains("error[route-overlap]"), "{text}");
    assert!(get(addr, "/cal/today").contains("Calendar"));

    host.write("apps/mail/app.toml", "slug = \"mail\"\nname = \"Mail\"\n[[route]]\npath = \"/inbox\"\n");
    assert!(get(addr, "/inbox").starts_with("HTTP/1.1 404"));
    signal(&serving, "-HUP");
    let swapped = serving.event();
    assert_eq!(
        (&swapped["event"], &swapped["apps"], &swapped["links"]["removed"]),
        (&"swapped".into(), &3.into(), &2.into())
    );
    assert!(get(addr, "/inbox").starts_with("HTTP/1.1 200"));
    assert!(get(addr, "/assets/mail/a.txt").starts_with("HTTP/1.1 404"));

    host.write("apps.manifest.toml", "[host]\nname = \"office\"\n[assets]\npublic = \"elsewhere\"\n");
    signal(&serving, "-HUP");
    let text = told_until("the host goes on by the table that it has");
    assert!(text.contains("the public folder is another one now"), "{text}");
    end(serving);
}

/// Ends a host with a signal, and sees that it ends well.
#[cfg(unix)]
pub(crate) fn end(mut serving: Serving) {
    signal(&serving, "-TERM");
    assert_eq!(names(&serving.events_until("stopped")), ["stopped"]);
    assert_eq!(serving.child.wait().expect("the host ends").code(), Some(0));
}

#[cfg(not(unix))]
pub(crate) fn end(serving: Serving) {
    drop(serving);
}

#[test]
#[cfg(unix)]
fn requests_are_answered_though_nobody_reads_what_goes_wrong() {
    let host = Host::office();
    std::fs::create_dir(host.path("public")).expect("a folder");
    std::os::unix::fs::symlink("loop", host.path("public/loop")).expect("a link");
    let args = ["serve", "--addr", "127.0.0.1:0", "--format", "json"];
    let mut serving = Serving::start_with(&host, &args, &[], Stdio::piped());
    drop(serving.child.stderr.take());
    let events = serving.events_until("ready");
    let addr = events[0]["addr"].as_str().and_then(|addr| addr.parse().ok()).expect("an address");
    assert!(get(addr, "/loop").starts_with("HTTP/1.1 500"));
}

#[test]
#[cfg(unix)]
fn too_many_connections_are_a_passing_matter() {
    let host = Host::office();
    let mut command = Command::new("sh");
    let binary = env!("CARGO_BIN_EXE_bakehouse");
    command.args(["-c", "ulimit -n 40 && exec \"$0\" serve --addr 127.0.0.1:0 --format json", binary]);
    command.current_dir(host.dir());
    let mut serving = Serving::spawn(command, Stdio::piped());
    let events = serving.events_until("ready");
    let addr: SocketAddr = events[0]["addr"].as_str().and_then(|addr| addr.parse().ok()).expect("an address");
    let crowd: Vec<_> = (0..60).map(|_| TcpStream::connect(addr).expect("the system takes it")).collect();
    let mut told = BufReader::new(serving.child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    while !line.starts_with("error: can't take connections for now") {
        line.clear();
        assert!(told.read_line(&mut line).expect("a line") > 0, "it is told");
    }
    drop(crowd);
    assert!(get(addr, "/cal/today").starts_with("HTTP/1.1 200"));
    end(serving);
}

#[test]
fn what_a_host_is_at_is_printed_where_it_is_asked_for() {
    let host = Host::office();
    for (level, printed, silent) in [
        ("debug", &["link{planned=3", "find{method=\"GET\" path=\"/cal/today\" app=\"calendar\""][..], &[][..]),
        ("info,bakehouse::link=off", &[], &["link{", "find{"]),
        ("bakehouse::find=debug", &["pattern=\"/cal/{day}\"", "time.busy="], &["link{"]),
    ] {
        let mut command = host.command();
        command.args(["serve", "--addr", "127.0.0.1:0", "--format", "json"]).env("BAKEHOUSE_LOG", level);
        let mut serving = Serving::spawn(command, Stdio::piped());
        let events = serving.events_until("ready");
        let addr = events[0]["addr"].as_str().and_then(|addr| addr.parse().ok()).expect("an address");
        assert!(get(addr, "/cal/today").starts_with("HTTP/1.1 200"));
        let told = serving.child.stderr.take().expect("a pipe");
        drop(serving);
        let log = std::io::read_to_string(told).expect("the log is text");
        for part in printed {
            assert!(log.contains(part), "{level}: {part} is in\n{log}");
        }
        for part in silent {
            assert!(!log.contains(part), "{level}: {part} is not in\n{log}");
        }
        assert!(!log.contains('\u{1b}'), "no colours where nobody sees them");
    }
}

#[test]
fn a_port_that_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = taken.local_addr().expect("its address").to_string();
    let run = Host::office().run(&["serve", "--addr", &addr]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run}");
    assert!(run.stderr.starts_with(&format!("error: can't listen on `{addr}`\n  caused by: ")), "{run}");
    assert!(run.stderr.contains("help: ") && run.stderr.contains("--addr"), "{run}");
}

#[test]
fn a_table_with_code_wants_its_own_binary() {
    let host = Host::new(&[
        ("apps.manifest.toml", "[host]\nname = \"coded\"\n"),
        ("apps/zoom/app.toml", "slug = \"zoom\"\nname = \"Zoom\"\nentry = \"zoom::app\"\n"),
    ]);
    assert_snapshot!(host.run(&["serve", "--addr", "127.0.0.1:0"]));
    assert!(!host.path("public").exists());
}
