//! The apps that were used most are loaded once the host is ready, before somebody needs them.

use std::fmt::Write as _;
use std::future::pending;
use std::sync::{Arc, Mutex};

use bakehouse_host::{Config, Event, Listener, ServeError, serve};
use bakehouse_runtime::registry::Observer;
use bakehouse_sdk::{Error, Request, Response};
use tempfile::TempDir;
use tokio::sync::{Notify, mpsc};
use tokio::task::{JoinHandle, yield_now};

use crate::common::{App, Construct, any_port, made, registry};

struct Plain;

impl bakehouse_sdk::App for Plain {
    async fn handle(&self, _: Request) -> Result<Response, Error> {
        Ok(Response::default())
    }
}

/// A host that is about to warm up, and what is told of it.
struct Warming {
    /// A line a load that ended, and one when the host is ready.
    lines: mpsc::UnboundedReceiver<String>,
    troubles: Arc<Mutex<Vec<String>>>,
    stop: Arc<Notify>,
    task: JoinHandle<Result<(), ServeError>>,
    _dir: TempDir,
}

impl Warming {
    /// A host with these apps, whose profile has some of them, the most used first.
    fn start(apps: &[App], used: &[&str], constructors: Vec<Construct>, configure: impl FnOnce(&mut Config)) -> Self {
        let dir = TempDir::new().unwrap();
        std::fs::write(dir.path().join("profile.json"), profile(used)).unwrap();
        let registry = registry(dir.path(), "", apps, constructors);
        let mut config = Config::new(any_port(), dir.path().join("apps"), dir.path().join("public"));
        let (tell, lines) = mpsc::unbounded_channel();
        config.observer = Some(observer(tell.clone()));
        let troubles = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&troubles);
        config.listener = Listener::new(move |trouble| kept.lock().unwrap().push(trouble.to_string()));
        configure(&mut config);
        let stop = Arc::new(Notify::new());
        let until = Arc::clone(&stop);
        let on_event = move |event: Event| {
            if matches!(event, Event::Ready { .. }) {
                let _ = tell.send("ready".to_owned());
            }
        };
        let shutdown = move || {
            let until = Arc::clone(&until);
            async move {
                until.notified().await;
                Ok(())
            }
        };
        Self { lines, troubles, stop, task: tokio::spawn(serve(registry, config, on_event, shutdown)), _dir: dir }
    }

    async fn lines(&mut self, n: usize) -> Vec<String> {
        let mut lines = Vec::new();
        while lines.len() < n {
            lines.push(self.lines.recv().await.expect("the host runs"));
        }
        lines
    }

    /// Ends the host; gives what else was told, and the troubles.
    async fn end(mut self) -> (Vec<String>, Vec<String>) {
        // All tasks of the test run in this thread, and a warm-up that has something to do has its turn.
        for _ in 0..100 {
            yield_now().await;
        }
        self.stop.notify_one();
        self.task.await.unwrap().unwrap();
        let mut rest = Vec::new();
        while let Ok(line) = self.lines.try_recv() {
            rest.push(line);
        }
        (rest, self.troubles.lock().unwrap().clone())
    }
}

fn observer(tell: mpsc::UnboundedSender<String>) -> Observer {
    Observer::new(move |app, why| {
        let (tell, begun) = (tell.clone(), format!("{}: {why}", app.slug()));
        Box::new(move |outcome| {
            let _ = tell.send(if outcome.is_ok() { begun } else { format!("{begun}: failed") });
        })
    })
}

fn profile(used: &[&str]) -> String {
    let mut text = "{\"version\":1,\"runs\":1,\"apps\":[".to_owned();
    for (idx, slug) in used.iter().enumerate() {
        let (comma, hits) = (if idx == 0 { "" } else { "," }, used.len() - idx);
        let counts = format!("\"hits\":{hits},\"loads\":1,\"load_us\":1,\"early_runs\":0,\"first_use_us\":1");
        let _ = write!(text, "{comma}{{\"slug\":\"{slug}\",\"runs\":1,{counts},\"why\":[]}}");
    }
    text + "]}"
}

fn code(slug: &'static str) -> App {
    App { slug, entry: format!("{slug}::app").leak(), ..App::default() }
}

fn plain(slugs: &[&'static str]) -> Vec<Construct> {
    slugs.iter().map(|slug| -> Construct { (slug, |_| made(Plain)) }).collect()
}

#[tokio::test]
async fn the_most_used_apps_are_loaded_after_the_host_is_ready() {
    let apps = [
        code("a"),
        code("b"),
        App { core: true, ..code("core") },
        App { off: true, ..code("off") },
        code("unused"),
        App { requires: &["b"], ..code("z") },
    ];
    let constructors = plain(&["a", "b", "core", "off", "unused", "z"]);
    let mut host = Warming::start(&apps, &["z", "core", "off", "b", "a"], constructors, |_| {});
    let expected = ["core: start", "ready", "b: required by `z`", "z: warm-up", "a: warm-up"];
    assert_eq!(host.lines(5).await, expected);
    assert_eq!(host.end().await, (vec![], vec![]));
}

#[tokio::test]
async fn one_that_fails_is_told_of_once_and_skipped() {
    let mut constructors = plain(&["a", "b"]);
    constructors[0].1 = |_| Box::pin(async { Err("no token".into()) });
    let mut host = Warming::start(&[code("a"), code("b")], &["a", "b"], constructors, |_| {});
    assert_eq!(host.lines(3).await, ["ready", "a: warm-up: failed", "b: warm-up"]);
    let (rest, troubles) = host.end().await;
    assert_eq!(rest, Vec::<String>::new());
    assert!(matches!(&troubles[..], [told] if told.contains("`a`") && told.contains("no token")), "{troubles:?}");
}

/// Nothing that is loaded makes room for what may be needed.
#[tokio::test]
async fn no_more_are_loaded_than_may_be() {
    let apps = [code("a"), App { core: true, ..code("core") }, code("r"), App { requires: &["r"], ..code("z") }];
    for (max_loaded, expected) in [(1, vec![]), (2, vec!["a: warm-up"]), (3, vec!["a: warm-up"])] {
        let constructors = plain(&["a", "core", "r", "z"]);
        let limit = |config: &mut Config| config.max_loaded = Some(max_loaded);
        let mut host = Warming::start(&apps, &["a", "z"], constructors, limit);
        assert_eq!(host.lines(2 + expected.len()).await, [&["core: start", "ready"], &expected[..]].concat());
        assert_eq!(host.end().await, (vec![], vec![]), "{max_loaded}");
    }
}

/// One that never ends keeps neither the host from ending nor those who want other apps waiting.
#[tokio::test]
async fn it_stops_when_the_host_is_to_end() {
    let mut constructors = plain(&["a", "b"]);
    constructors[0].1 = |_| Box::pin(pending());
    let mut host = Warming::start(&[code("a"), code("b")], &["a", "b"], constructors, |_| {});
    assert_eq!(host.lines(1).await, ["ready"]);
    assert_eq!(host.end().await, (vec![], vec![]));
}
