//! Another table takes the place of the first one, while apps are in use and while they load.

use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Context, Poll, Waker};

use bakehouse_runtime::registry::{Edition, Entered, LoadError, Loaded, Registry, StartOptions, State, Why};
use bakehouse_runtime::{Method, Table};

use crate::counted::{Host, host};
use crate::host::{Making, block_on, host_with, idle, now, start_with};
use crate::image::{App, code, table};

/// Somebody who waits for an app.
type Loading = Pin<Box<dyn Future<Output = Result<Loaded<str>, LoadError>>>>;

fn swap(host: &Host, apps: &[App]) -> [Vec<&'static str>; 4] {
    let swapped = host.registry.swap(table(apps), StartOptions::default()).unwrap();
    [swapped.kept, swapped.changed, swapped.added, swapped.removed]
}

/// An app whose manifest says something else than the first time.
fn changed(slug: &'static str) -> App {
    App { hash: 1, ..code(slug) }
}

/// Loads an app by its route, as a request would, and lets go of it.
fn enter(host: &Host, path: &str) -> bool {
    let entered = now(host.registry.enter(Method::GET, path.as_bytes()));
    matches!(entered, Entered::App(entry) if entry.app.is_ok())
}

#[test]
fn what_did_not_change_keeps_running_and_the_rest_goes() {
    // The binary has code for all five; the first table leaves out `a`, so that the numbers of the others change.
    let all = [code("a"), code("b"), code("c"), code("d"), App { slug: "e", ..App::default() }];
    let host = host(&all, StartOptions::default());
    swap(&host, &all[1..]);
    for slug in ["b", "c", "d"] {
        drop(host.load(slug));
    }
    let next = [code("a"), code("b"), changed("d"), App { slug: "e", hash: 1, ..App::default() }];
    assert_eq!(swap(&host, &next), [vec!["b"], vec!["d"], vec!["a"], vec!["c"]]);
    assert_eq!((host.loaded(), host.dropped()), (vec!["b"], vec!["c", "d"]));
    let served = ["/a", "/b", "/c", "/d"].map(|path| enter(&host, path));
    assert_eq!(served, [true, true, false, true]);
    assert_eq!(host.made(), ["b", "c", "d", "a", "d"], "and nothing twice");
    assert_eq!(host.registry.edition().map(Edition::number), Some(3));
}

#[test]
fn what_is_in_use_lives_until_its_last_user_lets_go() {
    let host = host(&[code("a"), code("b")], StartOptions::default());
    let (a, b) = (host.load("a"), host.load("b"));
    swap(&host, &[changed("a")]);
    assert_eq!((a.slug, b.slug, host.dropped()), ("a", "b", vec![]));
    let new = host.load("a");
    drop(a);
    assert_eq!(host.dropped(), ["a"]);
    drop(b);
    assert_eq!(host.dropped(), ["a", "b"]);
    drop(new);
    assert_eq!((host.loaded(), host.dropped()), (vec!["a"], vec!["a", "b"]));
}

#[test]
fn an_edition_goes_by_its_own_table() {
    let host = host(&[code("a"), code("b"), code("c")], StartOptions::default());
    let old = host.registry.edition().unwrap();
    let [a, b, c] = ["a", "b", "c"].map(|slug| host.id(slug));
    swap(&host, &[changed("b"), code("c")]);
    // What changed or is gone, it loads for itself alone.
    for (app, slug) in [(a, "a"), (b, "b")] {
        let own = now(old.load_for(app, Why::Call)).unwrap();
        assert_eq!((own.slug, host.loaded()), (slug, vec![]));
        drop(own);
        assert_eq!(host.dropped().last(), Some(&slug));
    }
    assert_eq!(now(old.load_for(c, Why::Call)).unwrap().slug, "c");
    assert_eq!(host.loaded(), ["c"], "what did not change is shared");
    assert_eq!(host.load("b").slug, "b");
    let shared = now(old.load_for(b, Why::Call)).unwrap();
    assert_eq!((shared.slug, host.made().len()), ("b", 4), "what is there is good enough for it");
    assert_eq!(host.registry.load_blocking(a).unwrap().slug, "b", "the number of another app by now");
}

/// What constructors wait for.
#[derive(Clone, Default)]
struct Gate(Arc<Mutex<(bool, Vec<Waker>)>>);

impl Gate {
    fn pass(&self, slug: &'static str) -> Making {
        let gate = self.clone();
        Box::pin(poll_fn(move |ctx| {
            let (is_open, wakers) = &mut *gate.0.lock().unwrap();
            wakers.push(ctx.waker().clone());
            if *is_open { Poll::Ready(Ok(slug.into())) } else { Poll::Pending }
        }))
    }

