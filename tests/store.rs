//! The store as it ships, its own binary serving: every app answers, and they reach one another.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// What an app without settings would answer with 503 but for these.
const ROOMS: (&str, &str) = ("STATIC_MEETING_LINK_ROOMS", "standup=https://meet.example/standup?a=b");
const CARD: (&str, &str) = ("BUSINESS_CARD_NAME", "Anna");

/// A running store, which ends with the value.
struct Store {
    process: Child,
    addr: String,
    /// The folder in which it runs, and which it may leave to another.
    folder: Option<TempDir>,
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An answer: its status, its headers in small letters, its body.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Store {
    /// Starts the store with these variables in an environment that is empty else, and waits until it listens.
    fn start(vars: &[(&str, &str)]) -> Self {
        Self::start_in(TempDir::new().expect("a temporary folder"), &[], vars)
    }

    /// Starts the store in a folder, with these arguments too.
    fn start_in(folder: TempDir, args: &[&str], vars: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_store"));
        command.args(["serve", "--addr", "127.0.0.1:0", "--format", "json", "--public", "public"]).args(args);
        command
            .current_dir(folder.path())
            .env_clear()
            .envs(vars.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.path().join("stderr")).expect("a file"));
        let mut process = command.spawn().expect("the store starts");
        let events = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let mut events = events.map_while(Result::ok).filter_map(|line| serde_json::from_str::<Value>(&line).ok());
        let listening = events.find(|event| event["event"] == "listening").expect("it listens");
        let addr = listening["addr"].as_str().expect("an address").to_owned();
        // Somebody has to read on, or the store could not write.
        std::thread::spawn(move || events.for_each(drop));
        Self { process, addr, folder: Some(folder) }
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.addr).expect("the store takes connections");
        let length = body.len();
        // Of HTTP/1.0, so that the body's end is the connection's.
        write!(stream, "{method} {path} HTTP/1.0\r\n{headers}content-length: {length}\r\n\r\n{body}")
            .expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("it answers by HTTP");
        let head = String::from_utf8(answer[..end].to_vec()).expect("a head is ASCII");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("there is a status");
        Answer { status, head, body: answer.split_off(end + 4) }
    }

    /// What it has said on stderr so far.
    fn said(&self) -> String {
        fs::read_to_string(self.folder().join("stderr")).expect("a file")
    }

    fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", "")
    }

    fn folder(&self) -> &Path {
        self.folder.as_ref().expect("it runs in a folder").path()
    }

    /// Ends it as an operator would; what is left is its folder.
    fn end(mut self) -> TempDir {
        let kill = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(kill.is_ok_and(|kill| kill.success()), "it can be told to end");
        assert!(self.process.wait().is_ok_and(|ended| ended.success()), "it ends well");
        self.folder.take().expect("it runs in a folder")
    }
}

#[test]
fn what_apps_show_by_version_may_be_kept() {
    let store = Store::start(&[]);
    for page in ["/google-meet", "/qr-code"] {
        let page = store.send("GET", page, "accept: text/html\r\n", "");
        let shown: Vec<&str> = page.text().split("src=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(shown.len(), 2, "{}", page.text());
        for href in shown {
            let asset = store.get(href);
            let found = (asset.status, asset.header("cache-control"));
            assert_eq!(found, (200, Some("public, max-age=31536000, immutable")), "{href}");
        }
    }
}

#[test]
fn every_app_has_a_page_and_an_icon() {
    let store = Store::start(&[ROOMS, ("BAKEHOUSE_APP_ECHO", "on")]);
    let list = store.get("/").json();
    let apps = list["apps"].as_array().expect("there are apps");
    assert!(apps.len() >= 20, "{} apps", apps.len());
    for app in apps {
        let slug = app["slug"].as_str().expect("an app has a slug");
        let (href, icon) = (app["href"].as_str().expect(slug), app["icon"].as_str().expect(slug));
        let page = store.send("GET", href, "accept: text/html\r\n", "");
        assert_eq!(page.status, 200, "{slug}: {}", page.text());
        let picture = store.get(icon);
        assert_eq!((picture.status, picture.header("content-type")), (200, Some("image/svg+xml")), "{slug}: {icon}");
        if slug != "echo" {
            assert!(page.text().contains(icon), "{slug} shows its icon: {}", page.text());
            assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("default-src 'none'")));
        }
    }
}

/// Routes whose answers are meant to be others each time.
const RANDOM: [&str; 2] = ["/google-meet/new", "/meet/jitsi"];

