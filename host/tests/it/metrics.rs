//! What a host tells of itself: to the program around it, as JSON, and to Prometheus.

use std::collections::{BTreeMap, BTreeSet};

use bakehouse_runtime::registry::Why;
use bakehouse_sdk::{Context, Error, Request, Response};
use serde_json::Value;

use crate::common::{App, Made, Running, Setup, get, made};

struct Plain;

impl bakehouse_sdk::App for Plain {
    async fn handle(&self, _: Request) -> Result<Response, Error> {
        Ok(Response::new("fine".into()))
    }
}

fn plain(_: Context) -> Made {
    made(Plain)
}

fn moody(_: Context) -> Made {
    Box::pin(async { Err("not today".into()) })
}

async fn host() -> Running {
    Setup {
        apps: vec![
            App { slug: "core", entry: "core::app", core: true, routes: &[("/core", &[])], ..App::default() },
            App { slug: "bare", routes: &[("/bare", &[])], assets: &[("icon.svg", "icon.svg")], ..App::default() },
            App { slug: "moody", entry: "moody::app", routes: &[("/moody", &[])], ..App::default() },
            App { slug: "plain", entry: "plain::app", routes: &[("/plain/{id}", &[])], ..App::default() },
        ],
        constructors: vec![("core", plain), ("moody", moody), ("plain", plain)],
        sources: &[("bare/icon.svg", "<svg/>")],
        ..Setup::default()
    }
    .run()
    .await
}

fn app<'m>(metrics: &'m Value, slug: &str) -> &'m Value {
    metrics["apps"].as_array().unwrap().iter().find(|app| app["slug"] == slug).unwrap()
}

