//! `Table::find` and `Table::candidates` answer as the naive matcher does, whatever the routes.

use std::cell::Cell;

use bakehouse_oracle::compare::compare;
use bakehouse_oracle::find::{Answer, Rules};
use bakehouse_oracle::generate::request::{Recipe, recipes};
use bakehouse_oracle::generate::{Set, crowded, deep, sets, tangled};
use bakehouse_oracle::host::{App, WrittenRoute, bake, errors, table_in, told};
use bakehouse_oracle::pattern::Pattern;
use bakehouse_oracle::property;
use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::{Method, Table};
use proptest::prelude::*;

#[test]
fn tangled_patterns() {
    check(100, 120, sets(tangled::tangled()));
}

#[test]
fn very_many_patterns() {
    check(12, 200, sets(tangled::wide()));
}

#[test]
fn short_alternations() {
    check(24, 200, sets(tangled::alternating()));
}

#[test]
fn patterns_of_slashes() {
    check(40, 200, sets(tangled::slashes()));
}

#[test]
fn segments_of_one_byte() {
    check(16, 200, sets(tangled::one_byte()));
}

#[test]
fn deep_alternations() {
    check(30, 100, sets(deep::alternation()));
}

#[test]
fn a_catch_all_at_each_level() {
    check(30, 80, sets(deep::spine()));
}

#[test]
fn the_longest_patterns() {
    check(16, 80, sets(deep::longest()));
}

#[test]
fn shared_prefixes() {
    check(30, 100, sets(deep::shared_prefixes()));
}

#[test]
fn literals_that_are_nearly_equal() {
    check(40, 100, sets(crowded::near_equal()));
}

#[test]
fn hundreds_of_siblings() {
    check(6, 80, sets(crowded::siblings()));
}

#[test]
fn many_segments_of_text_around_params() {
    check(20, 100, sets(crowded::mixed()));
}

#[test]
fn patterns_that_are_equal_but_for_their_methods() {
    check(24, 120, crowded::same_but_for_methods());
}

/// How often something came of the cases of a property.
#[derive(Debug, Default)]
struct Counts {
    /// Sets that were baked.
    baked: Cell<usize>,
    /// Sets that branch too much to be baked.
    refused: Cell<usize>,
    /// Requests that were compared.
    asked: Cell<usize>,
    /// Requests among them that a route serves.
    served: Cell<usize>,
}

/// Every request is tried on one set of routes before the next is compiled.
fn check(cases: u32, n_requests: usize, sets: impl Strategy<Value = Set>) {
    let counts = Counts::default();
    let folder = tempfile::tempdir().expect("a temporary folder");
    property(cases, &(sets, recipes(n_requests)), |(set, recipes)| {
        let bytes = table_in(folder.path(), &set).map_err(TestCaseError::fail)?;
        count(if bytes.is_some() { &counts.baked } else { &counts.refused });
        bytes.map_or(Ok(()), |bytes| check_table(&bytes, &set, &recipes, &counts)).map_err(TestCaseError::fail)
    });
    // Where most sets are refused or nearly no request is served, the test shows nothing.
    assert!(counts.refused.get() * 10 <= counts.baked.get(), "{counts:?}");
    assert!((counts.asked.get() / 20..counts.asked.get()).contains(&counts.served.get()), "{counts:?}");
}

fn check_table(bytes: &[u8], set: &Set, recipes: &[Recipe], counts: &Counts) -> Result<(), String> {
    let table = Table::parse(bytes).map_err(|error| error.to_string())?;
    for recipe in recipes {
        let (method, path) = recipe.request(&set.routes);
        count(&counts.asked);
        let answer = compare(table, set.rules, &set.routes, method, &path);
        if let Answer::Match { .. } = answer.map_err(|difference| format!("{difference}\nof\n{set}"))? {
            count(&counts.served);
        }
    }
    Ok(())
}

fn count(counter: &Cell<usize>) {
    counter.set(counter.get() + 1);
}

/// Text over the bytes that mean something is a pattern to the bake exactly if it is one to the parser of the tests.
#[test]
fn the_grammar_is_the_same() {
    let text = "/[{}*/a_ .-]{0,12}";
    property(200, &text, |text| {
        let route = WrittenRoute {
            path: text.clone(),
            methods: [Method::POST].into_iter().collect(),
            overrides: Vec::new(),
            yields: true,
        };
        let rules = Rules { ignore_case: false, slash: TrailingSlash::Strict };
        let compilation = bake(rules, &[App { slug: "app".to_owned(), routes: vec![route] }])
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        let is_refused = errors(&compilation).contains(&"invalid-pattern");
        prop_assert_eq!(is_refused, Pattern::parse(&text).is_err(), "{}\n{}", text, told(&compilation));
        Ok(())
    });
}
