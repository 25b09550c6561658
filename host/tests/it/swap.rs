//! A host that takes other tables while it serves.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use bakehouse_sdk::{Context, Error, Request, RequestExt as _, Response};
use tokio::sync::Semaphore;

use crate::common::{App, Made, Running, Setup, made};

/// Says its name and the pattern under which it was asked; counted while it lives.
struct Named {
    name: String,
    n_alive: &'static AtomicUsize,
}

impl Named {
    fn construct(ctx: &Context, n_alive: &'static AtomicUsize) -> Made {
        n_alive.fetch_add(1, SeqCst);
        made(Self { name: ctx.name().to_owned(), n_alive })
    }
}

impl Drop for Named {
    fn drop(&mut self) {
        self.n_alive.fetch_sub(1, SeqCst);
    }
}

impl bakehouse_sdk::App for Named {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let pattern = request.pattern().unwrap_or_default();
        Ok(Response::new(format!("{} at {pattern}", self.name).into()))
    }
}

fn app(slug: &'static str, entry: &'static str, name: &'static str) -> App {
    App { slug, name, entry, ..App::default() }
}

async fn statuses<const N: usize>(host: &Running, paths: [&str; N]) -> [u16; N] {
    let mut statuses = [0; N];
    for (status, path) in statuses.iter_mut().zip(paths) {
        *status = host.get(path).await.status;
    }
    statuses
}

#[tokio::test(flavor = "multi_thread")]
async fn routes_apps_and_links_follow_the_table() {
    static N_ALIVE: [AtomicUsize; 3] = [const { AtomicUsize::new(0) }; 3];
    let alive = || N_ALIVE.each_ref().map(|n_alive| n_alive.load(SeqCst));
    let setup = Setup {
        apps: vec![
            App { routes: &[("/kept", &[])], assets: &[("static", "kept")], ..app("kept", "kept::app", "Kept") },
            App { routes: &[("/old", &[])], ..app("meet", "meet::app", "Meet") },
            App { routes: &[("/gone", &[])], assets: &[("static", "gone")], ..app("gone", "gone::app", "Gone") },
        ],
        constructors: vec![
            ("kept", |ctx| Named::construct(&ctx, &N_ALIVE[0])),
            ("meet", |ctx| Named::construct(&ctx, &N_ALIVE[1])),
            ("gone", |ctx| Named::construct(&ctx, &N_ALIVE[2])),
        ],
        sources: &[("kept/static/a.txt", "a"), ("gone/static/b.txt", "b"), ("late/static/c.txt", "c")],
        ..Setup::default()
    };
    let host = setup.run().await;
    let paths = ["/kept", "/old", "/gone", "/kept/a.txt", "/gone/b.txt", "/new", "/late", "/late/c.txt"];
    assert_eq!(statuses(&host, paths).await, [200, 200, 200, 200, 200, 404, 404, 404]);
    assert_eq!(alive(), [1, 1, 1]);
    let next = [
        App { routes: &[("/kept", &[])], assets: &[("static", "kept")], ..app("kept", "kept::app", "Kept") },
        App { routes: &[("/new", &[])], core: true, ..app("meet", "meet::app", "Meetings") },
        App { routes: &[("/late", &[])], assets: &[("static", "late")], ..app("late", "", "") },
    ];
    let report = host.swap(&next, &[]).await.unwrap();
    assert_eq!((report.n_apps, report.n_routes), (3, 3));
    assert_eq!((&report.apps.kept[..], &report.apps.changed[..]), (&["kept"][..], &["meet"][..]));
    assert_eq!((&report.apps.added[..], &report.apps.removed[..]), (&[][..], &["gone"][..]));
    assert_eq!(alive(), [1, 1, 0], "`meet` is core by now, so that it is there again");
    assert_eq!(statuses(&host, paths).await, [200, 404, 404, 200, 404, 200, 200, 200]);
    assert_eq!(host.get("/new").await.text(), "Meetings at /new");
    let metrics = host.get("/metrics").await.json();
    assert_eq!((&metrics["registry"]["apps"], &metrics["links"]["planned"]), (&3.into(), &2.into()));
    assert_eq!(host.get("/readyz").await.status, 200);
    let event = host.events.lock().unwrap().last().unwrap().to_json();
    assert_eq!((&event["event"], &event["links"]["removed"]), (&"swapped".into(), &1.into()));
    assert_eq!(event["loaded"]["apps"][0]["slug"], "meet");
}

