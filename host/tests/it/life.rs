//! A host's start and end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::common::{Answer, App, Made, Setup, any_port, get, made, registry};
use bakehouse_host::{Config, Event, serve};
use bakehouse_sdk::{Context, Error, Request, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Answers when it is let.
struct Slow {
    entered: &'static Semaphore,
    released: &'static Semaphore,
}

impl bakehouse_sdk::App for Slow {
    async fn handle(&self, _: Request) -> Result<Response, Error> {
        self.entered.add_permits(1);
        self.released.acquire().await.map_err(Error::internal)?.forget();
        Ok(Response::new("done".into()))
    }
}

fn slow_host(construct: fn(Context) -> Made) -> Setup {
    Setup {
        apps: vec![App { slug: "slow", entry: "slow::app", routes: &[("/slow", &[])], ..App::default() }],
        constructors: vec![("slow", construct)],
        ..Setup::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_flight_is_answered_and_idle_connections_are_closed() {
    static ENTERED: Semaphore = Semaphore::const_new(0);
    static RELEASED: Semaphore = Semaphore::const_new(0);
    let host = slow_host(|_| made(Slow { entered: &ENTERED, released: &RELEASED })).run().await;
    let mut idle = TcpStream::connect(host.addr).await.unwrap();
    let mut used = TcpStream::connect(host.addr).await.unwrap();
    used.write_all(b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n").await.unwrap();
    let mut bytes = [0; 1024];
    assert!(used.read(&mut bytes).await.unwrap() > 0);
    let request = tokio::spawn(get(host.addr, "/slow", &[]));
    ENTERED.acquire().await.unwrap().forget();

    host.stop.notify_one();
    // Both are closed while the request is still in flight.
    assert_eq!(idle.read(&mut bytes).await.unwrap(), 0);
    assert_eq!(used.read(&mut bytes).await.unwrap(), 0);
    assert!(!host.task.is_finished());

    RELEASED.add_permits(1);
    let answer: Answer = request.await.unwrap();
    assert_eq!((answer.status, answer.text()), (200, "done"));
    host.task.await.unwrap().unwrap();
    assert!(matches!(host.events.lock().unwrap().last(), Some(Event::Stopped { clean: true, .. })));
    assert!(TcpStream::connect(host.addr).await.is_err(), "no connection is taken any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_ends_is_cut_off_when_its_time_is_over() {
    static ENTERED: Semaphore = Semaphore::const_new(0);
    static RELEASED: Semaphore = Semaphore::const_new(0);
    let mut setup = slow_host(|_| made(Slow { entered: &ENTERED, released: &RELEASED }));
    setup.configure = Some(|config| config.grace = Duration::ZERO);
    let host = setup.run().await;
    let request = tokio::spawn(get(host.addr, "/slow", &[]));
    ENTERED.acquire().await.unwrap().forget();
    host.stop.notify_one();
    host.task.await.unwrap().unwrap();
    assert!(matches!(host.events.lock().unwrap().last(), Some(Event::Stopped { clean: false, .. })));
    request.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_the_wait() {
    static ENTERED: Semaphore = Semaphore::const_new(0);
    static RELEASED: Semaphore = Semaphore::const_new(0);
    let mut setup = slow_host(|_| made(Slow { entered: &ENTERED, released: &RELEASED }));
    setup.configure = Some(|config| config.grace = Duration::MAX);
    let host = setup.run().await;
    let request = tokio::spawn(get(host.addr, "/slow", &[]));
    ENTERED.acquire().await.unwrap().forget();
    host.stop.notify_one();
    while TcpStream::connect(host.addr).await.is_ok() {
        tokio::task::yield_now().await;
    }
    host.stop.notify_one();
    host.task.await.unwrap().unwrap();
    request.abort();
}

static GATE: Semaphore = Semaphore::const_new(0);

fn gated(_: Context) -> Made {
    Box::pin(async {
        GATE.acquire().await?.forget();
        Err("no key".into())
    })
}

static HAS_KEY: AtomicBool = AtomicBool::new(false);

fn keyed(_: Context) -> Made {
    if HAS_KEY.load(Ordering::SeqCst) {
        return made(Slow { entered: &GATE, released: &GATE });
    }
    Box::pin(async { Err("no key in /srv/secret".into()) })
}

#[tokio::test]
async fn a_core_app_that_fails_is_tried_until_it_is_there() {
    let mut setup = slow_host(keyed);
    setup.apps[0].core = true;
    let host = setup.run().await;
    let lacking = host.get("/readyz").await;
    assert_eq!((lacking.status, lacking.header("retry-after")), (503, Some("1")));
    assert_eq!(lacking.json()["detail"], "The core app `slow` could not be loaded so far.");
    HAS_KEY.store(true, Ordering::SeqCst);
    while host.get("/readyz").await.status != 200 {
        tokio::task::yield_now().await;
    }
    let slow = &host.get("/metrics").await.json()["apps"][0];
    assert_eq!((&slow["state"], &slow["loads"]), (&"loaded".into(), &1.into()));
    assert!(slow["errors"].as_u64() >= Some(1), "nobody asked for it but the host: {slow}");
}

#[tokio::test]
async fn readiness_does_not_wait_for_assets_that_are_not_critical() {
    let apps = vec![App { slug: "plain", assets: &[("static", "plain")], ..App::default() }];
    let host = Setup { apps, impatient: true, sources: &[("plain/static/x.txt", "x")], ..Setup::default() }.run().await;
    assert_eq!(host.get("/readyz").await.status, 200);
    assert_eq!(host.get("/plain/x.txt").await.text(), "x");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_before_core_is_loaded_and_is_ready_after() {
    let mut setup = slow_host(gated);
    setup.apps[0].core = true;
    setup.impatient = true;
    let host = setup.run().await;
    assert_eq!(host.get("/healthz").await.status, 200);
    let waiting = host.get("/readyz").await;
    assert_eq!((waiting.status, waiting.header("retry-after")), (503, Some("1")));
    while host.events().len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(host.events(), ["listening", "linked"]);
    assert!(host.get("/metrics").await.json()["performance"]["startupTime"].is_null());

    GATE.add_permits(1);
    while host.events().len() < 4 {
        tokio::task::yield_now().await;
    }
    assert_eq!(host.events(), ["listening", "linked", "loaded", "ready"]);
    let lacking = host.get("/readyz").await;
    assert_eq!(
        (lacking.status, &lacking.json()["detail"]),
        (503, &"The core app `slow` could not be loaded so far.".into())
    );
    let events = host.events.lock().unwrap();
    let Event::Loaded(loaded) = &events[2] else { panic!("{:?}", events[2]) };
    assert!(loaded.apps[0].1.is_err(), "an app that fails does not keep the start from being over");
    drop(events);
    let text = host.report();
    for part in [
        "store: 1 app, 1 route",
        "links    0 links",
        "loaded   0 of 1 app",
        "app `slow` failed to load",
        "no key",
        "ready    http://",
    ] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
}

#[tokio::test]
async fn the_report_has_a_line_for_each_app_that_was_loaded() {
    fn quick(_: Context) -> Made {
        made(Slow { entered: &GATE, released: &GATE })
    }
    let nothing = Setup::default().run().await.report();
    assert!(nothing.contains("  loaded   nothing: no app with code is to be loaded at start\n"), "{nothing}");
    let app = |slug, entry| App { slug, entry, core: true, ..App::default() };
    let host = Setup {
        apps: vec![app("one", "one::app"), app("two", "two::app")],
        constructors: vec![("one", quick), ("two", quick)],
        ..Setup::default()
    };
    let report = host.run().await.report();
    let lines: Vec<_> = report.lines().skip_while(|line| !line.starts_with("  loaded   2 of 2 apps in ")).collect();
    assert_eq!(lines.len(), 4, "{report}");
    assert!(lines[1].starts_with("           one in ") && lines[2].starts_with("           two in "), "{report}");
}

#[tokio::test]
async fn events_as_json() {
    let host = Setup::default().run().await;
    let events = host.events.lock().unwrap();
    let json: Vec<_> = events.iter().map(Event::to_json).collect();
    assert_eq!(json[0]["addr"], host.addr.to_string());
    assert_eq!(json[1]["planned"], 0);
    assert_eq!(json[2]["apps"], serde_json::json!([]));
    assert!(json.iter().all(|event| event["elapsed_us"].is_u64()), "{json:?}");
    let times: Vec<_> = json.iter().map(|event| event["elapsed_us"].as_u64()).collect();
    assert!(times.is_sorted(), "{times:?}");
}

#[tokio::test]
async fn a_port_in_use_is_a_clear_error() {
    let taken = TcpListener::bind(any_port()).await.unwrap();
    let addr = taken.local_addr().unwrap();
    let dir = tempfile::TempDir::new().unwrap();
    let config = Config::new(addr, dir.path().join("apps"), dir.path().join("public"));
    let error = serve(registry(dir.path(), "", &[], vec![]), config, |_| {}, std::future::pending).await.unwrap_err();
    assert!(error.is_address_in_use());
    assert_eq!(error.to_string(), format!("can't listen on `{addr}`"));
    assert!(error.help().is_some_and(|help| help.contains("--addr")));
}

#[tokio::test]
async fn code_that_the_binary_lacks_is_refused() {
    let apps = vec![App { slug: "zoom", entry: "zoom::app", ..App::default() }];
    let dir = tempfile::TempDir::new().unwrap();
    let config = Config::new(any_port(), dir.path().join("apps"), dir.path().join("public"));
    let told = AtomicBool::new(false);
    let tell = |_| told.store(true, Ordering::SeqCst);
    let error = serve(registry(dir.path(), "", &apps, vec![]), config, tell, std::future::pending).await.unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("`zoom::app`"), "{source}");
    assert!(!told.load(Ordering::SeqCst), "nothing was done yet");
}

#[tokio::test]
async fn something_in_the_way_of_a_link_is_told_and_the_rest_is_served() {
    let host = Setup {
        apps: vec![App {
            slug: "zoom",
            assets: &[("static", "zoom")],
            routes: &[("/apps/zoom", &[])],
            ..App::default()
        }],
        sources: &[("zoom/static/icon.svg", "<svg/>")],
        files: &[("zoom", "mine"), ("other.txt", "other")],
        ..Setup::default()
    }
    .run()
    .await;
    assert_eq!(host.linked()["conflicts"], 1);
    let public = format!("  public   {}\n", host.public().display());
    for part in [public.as_str(), ": nothing was linked, since something is in the way\n", "in the way at `zoom`; "] {
        assert!(host.report().contains(part), "{part}: {}", host.report());
    }
    for (path, text) in [("/zoom", "mine"), ("/other.txt", "other"), ("/readyz", "ready")] {
        assert_eq!(host.get(path).await.text(), text, "{path}");
    }
    assert_eq!(host.get("/apps/zoom").await.status, 200);
}

#[tokio::test]
async fn a_public_folder_that_cannot_be_had_is_told_and_the_apps_are_served() {
    let apps = vec![App { slug: "zoom", routes: &[("/apps/zoom", &[])], ..App::default() }];
    let host = Setup { apps, no_public: true, ..Setup::default() }.run().await;
    let linked = host.linked();
    assert!(linked["error"].as_str().is_some_and(|error| error.contains("public")), "{linked}");
    assert!(host.report().contains("public folder"), "{}", host.report());
    assert_eq!(host.get("/apps/zoom").await.status, 200);
    assert_eq!(host.get("/x.svg").await.status, 404);
    let readiness = host.get("/readyz").await;
    assert_eq!((readiness.status, &readiness.json()["detail"]), (503, &"The assets could not be linked.".into()));
    let dir = host.dir.path().to_str().unwrap();
    assert!(!readiness.text().contains(dir));
    let metrics = host.get("/metrics").await;
    assert_eq!(metrics.json()["links"]["error"], "the assets could not be linked");
    assert!(!metrics.text().contains(dir));
}

#[cfg(unix)]
#[tokio::test]
async fn sigterm_is_a_reason_to_end() {
    let mut terminated = Box::pin(bakehouse_host::terminated());
    // Listens from the first poll on; without that, the signal would end this process.
    assert!(std::future::poll_fn(|ctx| std::task::Poll::Ready(terminated.as_mut().poll(ctx).is_pending())).await);
    let pid = std::process::id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    terminated.await.unwrap();
}
