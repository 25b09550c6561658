//! Unloading: an app goes when its last user lets go of it.

use std::sync::Arc;
use std::thread;

use bakehouse_runtime::AppId;
use bakehouse_runtime::registry::{StartOptions, State};

use crate::counted::{Host, host};
use crate::image::{App, code};

fn one() -> Host {
    host(&[code("a"), App { slug: "b", ..App::default() }], StartOptions::default())
}

#[test]
fn an_app_that_nobody_uses_is_dropped_at_once() {
    let host = one();
    drop(host.load("a"));
    assert!(host.unload("a"));
    assert_eq!((host.dropped(), host.registry.state(host.id("a"))), (vec!["a"], State::Idle));
    assert!(host.registry.loaded(host.id("a")).is_none());
    assert!(!host.unload("a"), "it was not loaded any more");
}

#[test]
fn what_is_not_loaded_is_not_unloaded() {
    let host = one();
    for app in [host.id("a"), host.id("b"), AppId(99)] {
        assert!(!host.registry.unload(app));
    }
    assert_eq!(host.made(), Vec::<&str>::new());
}

#[test]
fn the_last_user_drops_the_app() {
    let host = one();
    let (first, second) = (host.load("a"), host.load("a"));
    let third = second.clone();
    assert!(host.unload("a"));
    for guard in [first, second] {
        drop(guard);
        assert_eq!(host.dropped(), Vec::<&str>::new());
    }
    assert_eq!(third.slug, "a");
    thread::spawn(|| drop(third)).join().unwrap();
    assert_eq!(host.dropped(), ["a"]);
}

#[test]
fn a_shared_app_is_in_use() {
    let host = one();
    let app = host.load("a").into_arc();
    assert!(host.unload("a"));
    assert_eq!((app.slug, host.dropped()), ("a", vec![]));
    drop(app);
    assert_eq!(host.dropped(), ["a"]);
}

#[test]
fn the_next_load_makes_another_app_beside_one_that_is_still_in_use() {
    let host = one();
    let old = host.load("a").into_arc();
    let guards: Vec<_> = (0..3)
        .map(|_| {
            let guard = host.load("a");
            assert!(host.unload("a"));
            guard
        })
        .collect();
    let new = host.load("a").into_arc();
    assert!(!Arc::ptr_eq(&old, &new));
    assert_eq!((host.made().len(), host.dropped().len()), (4, 0));
    drop((old, guards));
    assert_eq!(host.dropped().len(), 3);
    assert_eq!(host.registry.handle(0).with(|app| app.slug), Some("a"));
}

#[test]
fn a_lent_app_outlives_its_unloading() {
    let host = one();
    drop(host.load("a"));
    let handle = host.registry.handle(0);
    let n_dropped = handle.with(|app| {
        assert!(host.unload("a"));
        assert_eq!(app.slug, "a");
        host.dropped().len()
    });
    assert_eq!((n_dropped, host.dropped().len()), (Some(0), 1));
    assert_eq!(handle.with(|_| ()), None);
}

#[test]
fn a_panic_of_who_is_lent_the_app_does_not_keep_it() {
    let host = one();
    drop(host.load("a"));
    let handle = host.registry.handle(0);
    let lent = thread::spawn(move || handle.with(|_| panic!("in the call"))).join();
    assert!(lent.is_err() && host.unload("a"));
    assert_eq!(host.dropped(), ["a"]);
}

#[test]
fn a_panic_of_an_app_that_goes_is_its_own() {
    let apps = [code("a"), code("mad")];
    let host = host(&apps, StartOptions { max_loaded: Some(1), ..StartOptions::default() });
    let guard = host.load("mad");
    assert!(host.unload("mad"));
    drop(guard);
    drop(host.load("mad"));
    assert!(host.unload("mad"));
    drop(host.load("mad"));
    drop(host.load("a"));
    assert_eq!((host.dropped(), host.loaded()), (vec!["mad"; 3], vec!["a"]));
}
