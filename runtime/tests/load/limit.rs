//! The limit on loaded apps.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use bakehouse_runtime::registry::{Registry, StartOptions, State};

use crate::counted::{self, Host};
use crate::host::{Job, idle, start_with};
use crate::image::{App, code};

fn host(max_loaded: usize) -> Host {
    let apps = [code("a"), code("b"), code("c"), App { is_core: true, ..code("core") }, code("d")];
    counted::host(&apps, StartOptions { max_loaded: Some(max_loaded), ..StartOptions::default() })
}

/// Loads apps one after another, or uses them again, without keeping any.
fn visit(host: &Host, slugs: &str) {
    for slug in slugs.split(' ') {
        drop(host.load(slug));
    }
}

#[test]
fn the_app_goes_that_was_used_longest_ago() {
    let cases = [
        (2, "a b c", "b c", "a"),
        (2, "a b a c", "a c", "b"),
        (2, "a b a b c d", "c d", "a b"),
        (2, "b a c b", "b c", "b a"),
        (3, "a b c a b d", "a b d", "c"),
        (1, "a b a", "a", "a b"),
        (0, "a b", "b", "a"),
        (9, "a b c d", "a b c d", ""),
    ];
    for (max_loaded, visits, left, gone) in cases {
        let host = host(max_loaded);
        visit(&host, visits);
        assert_eq!((host.loaded().join(" "), host.dropped().join(" ")), (left.into(), gone.into()), "{visits}");
    }
}

#[test]
fn core_apps_stay() {
    let host = host(2);
    visit(&host, "core a b c");
    assert_eq!((host.loaded(), host.dropped()), (vec!["c", "core"], vec!["a", "b"]));
}

#[test]
fn what_is_in_use_stays_until_a_load_finds_it_idle() {
    let host = host(1);
    let (guard, shared) = (host.load("a"), host.load("b").into_arc());
    visit(&host, "c");
    assert_eq!((host.loaded(), host.dropped()), (vec!["a", "b", "c"], vec![]));
    drop(guard);
    visit(&host, "d");
    assert_eq!((host.loaded(), host.dropped()), (vec!["b", "d"], vec!["a", "c"]));
    drop(shared);
    visit(&host, "a");
    assert_eq!(host.loaded(), ["a"]);
}

#[test]
fn one_that_is_lent_stays() {
    let host = host(1);
    visit(&host, "a");
    host.registry.handle(0).with(|_| visit(&host, "b"));
    assert_eq!(host.loaded(), ["a", "b"]);
}

#[test]
fn what_an_app_requires_stays_while_it_is_made() {
    static REGISTRY: OnceLock<&Registry<str, Job>> = OnceLock::new();
    let apps = [App { requires: &["b"], ..code("a") }, code("b"), code("c")];
    let id = |slug| REGISTRY.wait().table().resolve(slug).unwrap().id();
    let make_a = move || async move {
        drop(REGISTRY.wait().load(id("c")).await?);
        assert_eq!(REGISTRY.wait().state(id("b")), State::Loaded);
        Ok("a".into())
    };
    let options = StartOptions { max_loaded: Some(1), ..StartOptions::default() };
    let host = start_with(idle(&apps), options, move |slug| match slug {
        "a" => Box::pin(make_a()),
        _ => Box::pin(async move { Ok(slug.into()) }),
    });
    let host = host.unwrap();
    REGISTRY.set(host.registry).unwrap();
    assert_eq!(host.load("a"), Ok("a".to_owned()));
    assert_eq!(["a", "b", "c"].map(|slug| host.registry.state(id(slug))), [State::Loaded, State::Idle, State::Idle]);
}

#[test]
fn an_evicted_app_comes_back_when_it_is_needed() {
    let host = host(1);
    visit(&host, "a b a");
    assert_eq!((host.made(), host.loaded()), (vec!["a", "b", "a"], vec!["a"]));
}

/// Threads that use apps in turn, some of them for longer, while there is room for two of four.
#[test]
fn under_load_whoever_has_an_app_can_use_it_and_none_is_left_behind() {
    let host = host(2);
    let slugs = ["a", "b", "c", "d"];
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let use_apps = |first: usize| {
            let (host, is_over) = (&host, &is_over);
            move || {
                let mut kept = Vec::new();
                for turn in first..first + 2_000 {
                    let slug = slugs[(turn * 7 + turn / 5) % slugs.len()];
                    let app = host.load(slug);
                    assert_eq!(app.slug, slug);
                    kept.push(app);
                    if turn % 3 == 0 {
                        kept.clear();
                    }
                }
                is_over.store(true, Ordering::SeqCst);
            }
        };
        for first in [0, 11, 22] {
            scope.spawn(use_apps(first));
        }
        scope.spawn(|| {
            while !is_over.load(Ordering::SeqCst) {
                host.unload("a");
                host.registry.handle(1).with(|app| assert_eq!(app.slug, "b"));
            }
        });
    });
    assert_eq!(host.made().len() - host.dropped().len(), host.loaded().len());
    for slug in slugs {
        host.unload(slug);
    }
    assert_eq!(host.made().len(), host.dropped().len());
}
