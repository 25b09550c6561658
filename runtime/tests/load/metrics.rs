//! What a registry counts.

use bakehouse_runtime::AppId;
use bakehouse_runtime::Method;
use bakehouse_runtime::registry::{StartOptions, State};

use crate::counted::{Host, host};
use crate::host::{host_with, now};
use crate::image::{App, code};

/// Loads, errors, hits, misses and evictions.
fn counts(host: &Host, slug: &str) -> [u64; 5] {
    let metrics = host.metrics(slug);
    [metrics.loads, metrics.errors, metrics.hits, metrics.misses, metrics.evictions]
}

#[test]
fn what_was_not_asked_for_has_counted_nothing() {
    let host = host(&[code("a"), App { slug: "b", ..App::default() }], StartOptions::default());
    assert_eq!(counts(&host, "a"), [0; 5]);
    let metrics = host.metrics("a");
    assert_eq!((metrics.state, metrics.load_time.as_nanos(), metrics.last_used), (State::Idle, 0, None));
    for app in [host.id("b"), AppId(99)] {
        assert_eq!(host.registry.metrics_of(app), None, "nothing to load");
    }
}

#[test]
fn every_way_to_a_loaded_app_is_a_hit() {
    let host = host(&[code("a")], StartOptions::default());
    let (app, handle) = (host.id("a"), host.registry.handle(0));
    assert!(handle.loaded().is_none(), "neither a hit nor a miss");
    drop(host.load("a"));
    assert_eq!(counts(&host, "a"), [1, 0, 0, 1, 0]);
    drop(host.load("a"));
    drop(host.registry.loaded(app));
    let guard = handle.loaded();
    drop((guard.clone(), guard));
    handle.with(|_| ());
    host.registry.named("a").unwrap().with(|_| ());
    drop(now(host.registry.enter(Method::GET, b"/a")));
    assert_eq!(counts(&host, "a"), [1, 0, 6, 1, 0]);
}

#[test]
fn counts_outlive_the_app() {
    let host = host(&[code("a"), code("b")], StartOptions { max_loaded: Some(1), ..StartOptions::default() });
    for slug in ["a", "a", "b", "a", "a", "a"] {
        drop(host.load(slug));
    }
    let kept = host.load("a");
    assert!(host.unload("a"));
    drop((host.load("a"), kept, host.load("a")));
    assert_eq!(counts(&host, "a"), [3, 0, 5, 3, 1]);
    assert_eq!(counts(&host, "b"), [1, 0, 0, 1, 1]);
}

#[test]
fn hits_of_many_threads_are_all_counted() {
    let host = host(&[code("a")], StartOptions::default());
    drop(host.load("a"));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..1_000).filter_map(|_| host.registry.handle(0).with(|_| ())).count());
        }
    });
    assert_eq!(counts(&host, "a"), [1, 0, 8_000, 1, 0]);
}

#[test]
fn errors_and_those_who_were_told_of_them_are_counted() {
    let host = host_with(&[code("a"), code("b")], |_| Box::pin(async { Err("no token".into()) }));
    for _ in 0..3 {
        host.load("b").unwrap_err();
    }
    let all = host.registry.metrics();
    let counted: Vec<_> = all.iter().map(|it| (it.app, it.state, it.errors, it.misses, it.loads)).collect();
    assert_eq!(counted, [(host.id("a"), State::Idle, 0, 0, 0), (host.id("b"), State::Failed, 1, 3, 0)]);
}

#[test]
fn what_is_used_later_has_a_later_date() {
    let host = host(&[code("a"), code("b")], StartOptions::default());
    drop(host.load("a"));
    drop(host.load("b"));
    let date = |slug| host.metrics(slug).last_used;
    assert!(date("a") < date("b") && date("a").is_some());
    drop(host.load("a"));
    assert!(date("b") < date("a"));
}