    fn open(&self) {
        let wakers = {
            let (is_open, wakers) = &mut *self.0.lock().unwrap();
            *is_open = true;
            mem::take(wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }
}

#[test]
fn a_load_under_way_is_for_those_who_wait_for_it() {
    let gate = Gate::default();
    let passing = gate.clone();
    let host = host_with(&[code("a")], move |slug| passing.pass(slug));
    let (registry, a) = (host.registry, host.id("a"));
    let poll = |load: &mut Loading| load.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let mut first: Loading = Box::pin(registry.load(a));
    assert!(poll(&mut first).is_pending());
    registry.swap(table(&[changed("a")]), StartOptions::default()).unwrap();
    let mut second: Loading = Box::pin(registry.load(a));
    assert!(poll(&mut second).is_pending());
    assert_eq!(host.calls(), ["a", "a"], "who comes after the swap wants the new one");
    gate.open();
    assert!(matches!(poll(&mut first), Poll::Ready(Ok(app)) if &*app == "a"));
    assert_eq!(registry.state(a), State::Loading, "the old one is for who waited for it");
    assert!(matches!(poll(&mut second), Poll::Ready(Ok(app)) if &*app == "a"));
    assert_eq!(registry.state(a), State::Loaded);
}

#[test]
fn a_late_load_does_not_take_the_place_of_the_new_app() {
    let host = host(&[code("a")], StartOptions::default());
    let old = host.registry.edition().unwrap();
    let a = host.id("a");
    swap(&host, &[changed("a")]);
    let (own, new) = (now(old.load_for(a, Why::Call)).unwrap(), host.load("a"));
    drop((own, new));
    assert_eq!((host.made(), host.dropped()), (vec!["a", "a"], vec!["a"]));
    assert_eq!(host.loaded(), ["a"]);
}

#[test]
fn an_entry_that_the_binary_lacks_is_refused() {
    let host = host(&[code("a"), code("b")], StartOptions::default());
    drop(host.load("a"));
    let lacking = [changed("a"), App { entry: "b::other".to_owned(), ..code("b") }, code("c")];
    let error = host.registry.swap(table(&lacking), StartOptions::default()).unwrap_err();
    let expected =
        "the table names code that this binary lacks: `b::other` of app `b` (it has `b::app`), `c::app` of app `c`";
    assert_eq!((error.to_string().as_str(), error.is_missing_entry()), (expected, true));
    assert_eq!((host.loaded(), host.dropped(), host.registry.table().n_apps()), (vec!["a"], vec![], 2));
    let idle: &'static Registry<_, _> = idle(&[code("a")]);
    let error = idle.swap(table(&[code("a")]), StartOptions::default()).unwrap_err();
    assert!(error.is_not_started() && idle.edition().is_none(), "{error}");
}

#[test]
fn switches_go_with_the_table() {
    let apps = [code("a"), code("b")];
    let host = host(&apps, StartOptions::default());
    drop((host.load("a"), host.load("b")));
    let off = StartOptions { flags: vec![(host.id("a"), false)], ..StartOptions::default() };
    let swapped = host.registry.swap(table(&apps), off).unwrap();
    assert_eq!((swapped.kept, swapped.removed), (vec!["b"], vec!["a"]));
    assert!(host.registry.load_blocking(host.id("a")).unwrap_err().is_off());
    assert_eq!(swap(&host, &apps), [vec!["b"], vec![], vec!["a"], vec![]]);
    assert_eq!((host.load("a").slug, host.dropped()), ("a", vec!["a"]));
}

#[test]
fn an_app_that_changed_is_tried_at_once_however_the_one_before_failed() {
    let registry = idle(&[code("a"), code("b")]);
    let fail = |_| -> Making { Box::pin(async { Err("no token".into()) }) };
    let host = start_with(registry, StartOptions::default(), fail).unwrap();
    for slug in ["a", "b", "a", "b"] {
        host.load(slug).unwrap_err();
    }
    assert_eq!(host.calls(), ["a", "b"]);
    registry.swap(table(&[changed("a"), code("b")]), StartOptions::default()).unwrap();
    for slug in ["a", "b"] {
        host.load(slug).unwrap_err();
    }
    assert_eq!(host.calls(), ["a", "b", "a"], "`b` did not change, and has its back-off still");
}

#[test]
fn a_panic_in_the_drop_of_a_retired_app_is_contained() {
    let host = host(&[code("a"), code("mad")], StartOptions::default());
    drop((host.load("a"), host.load("mad")));
    assert_eq!(swap(&host, &[]), [vec![], vec![], vec![], vec!["a", "mad"]]);
    assert_eq!((host.loaded(), host.dropped()), (vec![], vec!["a", "mad"]));
}

#[test]
fn nothing_fails_while_tables_are_swapped_all_the_time() {
    const ROUNDS: usize = 300;
    let apps = |hash| [App { requires: &["b"], ..code("a") }, App { hash, ..code("b") }, App { hash, ..code("c") }];
    let host = host(&apps(0), StartOptions { max_loaded: Some(2), ..StartOptions::default() });
    let tables: [Table<'static>; 2] = [table(&apps(1)), table(&apps(0))];
    let (is_over, start) = (AtomicBool::new(false), Barrier::new(4));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                start.wait();
                while !is_over.load(Ordering::Relaxed) {
                    let edition = host.registry.edition().unwrap();
                    for slug in ["a", "b", "c"] {
                        let app = host.registry.table().resolve(slug).unwrap().id();
                        assert_eq!(host.registry.load_blocking(app).unwrap().slug, slug);
                        let loading = edition.load_named(slug, Why::Call);
                        assert_eq!(block_on(loading).unwrap().slug, slug);
                    }
                }
            });
        }
        start.wait();
        for round in 0..ROUNDS {
            host.registry.swap(tables[round % 2], StartOptions::default()).unwrap();
            std::thread::yield_now();
        }
        is_over.store(true, Ordering::Relaxed);
    });
    let n_loaded = host.loaded().len();
    assert_eq!(host.made().len() - host.dropped().len(), n_loaded, "every other app has gone");
    swap(&host, &[]);
    assert_eq!(host.made().len(), host.dropped().len());
}
