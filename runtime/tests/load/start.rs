//! Starting: what is bound to what.

use bakehouse_runtime::registry::{StartOptions, State};

use crate::host::{binary, host, host_with, idle, start_with};
use crate::image::{App, code};

fn options() -> StartOptions {
    StartOptions::default()
}

#[test]
fn constructors_are_bound_by_slug_not_by_position() {
    let apps = [code("a"), code("b"), code("c")];
    let constructors = [("c", "c::app"), ("a", "a::app"), ("left-out", "left_out::app"), ("b", "b::app")];
    let registry = binary(&apps, constructors.into_iter());
    let host = start_with(registry, options(), |slug| Box::pin(async move { Ok(slug.into()) })).unwrap();
    for slug in ["a", "b", "c"] {
        assert_eq!(host.load(slug), Ok(slug.to_owned()));
    }
    let slugs = [(0, "c", Some(host.id("c"))), (2, "left-out", None)];
    for (idx, slug, app) in slugs {
        let handle = registry.handle(idx);
        assert_eq!((handle.slug(), handle.app()), (slug, app));
        assert_eq!(handle.load_blocking().is_ok(), app.is_some());
    }
    let error = registry.handle(2).load_blocking().unwrap_err();
    assert!(error.is_not_in_table());
    assert_eq!(error.to_string(), "app `left-out` is not in the table of this host");
}

#[test]
fn a_table_that_names_code_which_the_binary_lacks_is_refused() {
    let apps = [code("a"), App { slug: "b", ..App::default() }, code("c"), code("d"), code("zom")];
    let registry = binary(&apps, [("d", "d::app"), ("c", "c::old"), ("zoom", "zoom::app")].into_iter());
    let error = start_with(registry, options(), |_| unreachable!()).err().unwrap();
    assert!(error.is_missing_entry());
    let text = "the table names code that this binary lacks: \
        `a::app` of app `a`, `c::app` of app `c` (it has `c::old`), `zom::app` of app `zom` (it has `zoom::app`)";
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_registry_starts_once() {
    let host = host(&[code("a")]);
    let error = host.registry.start(|_| unreachable!(), options()).unwrap_err();
    assert!(error.is_already_started());
    assert_eq!(host.load("a"), Ok("a".to_owned()));
}

#[test]
fn before_it_is_started_nothing_loads() {
    let registry = idle(&[code("a")]);
    let app = registry.table().resolve("a").unwrap().id();
    for error in [registry.load_blocking(app).unwrap_err(), registry.handle(0).load_blocking().unwrap_err()] {
        assert!(error.is_not_started());
        assert_eq!(error.to_string(), "app `a` can't be loaded before the registry is started");
    }
    assert_eq!(registry.state(app), State::Idle);
    assert!(registry.loaded(app).is_none());
}

#[test]
fn starting_runs_nothing_of_an_app() {
    let host = host_with(&[App { is_core: true, ..code("a") }], |_| panic!("must not run"));
    assert_eq!(host.calls(), Vec::<&str>::new());
    assert_eq!(host.registry.state(host.id("a")), State::Idle);
}
