//! What a registry says of why apps are loaded, at once and later.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bakehouse_runtime::Method;
use bakehouse_runtime::registry::{Observer, StartOptions, Why};

use crate::host::{Host, host_with, idle, now, start_with};
use crate::image::{App, code};

/// What an observer was told, a line each.
type Told = Arc<Mutex<Vec<String>>>;

fn told(told: &Told) -> Vec<String> {
    std::mem::take(&mut *told.lock().unwrap())
}

fn observer(told: &Told) -> Observer {
    let told = Arc::clone(told);
    Observer::new(move |app, why| {
        told.lock().unwrap().push(format!("{}: {why}", app.slug()));
        let told = Arc::clone(&told);
        Box::new(move |outcome| {
            let outcome = outcome.map(|_| "loaded").map_err(ToString::to_string);
            told.lock().unwrap().push(format!("{}: {outcome:?}", app.slug()));
        })
    })
}

/// Apps whose constructors fail if their slug says so.
fn observed(apps: &[App]) -> (Host, Told) {
    let lines = Told::default();
    let options = StartOptions { observer: Some(observer(&lines)), ..StartOptions::default() };
    let host = start_with(idle(apps), options, |slug| {
        Box::pin(async move {
            assert!(slug != "mad", "no mind");
            if slug == "bad" { Err("no token".into()) } else { Ok(slug.into()) }
        })
    });
    (host.unwrap(), lines)
}

#[test]
fn each_load_is_told_of_once_with_who_needed_it() {
    let apps = [
        App { requires: &["c"], preload: &["d"], ..code("a") },
        App { is_core: true, ..code("b") },
        code("c"),
        code("d"),
        code("e"),
    ];
    let (host, lines) = observed(&apps);
    now(host.registry.load_core());
    assert_eq!(told(&lines), ["b: start", "b: Ok(\"loaded\")"]);
    now(host.registry.enter(Method::GET, b"/a"));
    let expected = [
        "c: required by `a`",
        "c: Ok(\"loaded\")",
        "a: route `/a`",
        "a: Ok(\"loaded\")",
        "d: preload of route `/a`",
        "d: Ok(\"loaded\")",
    ];
    assert_eq!(told(&lines), expected);
    now(host.registry.load_for(host.id("e"), Why::WarmUp)).unwrap();
    host.load("a").unwrap();
    now(host.registry.enter(Method::GET, b"/e"));
    assert_eq!(told(&lines), ["e: warm-up", "e: Ok(\"loaded\")"], "those that are loaded are not loaded again");
}

#[test]
fn a_failed_load_is_told_of_and_its_repetition_is_not() {
    let (host, lines) = observed(&[code("bad"), code("mad")]);
    for (slug, failure) in [("bad", "failed to load"), ("mad", "panicked while it was loaded: `no mind`")] {
        let mut wait = 100;
        for _ in 0..3 {
            let error = host.registry.load_blocking(host.id(slug)).unwrap_err();
            let told = told(&lines);
            // On a slow machine, the next attempt may be due already.
            let expected: &[String] = if error.is_backing_off() {
                &[]
            } else {
                let text = format!("app `{slug}` {failure}; the next attempt is due in {wait} ms");
                wait *= 2;
                &[format!("{slug}: call"), format!("{slug}: Err({text:?})")]
            };
            assert_eq!(told, expected);
        }
    }
}

#[test]
fn an_observer_that_panics_does_no_harm() {
    for panics_at_once in [true, false] {
        let observer = Observer::new(move |_, _| {
            assert!(!panics_at_once, "at the beginning");
            Box::new(|_| panic!("at the end"))
        });
        let options = StartOptions { observer: Some(observer), ..StartOptions::default() };
        let host = start_with(idle(&[code("a")]), options, |slug| Box::pin(async move { Ok(slug.into()) })).unwrap();
        assert_eq!(host.load("a"), Ok("a".to_owned()));
    }
}

#[test]
fn the_last_load_is_kept_beyond_the_app() {
    let host = host_with(&[code("a")], |slug| Box::pin(async move { Ok(slug.into()) }));
    let last_load = || host.registry.metrics_of(host.id("a")).unwrap().last_load;
    assert_eq!(last_load(), None);
    now(host.registry.enter(Method::GET, b"/a"));
    let first = last_load().unwrap();
    assert_eq!((first.why, first.took < Duration::from_secs(3_600)), (Why::Route("/a"), true));
    assert!(host.registry.unload(host.id("a")));
    assert_eq!(last_load(), Some(first));
    host.load("a").unwrap();
    let second = last_load().unwrap();
    assert_eq!((second.why, second.at >= first.at), (Why::Call, true));
}
