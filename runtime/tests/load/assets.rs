//! Lazy assets: when a registry asks for them, and for which apps.

use std::future::pending;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use bakehouse_runtime::registry::{Assets, BoxFuture, Entered, StartOptions, State};
use bakehouse_runtime::{AppId, Method};

use crate::host::{Host, idle, now, start_with};
use crate::image::{App, code};

fn lazy(app: App) -> App {
    App { has_lazy_links: true, ..app }
}

fn plain(slug: &'static str) -> App {
    App { slug, ..App::default() }
}

/// A host whose assets take what `see_to` takes, and the apps for which it was asked, in order.
fn host(apps: &[App], see_to: fn() -> BoxFuture<'static, ()>) -> (Host, Arc<Mutex<Vec<AppId>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let assets = Assets::new(move |app| {
        log.lock().unwrap().push(app);
        see_to()
    });
    let options = StartOptions { assets: Some(assets), flags: vec![(AppId(0), false)], ..StartOptions::default() };
    (start_with(idle(apps), options, |slug| Box::pin(async move { Ok(slug.into()) })).unwrap(), asked)
}

/// `a` is off; `e` requires `d`, which has no code; entering `f` preloads three.
fn apps() -> [App; 6] {
    let preload = &["a", "b", "d"];
    let f = App { preload, ..plain("f") };
    [lazy(code("a")), code("b"), lazy(code("c")), lazy(plain("d")), App { requires: &["d"], ..code("e") }, f]
}

#[test]
fn a_load_asks_once_and_only_for_apps_with_lazy_assets() {
    for (slug, expected) in [("b", &[][..]), ("c", &["c"]), ("e", &["d"])] {
        let (host, asked) = host(&apps(), || Box::pin(async {}));
        for _ in 0..3 {
            assert_eq!(host.load(slug), Ok(slug.to_owned()));
        }
        let slugs: Vec<_> = asked.lock().unwrap().iter().map(|app| host.registry.table().app(*app).slug()).collect();
        assert_eq!(slugs, expected, "{slug}");
    }
}

#[test]
fn entering_asks_for_apps_without_code_too_but_not_for_those_that_are_off() {
    for (path, expected) in [("/a", &[][..]), ("/b", &[]), ("/c", &["c", "c"]), ("/d", &["d"]), ("/f", &["d"])] {
        let (host, asked) = host(&apps(), || Box::pin(async {}));
        assert!(matches!(now(host.registry.enter(Method::GET, path.as_bytes())), Entered::App(_)));
        let slugs: Vec<_> = asked.lock().unwrap().iter().map(|app| host.registry.table().app(*app).slug()).collect();
        assert_eq!(slugs, expected, "{path}");
    }
}

#[test]
fn an_app_is_loaded_when_its_assets_are_seen_to() {
    let (host, _) = host(&apps(), || Box::pin(pending()));
    let app = host.id("c");
    let mut loading = pin!(host.registry.load(app));
    assert!(loading.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!((host.calls(), host.registry.state(app)), (vec!["c"], State::Loading));
    assert!(host.registry.loaded(app).is_none());
}

#[test]
fn an_app_that_fails_asks_for_nothing() {
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    let assets = Assets::new(move |_| {
        *count.lock().unwrap() += 1;
        Box::pin(async {})
    });
    let options = StartOptions { assets: Some(assets), ..StartOptions::default() };
    let host = start_with(idle(&[lazy(code("a"))]), options, |_| Box::pin(async { Err("no token".into()) })).unwrap();
    assert!(host.load("a").is_err());
    assert_eq!(*asked.lock().unwrap(), 0);
}
