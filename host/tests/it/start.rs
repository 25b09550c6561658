//! What is linked when a host starts: the critical assets before it answers, the rest right after, nothing if that is
//! switched off.

use std::fs;
use std::sync::{Arc, Mutex};

use bakehouse_host::{Config, Event, serve};
use tempfile::TempDir;

use crate::common::{App, Setup, any_port, registry};

/// An app with a critical file, and a folder that can wait.
fn apps() -> Vec<App> {
    vec![App {
        slug: "plain",
        routes: &[("/plain", &[])],
        assets: &[("static", "rest")],
        critical_assets: &[("icon.svg", "icon.svg")],
        ..App::default()
    }]
}

const SOURCES: &[(&str, &str)] = &[("plain/icon.svg", "<svg/>"), ("plain/static/x.txt", "x")];

fn setup() -> Setup {
    Setup { apps: apps(), sources: SOURCES, ..Setup::default() }
}

#[tokio::test]
async fn critical_assets_are_there_when_it_listens_and_the_rest_when_it_is_ready() {
    let dir = TempDir::new().unwrap();
    for (path, bytes) in SOURCES {
        let path = dir.path().join("apps").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let registry = registry(dir.path(), "", &apps(), vec![]);
    let public = dir.path().join("public");
    let config = Config::new(any_port(), dir.path().join("apps"), &public);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (stop, kept) = (Arc::new(tokio::sync::Notify::new()), Arc::clone(&seen));
    let stopped = Arc::clone(&stop);
    let on_event = move |event: Event| {
        let name = event.to_json()["event"].as_str().unwrap().to_owned();
        kept.lock().unwrap().push((name, public.join("icon.svg").exists(), public.join("rest/x.txt").exists()));
        if matches!(event, Event::Ready { .. }) {
            stop.notify_one();
        }
    };
    let shutdown = move || {
        let stopped = Arc::clone(&stopped);
        async move {
            stopped.notified().await;
            Ok(())
        }
    };
    serve(registry, config, on_event, shutdown).await.unwrap();
    let seen = seen.lock().unwrap();
    let seen: Vec<_> = seen.iter().map(|(name, icon, rest)| (name.as_str(), *icon, *rest)).collect();
    assert_eq!(seen[..2], [("listening", true, false), ("linked", true, true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_there_yet_is_waited_for() {
    for path in ["/rest/x.txt", "/icon.svg"].repeat(20) {
        let host = Setup { impatient: true, ..setup() }.run().await;
        assert_eq!(host.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn what_was_linked_first_counts_as_made_by_the_start() {
    let host = setup().run().await;
    let counts =
        |links: &serde_json::Value| ["planned", "created", "unchanged"].map(|name| links[name].as_u64().unwrap());
    assert_eq!(counts(&host.get("/metrics").await.json()["links"]), [2, 2, 0]);
    let host = setup().run_in(host.end().await).await;
    assert_eq!(counts(&host.get("/metrics").await.json()["links"]), [2, 0, 2]);
}

#[tokio::test]
async fn something_in_the_way_of_the_rest_is_told() {
    let host = Setup { files: &[("rest", "mine")], ..setup() }.run().await;
    assert!(host.report().contains("is in the way at `rest`"), "{}", host.report());
    assert_eq!((host.get("/rest").await.text(), host.get("/icon.svg").await.status), ("mine", 200));
}

#[tokio::test]
async fn a_folder_that_has_everything_is_served_as_it_is() {
    let lazy = App { slug: "lazy", lazy_assets: &[("static", "lazy")], ..App::default() };
    let host = Setup {
        apps: apps().into_iter().chain([lazy]).collect(),
        sources: &[("plain/icon.svg", "<svg/>"), ("plain/static/x.txt", "x"), ("lazy/static/y.txt", "not this")],
        files: &[("icon.svg", "shipped"), ("rest/x.txt", "shipped"), ("lazy/y.txt", "shipped")],
        vars: &[("BAKEHOUSE_LINK", "off")],
        ..Setup::default()
    }
    .run()
    .await;
    // As where only the folder was shipped.
    fs::remove_dir_all(host.root()).unwrap();
    for path in ["/icon.svg", "/rest/x.txt", "/lazy/y.txt"] {
        assert_eq!(host.get(path).await.text(), "shipped", "{path}");
    }
    assert_eq!((host.get("/lazy/z.txt").await.status, host.get("/readyz").await.status), (404, 200));
    assert!(host.report().contains("nothing is linked, because `BAKEHOUSE_LINK` is `off`"), "{}", host.report());
    assert_eq!(host.troubles(), [""; 0]);
    assert!(!host.dir.path().join(".bakehouse").exists());
}
