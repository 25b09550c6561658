//! Loading: requirements, switches, failures, core apps, routes.

use std::future::pending;
use std::pin::pin;
use std::sync::OnceLock;
use std::task::{Context, Waker};

use bakehouse_runtime::registry::{BoxFuture, Entered, Registry, StartOptions, State};
use bakehouse_runtime::{AppId, Method, Methods};

use crate::host::{Job, Made, host, host_with, idle, now, start_with};
use crate::image::{App, code};

/// Every app loads but `bad`, which fails, `mad`, which panics, and `slow`, which never ends.
fn construct(slug: &'static str) -> BoxFuture<'static, Made> {
    match slug {
        "bad" => Box::pin(async { Err("no token".into()) }),
        "mad" => panic!("no mind"),
        "slow" => Box::pin(pending()),
        _ => Box::pin(async move { Ok(slug.into()) }),
    }
}

fn requires(slug: &'static str, requires: &'static [&'static str]) -> App {
    App { requires, ..code(slug) }
}

#[test]
fn what_an_app_requires_loads_first_and_once() {
    let cases: [(&str, &[&str]); 5] =
        [("a", &["a"]), ("b", &["a", "b"]), ("c", &["a", "b", "c"]), ("d", &["a", "b", "c", "d"]), ("e", &["a", "e"])];
    let apps = [
        code("a"),
        requires("b", &["a"]),
        requires("c", &["b"]),
        requires("d", &["c", "b"]),
        requires("e", &["f"]),
        App { slug: "f", requires: &["a"], ..App::default() },
    ];
    for (slug, expected) in cases {
        let host = host(&apps);
        assert_eq!(host.load(slug), Ok(slug.to_owned()));
        assert_eq!(host.load(slug), Ok(slug.to_owned()));
        assert_eq!(host.calls(), expected, "for {slug}");
    }
}

#[test]
fn an_app_whose_requirement_fails_names_the_chain() {
    let apps = [requires("a", &["b"]), requires("b", &["bad"]), code("bad"), code("z")];
    let host = host_with(&apps, construct);
    let expected = [
        "app `a` can't be loaded: it requires `b`, which requires `bad`",
        "app `bad` failed to load; the next attempt is due in 100 ms",
    ];
    assert_eq!(host.load("a"), Err(expected.map(str::to_owned)));
    assert_eq!(host.calls(), ["bad"]);
    let error = host.registry.load_blocking(host.id("b")).unwrap_err();
    assert!(error.is_required() && !error.is_failed() && error.retry_at().is_some());
    let states = ["a", "b", "bad"].map(|slug| host.registry.state(host.id(slug)));
    assert_eq!(states, [State::Idle, State::Idle, State::Failed]);
    assert_eq!(host.load("z"), Ok("z".to_owned()), "others are untouched");
}

#[test]
fn a_panic_in_the_call_of_a_constructor_is_an_error() {
    let host = host_with(&[code("mad"), code("z")], construct);
    let error = host.registry.load_blocking(host.id("mad")).unwrap_err();
    assert!(error.is_panic());
    assert!(error.to_string().starts_with("app `mad` panicked while it was loaded: `no mind`;"), "{error}");
    assert_eq!(host.load("z"), Ok("z".to_owned()));
}

#[test]
fn a_panic_where_the_context_is_made_is_an_error() {
    let registry = idle(&[code("a")]);
    registry.start(|_| panic!("no context"), StartOptions::default()).unwrap();
    assert!(registry.handle(0).load_blocking().unwrap_err().is_panic());
}

#[test]
fn an_app_without_code_has_nothing_to_load() {
    let host = host(&[App { slug: "a", ..App::default() }]);
    let error = host.registry.load_blocking(host.id("a")).unwrap_err();
    assert!(error.is_declarative());
    assert_eq!(error.to_string(), "app `a` has no code to load");
    assert_eq!(host.registry.state(host.id("a")), State::Declarative);
}

#[test]
fn switches_go_before_manifests() {
    let disabled = |slug| App { is_disabled: true, ..code(slug) };
    let apps = [code("a"), code("b"), disabled("c"), disabled("d"), requires("e", &["b"])];
    let flags = vec![(AppId(1), false), (AppId(2), true)];
    let host = start_with(idle(&apps), StartOptions { flags, ..StartOptions::default() }, construct).unwrap();
    let cases = [("a", State::Idle), ("b", State::Off), ("c", State::Idle), ("d", State::Off), ("e", State::Idle)];
    for (slug, state) in cases {
        assert_eq!(host.registry.state(host.id(slug)), state, "{slug}");
        let error = host.registry.load_blocking(host.id(slug)).err();
        assert_eq!(error.is_some_and(|error| error.is_off()), state == State::Off, "{slug}");
    }
    let expected = ["app `e` can't be loaded: it requires `b`", "app `b` is switched off"];
    assert_eq!(host.load("e"), Err(expected.map(str::to_owned)));
    assert_eq!(host.calls(), ["a", "c"]);
}

#[test]
fn a_wrong_table_gives_errors_and_no_endless_loop() {
    let apps = [
        requires("a", &["b"]),
        requires("b", &["c"]),
        requires("c", &["a", "b"]),
        requires("d", &["d"]),
        requires("e", &["nobody"]),
    ];
    let host = host(&apps);
    for slug in ["a", "d"] {
        assert_eq!(host.load(slug), Ok(slug.to_owned()));
    }
    let number = u32::MAX;
    assert!(host.load("e").unwrap_err()[1].contains(&format!("`#{number}`")));
    let error = host.registry.load_blocking(AppId(99)).unwrap_err();
    assert!(error.is_not_in_table());
    assert_eq!(error.app(), "#99");
    assert_eq!(host.registry.state(AppId(99)), State::Declarative);
}

#[test]
fn handles_load_what_the_registry_loads() {
    let host = host(&[code("a")]);
    let handle = host.registry.handle(0);
    assert!(handle.loaded().is_none());
    let app = now(handle.load()).unwrap().into_arc();
    assert_eq!(host.registry.loaded(host.id("a")).map(|app| app.as_ptr()), Some(app.as_ptr()));
    assert_eq!(handle.loaded().as_deref(), Some("a"));
}

#[test]
fn core_apps_load_at_start_side_by_side() {
    let core = |app: App| App { is_core: true, ..app };
    let apps = [
        core(requires("a", &["z"])),
        core(code("bad")),
        code("c"),
        core(App { slug: "d", ..App::default() }),
        core(App { is_disabled: true, ..code("e") }),
        core(code("mad")),
        code("z"),
    ];
    let host = host_with(&apps, construct);
    let loaded = now(host.registry.load_core());
    let loaded: Vec<_> =
        loaded.iter().map(|(app, result)| (host.registry.table().app(*app).slug(), result.is_ok())).collect();
    assert_eq!(loaded, [("bad", false), ("mad", false), ("a", true)]);
    assert_eq!(host.calls(), ["bad", "mad", "z", "a"]);
}

#[test]
fn a_slow_core_app_holds_up_none_but_those_that_require_it() {
    let core = |app: App| App { is_core: true, ..app };
    let host = host_with(&[core(requires("a", &["slow"])), core(code("b")), core(code("slow"))], construct);
    let mut loading = pin!(host.registry.load_core());
    assert!(loading.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    let states = ["a", "b", "slow"].map(|slug| host.registry.state(host.id(slug)));
    assert_eq!(states, [State::Idle, State::Loaded, State::Loading]);
}

#[test]
fn an_eager_host_loads_every_app_with_code() {
    let apps = [requires("a", &["c"]), App { slug: "b", ..App::default() }, code("c")];
    let options = StartOptions { eager: true, ..StartOptions::default() };
    let host = start_with(idle(&apps), options, construct).unwrap();
    assert_eq!(now(host.registry.load_core()).len(), 2);
    assert_eq!(host.calls(), ["c", "a"]);
}

#[test]
fn entering_a_route_loads_its_app_and_its_preloads() {
    let apps = [
        App { preload: &["b", "bad", "d"], ..code("a") },
        code("b"),
        code("bad"),
        App { slug: "d", ..App::default() },
        code("z"),
    ];
    let host = host_with(&apps, construct);
    let Entered::App(entry) = now(host.registry.enter(Method::GET, b"/a")) else { panic!("must match") };
    assert_eq!(entry.app.as_deref().ok(), Some("a"));
    assert_eq!(entry.matched.route().pattern(), "/a");
    let failed: Vec<_> = entry.failed_preloads.iter().map(|(app, error)| (*app, error.is_failed())).collect();
    assert_eq!(failed, [(host.id("bad"), true)]);
    assert_eq!(host.calls(), ["a", "b", "bad"]);
}

#[test]
fn a_constructor_that_enters_its_own_route_gets_an_error_and_goes_on() {
    static REGISTRY: OnceLock<&Registry<str, Job>> = OnceLock::new();
    let enter_own = || async {
        let Entered::App(entry) = REGISTRY.wait().enter(Method::GET, b"/a").await else { panic!("must match") };
        assert!(entry.app.is_err_and(|error| error.is_waiting_for_itself()));
        Ok("a".into())
    };
    let apps = [App { preload: &["b", "c"], ..code("a") }, code("b"), code("c")];
    let host = host_with(&apps, move |slug| match slug {
        "a" => Box::pin(enter_own()),
        _ => construct(slug),
    });
    REGISTRY.set(host.registry).unwrap();
    assert_eq!(host.load("a"), Ok("a".to_owned()));
    assert_eq!(host.calls(), ["a", "b", "c"], "the preloads are there");
}

#[test]
fn entering_tells_what_there_is_instead_of_an_app() {
    let host = host_with(&[code("bad"), App { slug: "d", ..App::default() }, code("z")], construct);
    let enter = |method, path: &'static str| now(host.registry.enter(method, path.as_bytes()));
    assert!(matches!(enter(Method::GET, "/nobody"), Entered::Nothing));
    let allowed = Methods::from_iter([Method::GET, Method::HEAD]);
    assert!(matches!(enter(Method::POST, "/z"), Entered::WrongMethod(methods) if methods == allowed));
    for (path, is_declarative) in [("/d", true), ("/bad", false)] {
        let Entered::App(entry) = enter(Method::GET, path) else { panic!("must match") };
        let error = entry.app.unwrap_err();
        assert_eq!((error.is_declarative(), error.is_failed()), (is_declarative, !is_declarative), "{path}");
    }
    assert_eq!(host.calls(), ["bad"]);
}

/// Not even the methods of what is off are told, and a preload that is off is no failure.
#[test]
fn entering_what_is_off_is_entering_nothing() {
    let apps = [App { preload: &["b"], ..code("a") }, App { is_disabled: true, ..code("b") }];
    let host = host(&apps);
    assert!(matches!(now(host.registry.enter(Method::POST, b"/b")), Entered::Nothing));
    let Entered::App(entry) = now(host.registry.enter(Method::GET, b"/b")) else { panic!("must match") };
    assert!(entry.app.unwrap_err().is_off());
    let Entered::App(entry) = now(host.registry.enter(Method::GET, b"/a")) else { panic!("must match") };
    assert!(entry.app.is_ok() && entry.failed_preloads.is_empty());
}

#[test]
fn what_a_registry_gives_may_go_to_another_thread() {
    fn is_send<T: Send>(_: &T) {}
    let host = host(&[code("a")]);
    is_send(&host.registry.load(AppId(0)));
    is_send(&host.registry.load_core());
    is_send(&host.registry.enter(Method::GET, b"/a"));
    is_send(&host.registry.handle(0).load());
}