#[tokio::test]
async fn a_start_is_measured() {
    let host = host().await;
    let answer = get(host.addr, "/metrics", &[]).await;
    assert_eq!(
        (answer.header("content-type"), answer.header("cache-control")),
        (Some("application/json"), Some("no-store"))
    );
    let metrics = answer.json();
    let performance = &metrics["performance"];
    for name in ["startupTime", "assetLoadTime", "appLoadTime"] {
        assert!(performance[name].as_f64().is_some_and(|time| time >= 0.0), "{name}: {performance}");
    }
    if cfg!(target_os = "linux") {
        assert!(performance["memoryUsage"].as_u64().is_some_and(|bytes| bytes > 1_000_000), "{performance}");
    }
    assert_eq!(metrics["links"]["planned"], 1);
    assert_eq!(metrics["registry"]["declarative"], 1);
    assert_eq!(metrics["apps"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn each_app_is_counted() {
    let host = host().await;
    assert!(host.get("/metrics").await.json()["performance"]["cacheHitRate"].as_f64() < Some(1.0));
    for path in ["/plain/1", "/plain/2", "/plain/3", "/bare"] {
        assert_eq!(host.get(path).await.status, 200, "{path}");
    }
    assert_eq!(host.get("/moody").await.status, 503);
    let metrics = host.get("/metrics").await.json();
    let plain = app(&metrics, "plain");
    for (name, expected) in [("loads", 1), ("errors", 0), ("hits", 2), ("misses", 1), ("evictions", 0)] {
        assert_eq!(plain[name], expected, "{name}: {plain}");
    }
    assert_eq!((&plain["state"], &plain["last_load"]["why"]), (&"loaded".into(), &"route `/plain/{id}`".into()));
    for time in [&plain["last_used"], &plain["last_load"]["ago"]] {
        assert!(time.as_f64().is_some_and(|seconds| seconds >= 0.0), "{plain}");
    }
    assert_eq!(app(&metrics, "core")["last_load"]["why"], "start");
    let moody = app(&metrics, "moody");
    assert_eq!((&moody["state"], &moody["errors"], &moody["last_load"]), (&"failed".into(), &1.into(), &Value::Null));
    let bare = app(&metrics, "bare");
    assert_eq!(
        (&bare["state"], &bare["hits"], &bare["last_used"]),
        (&"declarative".into(), &Value::Null, &Value::Null)
    );
    // Of the requests for `core` (1 miss), `plain` (2 hits, 1 miss) and `moody` (1 miss).
    assert_eq!(metrics["performance"]["cacheHitRate"], 0.4);
    assert_eq!((&metrics["requests"]["2xx"], &metrics["requests"]["5xx"]), (&5.into(), &1.into()));
    assert_eq!(metrics["requests"]["inFlight"], 1, "this one");
}

#[tokio::test]
async fn the_program_around_it_can_ask() {
    let host = host().await;
    let observation = host.observation();
    assert_eq!(host.get("/plain/1").await.status, 200);
    let metrics = observation.metrics();
    assert_eq!((metrics.host, metrics.is_ready, metrics.edition), ("store", true, 1));
    assert!(metrics.performance.startup_time.is_some() && metrics.performance.cache_hit_rate.is_some());
    let plain = metrics.apps.iter().find(|app| app.slug == "plain").unwrap().counted.unwrap();
    assert_eq!((plain.loads, plain.last_load.unwrap().why), (1, Why::Route("/plain/{id}")));
    assert_eq!(metrics.requests.classes, [0, 1, 0, 0, 0]);
    assert_eq!(metrics.links.as_ref().unwrap().created, 1);
    let shown = metrics.to_json();
    assert_eq!(shown["apps"].as_array().unwrap().len(), metrics.apps.len());
    host.end().await;
    assert_eq!(observation.metrics().requests.in_flight, 0);
}

#[tokio::test]
async fn who_prefers_text_gets_it() {
    const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
    let host = host().await;
    for (accept, expected) in [
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "application/json"),
        ("text/plain;version=0.0.4;q=0.5, application/json", "application/json"),
        ("text/plain", TEXT),
        ("text/plain; version=0.0.4", TEXT),
        ("application/openmetrics-text; version=1.0.0", TEXT),
        (
            "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,\
             text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,/;q=0.1,*/*;q=0.1",
            TEXT,
        ),
    ] {
        let answer = get(host.addr, "/metrics", &[("Accept", accept)]).await;
        assert_eq!(
            (answer.header("content-type"), answer.header("vary")),
            (Some(expected), Some("accept")),
            "{accept}"
        );
    }
}

#[tokio::test]
async fn the_text_is_what_prometheus_reads() {
    let host = host().await;
    for path in ["/plain/1", "/plain/2", "/nothing", "/moody"] {
        host.get(path).await;
    }
    let text = get(host.addr, "/metrics", &[("Accept", "text/plain")]).await.text().to_owned();
    let samples = parse(&text);
    for (name, labels, expected) in [
        ("bakehouse_app_hits_total", &[("app", "plain")][..], 1.0),
        ("bakehouse_app_loads_total", &[("app", "core")], 1.0),
        ("bakehouse_app_load_errors_total", &[("app", "moody")], 1.0),
        ("bakehouse_apps", &[("state", "loaded")], 2.0),
        ("bakehouse_links", &[("outcome", "created")], 1.0),
        ("bakehouse_ready", &[], 1.0),
        ("bakehouse_requests_in_flight", &[], 1.0),
        ("bakehouse_requests_total", &[("class", "4xx")], 1.0),
        ("bakehouse_info", &[("host", "store"), ("version", env!("CARGO_PKG_VERSION"))], 1.0),
    ] {
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(samples.get(&(name.to_owned(), labels)), Some(&expected), "{name}\n{text}");
    }
    assert!(!text.contains("\"bare\""), "an app without code has nothing to count");
}

type Labels = Vec<(String, String)>;

/// Reads the exposition format, version 0.0.4, and accepts nothing that its rules or its naming conventions do not.
fn parse(text: &str) -> BTreeMap<(String, Labels), f64> {
    assert!(text.ends_with('\n'), "the last line ends too");
    let (mut families, mut samples) = (BTreeSet::new(), BTreeMap::new());
    let (mut helped, mut family) = (None, None);
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, help) = help.split_once(' ').expect("a name and a text");
            assert!(!help.is_empty() && families.insert(name.to_owned()), "{line}: once for each family");
            helped = Some(name.to_owned());
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect("a name and a type");
            assert_eq!(helped.as_deref(), Some(name), "{line}: after its help");
            assert!(matches!(kind, "counter" | "gauge"), "{line}");
            assert_eq!(name.ends_with("_total"), kind == "counter", "{line}");
            family = Some(name.to_owned());
        } else {
            let (name, labels, value) = sample(line);
            assert_eq!(family.as_ref(), Some(&name), "{line}: beside its family");
            assert!(name.starts_with("bakehouse_"), "{line}");
            assert!(samples.insert((name, labels), value).is_none(), "{line}: twice");
        }
    }
    samples
}

fn sample(line: &str) -> (String, Labels, f64) {
    let end = line.find(['{', ' ']).expect("a value");
    let (name, mut rest) = line.split_at(end);
    assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{line}");
    let mut labels = Vec::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner;
        while !rest.starts_with('}') {
            let (label, value) = rest.split_once("=\"").expect("a label");
            let (value, behind) = unescaped(value);
            labels.push((label.to_owned(), value));
            rest = behind.strip_prefix(',').unwrap_or(behind);
        }
        rest = &rest[1..];
    }
    let value = rest.strip_prefix(' ').expect("one space");
    (name.to_owned(), labels, value.parse().expect("a number"))
}

/// The value of a label, and what stands behind its closing quote.
fn unescaped(text: &str) -> (String, &str) {
    let (mut value, mut chars) = (String::new(), text.char_indices());
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &text[at + 1..]),
            '\\' => value.push(match chars.next().expect("an escape").1 {
                'n' => '\n',
                c @ ('\\' | '"') => c,
                c => panic!("no escape: {c}"),
            }),
            c => value.push(c),
        }
    }
    panic!("the value does not end: {text}")
}