/// Answers when it is let.
struct Slow(&'static [Semaphore; 2]);

impl bakehouse_sdk::App for Slow {
    async fn handle(&self, _: Request) -> Result<Response, Error> {
        self.0[0].add_permits(1);
        self.0[1].acquire().await.map_err(Error::internal)?.forget();
        Ok(Response::new("done".into()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_flight_is_answered_by_the_app_it_found() {
    static GATES: [Semaphore; 2] = [const { Semaphore::const_new(0) }; 2];
    let setup = Setup {
        apps: vec![App { routes: &[("/slow", &[])], ..app("slow", "slow::app", "Slow") }],
        constructors: vec![("slow", |_| made(Slow(&GATES)))],
        ..Setup::default()
    };
    let host = setup.run().await;
    let request = tokio::spawn(crate::common::get(host.addr, "/slow", &[]));
    GATES[0].acquire().await.unwrap().forget();
    assert_eq!(host.swap(&[], &[]).await.unwrap().apps.removed, ["slow"]);
    assert_eq!(host.get("/slow").await.status, 404);
    GATES[1].add_permits(1);
    let answer = request.await.unwrap();
    assert_eq!((answer.status, answer.text()), (200, "done"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_the_binary_can_not_run_is_refused() {
    let apps = [App { routes: &[("/a", &[])], assets: &[("static", "a")], ..app("a", "", "") }];
    let sources = &[("a/static/x.txt", "x"), ("b/static/y.txt", "y")];
    let host = Setup { apps: apps.to_vec(), sources, ..Setup::default() }.run().await;
    let next = [App { routes: &[("/b", &[])], assets: &[("static", "b")], ..app("b", "b::app", "") }];
    let error = host.swap(&next, &[]).await.unwrap_err();
    assert!(error.is_refused(), "{error}");
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, "the table names code that this binary lacks: `b::app` of app `b`");
    assert_eq!(statuses(&host, ["/a", "/a/x.txt", "/b", "/b/y.txt"]).await, [200, 200, 404, 404]);
    assert!(!host.events().contains(&"swapped".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn switches_are_those_that_come_with_the_table() {
    let apps = ["a", "b"].map(|slug| App {
        routes: if slug == "a" { &[("/a", &[])] } else { &[("/b", &[])] },
        assets: if slug == "a" { &[("static", "a")] } else { &[("static", "b")] },
        ..app(slug, "", "")
    });
    let sources = &[("a/static/x.txt", "x"), ("b/static/y.txt", "y")];
    let host = Setup { apps: apps.to_vec(), sources, ..Setup::default() }.run().await;
    for (vars, expected) in [
        (&[("BAKEHOUSE_APP_A", "off")][..], [404, 404, 200, 200]),
        (&[("BAKEHOUSE_APP_B", "off")][..], [200, 200, 404, 404]),
        (&[][..], [200, 200, 200, 200]),
    ] {
        host.swap(&apps, vars).await.unwrap();
        assert_eq!(statuses(&host, ["/a", "/a/x.txt", "/b", "/b/y.txt"]).await, expected, "{vars:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_fails_while_tables_are_swapped_again_and_again() {
    static N_ALIVE: AtomicUsize = AtomicUsize::new(0);
    let kept = App { routes: &[("/kept", &[])], assets: &[("static", "kept")], ..app("kept", "kept::app", "Kept") };
    let changing = |name| App { routes: &[("/changing", &[])], ..app("changing", "changing::app", name) };
    let passing = App { routes: &[("/passing", &[])], assets: &[("static", "passing")], ..app("passing", "", "") };
    let tables = [vec![kept.clone(), changing("One"), passing], vec![kept, changing("Two")]];
    let setup = Setup {
        apps: tables[0].clone(),
        constructors: vec![
            ("kept", |ctx| Named::construct(&ctx, &N_ALIVE)),
            ("changing", |ctx| Named::construct(&ctx, &N_ALIVE)),
        ],
        sources: &[("kept/static/a.txt", "a"), ("passing/static/b.txt", "b")],
        ..Setup::default()
    };
    let host = setup.run().await;
    let addr = host.addr;
    let clients = ["/kept", "/changing", "/kept/a.txt"].map(|path| {
        tokio::spawn(async move {
            for _ in 0..300 {
                let answer = crate::common::get(addr, path, &[]).await;
                assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            }
        })
    });
    let mut n_swaps = 0;
    while !clients.iter().all(tokio::task::JoinHandle::is_finished) {
        n_swaps += 1;
        host.swap(&tables[n_swaps % 2], &[]).await.unwrap();
    }
    for client in clients {
        client.await.unwrap();
    }
    assert!(n_swaps > 1, "the host was never at rest");
    host.swap(&[], &[]).await.unwrap();
    assert_eq!(N_ALIVE.load(SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_has_ended_takes_no_table() {
    let host = Setup::default().run().await;
    let swapper = host.swapper.clone();
    let table = bakehouse_runtime::Table::baked(&[]);
    host.end().await;
    let error = swapper.swap(table, bakehouse_runtime::environment::Environment::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "no host serves that could take another table");
}