#[test]
fn copied_and_eager_or_linked_and_lazy_every_route_answers_alike() {
    let listed =
        Command::new(env!("CARGO_BIN_EXE_store")).args(["routes", "--format", "json"]).output().expect("it runs");
    let routes = String::from_utf8(listed.stdout).expect("JSON is UTF-8");
    let routes = routes.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    let patterns: Vec<_> = routes.map(|route| route["pattern"].as_str().expect("a pattern").to_owned()).collect();
    assert!(patterns.len() > 60, "{} routes", patterns.len());
    let vars = [ROOMS, CARD, ("BAKEHOUSE_APP_ECHO", "on")];
    let rolled_back = [&vars[..], &[("BAKEHOUSE_LINK", "copy"), ("BAKEHOUSE_LOAD", "eager")]].concat();
    let (default, eager) = (Store::start(&vars), Store::start(&rolled_back));
    for pattern in &patterns {
        // A param takes anything.
        let mut parts = pattern.split('{');
        let first = parts.next().unwrap_or_default().to_owned();
        let path = parts.fold(first, |path, part| path + "x" + part.split_once('}').map_or("", |(_, rest)| rest));
        for (method, headers) in [("GET", "accept: text/html\r\n"), ("GET", ""), ("HEAD", ""), ("POST", "")] {
            let [linked, copied] = [&default, &eager].map(|store| store.send(method, &path, headers, ""));
            let told = |answer: &Answer| {
                let head = answer.head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("date:"));
                (head.map(str::to_owned).collect::<Vec<_>>(), answer.body.clone())
            };
            if RANDOM.contains(&path.as_str()) {
                assert_eq!(linked.status, copied.status, "{method} {path}");
            } else {
                assert!(told(&linked) == told(&copied), "{method} {path}: {} {}", linked.head, copied.head);
            }
        }
    }
}

#[test]
fn an_app_without_its_settings_says_which_are_missing() {
    let store = Store::start(&[]);
    for (method, path, variable) in [
        ("GET", "/caldav-calendar/events", "CALDAV_CALENDAR_URL"),
        ("GET", "/meet/standup", "STATIC_MEETING_LINK_ROOMS"),
        ("GET", "/.well-known/security.txt", "SECURITY_TXT_CONTACT"),
        ("GET", "/business-card/card.vcf", "BUSINESS_CARD_NAME"),
        ("GET", "/oauth/google/authorize", "OAUTH_GOOGLE_CLIENT_ID"),
        ("POST", "/call-screening/call", "CALL_SCREENING_KEY"),
        ("GET", "/free-slots/list?from=2027-03-01T08:00:00Z&to=2027-03-01T17:00:00Z", "CALDAV_CALENDAR_URL"),
    ] {
        let answer = store.send(method, path, "", "{}");
        let told = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
        assert_eq!(answer.status, 503, "{path}: {told}");
        assert!(told.contains(&format!("set the environment variable `{variable}`")), "{path}: {told}");
    }
}

#[test]
fn paths_belong_to_whom_they_should() {
    let store = Store::start(&[ROOMS, CARD]);
    let to = |path| store.get(path).header("location").map(str::to_owned);
    assert_eq!(to("/meet/standup").as_deref(), Some("https://meet.example/standup?a=b"));
    assert!(to("/meet/jitsi").is_some_and(|room| room.starts_with("https://meet.jit.si/")), "a room that is yielded");
    assert_eq!(store.get("/meet/attic").status, 404);
    assert_eq!(store.get("/echo/a").status, 404, "an app that is off unless it is switched on");
    let (card, text) = (store.get("/qr-code/business-card.svg"), store.get("/qr-code/business-cards.svg"));
    assert_eq!((card.status, text.status), (200, 200));
    assert_ne!(card.body.len(), text.body.len(), "a path that is overridden");
}

#[test]
fn apps_reach_one_another() {
    let store = Store::start(&[ROOMS, ("GOOGLE_MEET_PUBLIC_URL", "https://store.example")]);
    let room = store.get("/static-meeting-link/standup.svg");
    let drawn = store.get("/qr-code/svg?text=https://meet.example/standup?a%3Db&size=256");
    assert_eq!((room.status, room.text()), (200, drawn.text()));

    let event = json!({
        "title": "Lunch", "start": "2027-03-01T12:00:00Z", "end": "2027-03-01T14:00:00Z", "meeting": true,
    });
    let added = store.send("POST", "/google-calendar/events", "content-type: application/json\r\n", &event.to_string());
    assert_eq!(added.status, 201, "{}", added.text());
    assert!(
        added.json()["meeting"].as_str().is_some_and(|link| link.starts_with("https://store.example/google-meet/"))
    );
    let path = "/free-slots/list?from=2027-03-01T11:00:00Z&to=2027-03-01T15:00:00Z&minutes=60&calendar=google-calendar";
    let free = store.get(path).json();
    let starts: Vec<_> = free["slots"].as_array().into_iter().flatten().map(|slot| slot["from"].clone()).collect();
    assert_eq!(starts, ["2027-03-01T11:00:00Z", "2027-03-01T14:00:00Z"]);
}

