//! The app against a real server: Radicale, if the command `radicale` is there, or the one that `RADICALE` names.

use std::{
    env, fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use bakehouse_sdk::{
    App, Error,
    http::{HeaderValue, header::ACCEPT},
    interfaces::{Busy, Calendar},
    testing::{self, TestContext},
};
use caldav_calendar::CaldavCalendar;
use serde_json::{Value, json};
use tempfile::TempDir;

const EVENTS: &str = "/caldav-calendar/events";

/// `anna:secret` in Base64.
const ANNA: &str = "YW5uYTpzZWNyZXQ=";

/// A server with the calendar `/anna/planner/`, which ends with the value.
struct Radicale {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Drop for Radicale {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Radicale {
    /// Starts it and waits until it answers; nothing, with a word on it, where there is no Radicale.
    fn start() -> Option<Self> {
        let program = env::var("RADICALE").unwrap_or_else(|_| "radicale".to_owned());
        let folder = tempfile::tempdir().unwrap();
        let users = folder.path().join("users");
        fs::write(&users, "anna:secret\n").unwrap();
        // Free now; that somebody takes it before Radicale does is told by the check of the process below.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(&program);
        command.args(["--config", "", "--auth-type", "htpasswd", "--auth-htpasswd-encryption", "plain"]);
        command.arg("--auth-htpasswd-filename").arg(&users).arg("--storage-filesystem-folder").arg(folder.path());
        command.arg("--server-hosts").arg(format!("127.0.0.1:{port}")).stdin(Stdio::null());
        match command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Ok(process) => Some(Self { process, port, _folder: folder }.awaited()),
            Err(error) if env::var_os("CI").is_some() => panic!("`{program}` must be there in CI: {error}"),
            Err(error) => {
                println!("skipped: there is no Radicale, `{program}`: {error}");
                None
            }
        }
    }

    fn awaited(mut self) -> Self {
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert_eq!(self.process.try_wait().unwrap(), None, "Radicale ended");
            thread::sleep(Duration::from_millis(50));
        }
        self.put("MKCALENDAR", "/anna/planner/", "application/xml", NAMED);
        for (idx, event) in OBJECTS.iter().enumerate() {
            let object = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{event}\nEND:VCALENDAR\n");
            self.put("PUT", &format!("/anna/planner/{idx}.ics"), "text/calendar", &object);
        }
        self
    }

    fn put(&self, method: &str, path: &str, kind: &str, body: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nauthorization: Basic {ANNA}\r\ncontent-type: {kind}\r\n\
             content-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.split(' ').nth(1) == Some("201"), "{method} {path}: {answer}");
    }

    async fn app(&self, path: &str, password: &str) -> CaldavCalendar {
        let ctx = TestContext::new("caldav-calendar")
            .with_setting("url", &format!("http://127.0.0.1:{}{path}", self.port))
            .with_setting("user", "anna")
            .with_setting("password", password)
            .with_setting("time_zone", "Europe/Rome");
        caldav_calendar::app(&ctx.build()).await.unwrap()
    }
}

const NAMED: &str = "<?xml version=\"1.0\"?><C:mkcalendar xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><set><prop>\
    <displayname>Anna &amp; Co</displayname></prop></set></C:mkcalendar>";

const OBJECTS: [&str; 5] = [
    "BEGIN:VEVENT\nUID:a\nDTSTAMP:20270101T000000Z\nSUMMARY:Stand-up\nDTSTART:20270301T090000Z\nDTEND:20270301T091500Z\n\
     RRULE:FREQ=DAILY;COUNT=30\nEND:VEVENT",
    "BEGIN:VEVENT\nUID:b\nDTSTAMP:20270101T000000Z\nSUMMARY:Brot\\, <b>Wein</b>\nLOCATION:Rome\n\
     DTSTART;TZID=Europe/Rome:20270301T130000\nDTEND;TZID=Europe/Rome:20270301T140000\nEND:VEVENT",
    "BEGIN:VEVENT\nUID:c\nDTSTAMP:20270101T000000Z\nSUMMARY:Fair\nDTSTART;VALUE=DATE:20270302\nTRANSP:TRANSPARENT\nEND:VEVENT",
    "BEGIN:VEVENT\nUID:d\nDTSTAMP:20270101T000000Z\nSUMMARY:Later\nDTSTART:20280301T090000Z\nDTEND:20280301T100000Z\nEND:VEVENT",
    "BEGIN:VTODO\nUID:e\nDTSTAMP:20270101T000000Z\nSUMMARY:Task\nDTSTART:20270301T090000Z\nEND:VTODO",
];

async fn list(app: &CaldavCalendar, accept: &'static str) -> Result<String, Error> {
    let target = format!("{EVENTS}?from=2027-03-01T00:00:00Z&to=2027-03-03T00:00:00Z");
    let mut request = testing::routed(EVENTS, "GET", &target);
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static(accept));
    let response = app.handle(request).await?;
    Ok(String::from_utf8(response.body().as_bytes().unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn a_calendar_is_listed() {
    let Some(radicale) = Radicale::start() else { return };
    let app = radicale.app("/anna/planner/", "secret").await;
    let event = |title: &str, start: &str, end: &str, location: &str, whole_days: bool| {
        json!({
            "title": title, "start": start, "end": end, "wholeDays": whole_days, "location": location,
            "takesTime": !whole_days, "repeats": false,
        })
    };
    let expected = json!({
        "calendar": "Anna & Co", "from": "2027-03-01T00:00:00Z", "to": "2027-03-03T00:00:00Z", "problems": [], "events": [
            event("Stand-up", "2027-03-01T09:00:00Z", "2027-03-01T09:15:00Z", "", false),
            event("Brot, <b>Wein</b>", "2027-03-01T12:00:00Z", "2027-03-01T13:00:00Z", "Rome", false),
            event("Fair", "2027-03-01T23:00:00Z", "2027-03-02T23:00:00Z", "", true),
            event("Stand-up", "2027-03-02T09:00:00Z", "2027-03-02T09:15:00Z", "", false),
        ],
    });
    let found: Value = serde_json::from_str(&list(&app, "application/json").await.unwrap()).unwrap();
    assert_eq!(found, expected);

    let page = list(&app, "text/html").await.unwrap();
    for part in ["<title>Anna &amp; Co</title>", "Brot, &lt;b&gt;Wein&lt;/b&gt;", "2027-03-01 12:00 UTC to", "Rome"] {
        assert!(page.contains(part), "{part}: {page}");
    }

    let (day, nine, noon) = (86_400, 1_803_891_600, 1_803_902_400);
    let expected =
        [(nine, 900), (noon, 3600), (nine + day, 900)].map(|(from, length)| Busy { from, to: from + length });
    assert_eq!(app.busy(nine - 3600, nine + day + 3600).await.unwrap(), expected);
    assert_eq!(app.busy(noon + 3600, noon + 7200).await.unwrap(), []);
}

#[tokio::test]
async fn what_it_refuses_is_told() {
    let Some(radicale) = Radicale::start() else { return };
    for (path, password, expected) in [
        ("/anna/planner/", "wrong", "the calendar server refuses the user name and the password"),
        ("/anna/play/", "secret", "the calendar server has nothing at the configured address"),
        ("/anna/", "secret", "what is at the configured address is not a calendar"),
        ("/berta/planner/", "secret", "the calendar server refuses to show the calendar"),
    ] {
        let error = list(&radicale.app(path, password).await, "*/*").await.unwrap_err();
        assert!(error.detail().starts_with(expected), "{path}: {}", error.detail());
    }
}