#[test]
fn the_menu_and_the_holidays_are_those_of_the_manifests() {
    let store = Store::start(&[("PHONE_MENU_SALES", "+390612345678")]);
    let menu = store.send("POST", "/phone-menu/choice", "", "{\"digits\": \"1\"}").json();
    assert_eq!(menu[0]["target"][0]["number"], "+390612345678");
    for (country, n_days) in [("de", 9), ("it", 12), ("us", 11)] {
        let days = store.get(&format!("/holidays/{country}/2027.json")).json();
        assert_eq!(days.as_array().map(Vec::len), Some(n_days), "{country}");
    }
}

#[test]
fn assets_are_where_and_what_the_manifests_say() {
    let store = Store::start(&[]);
    let public = store.folder().join("public");
    let kind = |path: &str| store.get(path).header("content-type").map(str::to_owned);
    assert_eq!(kind("/world-clock/index.html").as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(kind("/embed/v1.js").as_deref(), Some("text/javascript; charset=utf-8"));
    assert!(fs::symlink_metadata(public.join("embed/v1.js")).is_ok_and(|file| file.is_file()), "a copy, not a link");

    let pictures = public.join("app-assets/meeting-backgrounds/pictures");
    assert!(!pictures.exists(), "they are lazy");
    assert_eq!(kind("/app-assets/meeting-backgrounds/pictures/oven.svg").as_deref(), Some("image/svg+xml"));
    assert!(pictures.exists());
    let record = store.get("/apps/meeting-backgrounds").json();
    for path in record["metadata"]["pictures"].as_array().expect("the manifest lists them") {
        assert_eq!(store.get(path.as_str().expect("a path")).status, 200, "{path}");
    }
}

/// Three runs are recorded, `check` proposes what they show, and a store that is baked with them is warm before it is asked.
#[test]
#[cfg(unix)]
fn a_profile_makes_the_next_bake_better() {
    let mut folder = TempDir::new().expect("a temporary folder");
    let apps = Path::new(env!("CARGO_MANIFEST_DIR")).join("apps");
    std::os::unix::fs::symlink(apps, folder.path().join("apps")).expect("a link can be made");
    let manifest = |folder: &TempDir, profile: &str| {
        let text = format!("[host]\nname = \"warm\"\n{profile}[routes]\neach = [\"/apps/$slug\"]\n");
        fs::write(folder.path().join("apps.manifest.toml"), text).expect("a manifest");
    };
    manifest(&folder, "");
    for _ in 0..3 {
        let store = Store::start_in(folder, &["-m", "apps.manifest.toml", "--profile", "profile.json"], &[]);
        let path = "/free-slots/list?from=2027-03-01T11:00:00Z&to=2027-03-01T15:00:00Z&calendar=google-calendar";
        assert_eq!(store.get(path).status, 200);
        folder = store.end();
    }
    manifest(&folder, "profile = \"profile.json\"\n");

    let check = Command::new(env!("CARGO_BIN_EXE_store"))
        .args(["-m", "apps.manifest.toml", "check", "--format", "json"])
        .current_dir(folder.path())
        .output()
        .expect("the command runs");
    let told: Vec<Value> = serde_json::from_slice(&check.stdout).expect("a list of problems");
    let told: Vec<_> = told.iter().map(|it| (it["code"].as_str(), it["help"].as_str())).collect();
    let core = "write `core = [\"free-slots\", \"google-calendar\"]` under `[host]`";
    let preload = "write `preload = [\"google-calendar\"]` for the route `/free-slots/list`, by which `free-slots` is loaded mostly";
    let proposals = [("profile-core", core), ("profile-core", core), ("profile-preload", preload)];
    assert_eq!(told, proposals.map(|(code, help)| (Some(code), Some(help))));

    let store = Store::start_in(folder, &["-m", "apps.manifest.toml"], &[]);
    let loaded = || {
        let metrics = store.get("/metrics").json();
        let apps = metrics["apps"].as_array().into_iter().flatten();
        let loaded = apps.filter(|app| app["state"] == "loaded");
        loaded.filter_map(|app| app["slug"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    // What an app requires is loaded before it.
    while loaded() != ["free-slots", "google-calendar", "oauth"] {
        std::thread::yield_now();
    }
}

#[test]
fn loads_and_answers_are_logged_where_it_is_asked_for() {
    let store = Store::start(&[("BAKEHOUSE_LOG", "info")]);
    while store.get("/readyz").status != 200 {}
    assert_eq!(store.get("/qr-code/svg?text=x").status, 200);
    let log = store.said();
    for part in [
        "load{app=\"google-calendar\" why=start elapsed_us=",
        "load{app=\"qr-code\" why=route `/qr-code/svg` elapsed_us=",
        "handle{app=\"qr-code\" pattern=\"/qr-code/svg\" method=\"GET\" path=\"/qr-code/svg\" status=200}",
    ] {
        assert!(log.contains(part), "{part} is in\n{log}");
    }
    let silent = Store::start(&[]);
    assert_eq!((silent.get("/qr-code").status, silent.said().as_str()), (200, ""));
}
