//! No path makes the index look at more than the bound that the table records, and a longer path not at more than a short one.

use bakehouse_oracle::find::Rules;
use bakehouse_oracle::generate::request::recipes;
use bakehouse_oracle::generate::store::store;
use bakehouse_oracle::generate::{Set, crowded, deep, sets, tangled};
use bakehouse_oracle::host::{App, bake, table_in, told};
use bakehouse_oracle::property;
use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::{Methods, Table};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// The most probes of a large store whose patterns are unlike: a few dozen.
const MOST_IN_A_STORE: u32 = 64;

#[test]
fn tangled_patterns_keep_the_bound() {
    check(60, sets(tangled::tangled()));
}

#[test]
fn deep_alternations_keep_the_bound() {
    check(40, sets(deep::alternation()));
}

#[test]
fn a_catch_all_at_each_level_keeps_the_bound() {
    check(40, sets(deep::spine()));
}

#[test]
fn shared_prefixes_keep_the_bound() {
    check(30, sets(deep::shared_prefixes()));
}

#[test]
fn many_segments_of_text_around_params_keep_the_bound() {
    check(20, sets(crowded::mixed()));
}

#[test]
fn hundreds_of_siblings_keep_the_bound() {
    check(4, sets(crowded::siblings()));
}

#[test]
fn patterns_that_are_equal_but_for_their_methods_keep_the_bound() {
    check(20, crowded::same_but_for_methods());
}

/// The patterns below `/webhooks` and those that begin with a param are alike in every app, and left out.
#[test]
fn a_large_store_has_a_small_bound() {
    let rules = Rules { ignore_case: false, slash: TrailingSlash::Strict };
    let mut store = store(rules, 250);
    for (_, set) in &mut store {
        set.routes.retain(|route| !route.text.starts_with("/webhooks/") && !route.text.starts_with("/{"));
    }
    let apps: Vec<App> = store.iter().map(|(slug, set)| App::of(slug, set)).collect();
    let compilation = bake(rules, &apps).expect("a temporary folder");
    let baked = compilation.baked.as_ref().unwrap_or_else(|| panic!("{}", told(&compilation)));
    let table = Table::parse(&baked.table).expect("the bake read it back");
    assert!((1..=MOST_IN_A_STORE).contains(&table.probe_bound()), "{}", table.probe_bound());
    let routes: Vec<_> = store.into_iter().flat_map(|(_, set)| set.routes).collect();
    let recipes = recipes(2_000).new_tree(&mut TestRunner::deterministic()).expect("nothing is filtered").current();
    for (_, path) in recipes.iter().map(|recipe| recipe.request(&routes)) {
        assert!(table.probes(&path) <= table.probe_bound(), "{}", path.escape_ascii());
    }
}

/// Params and catch-alls take text of any length at once: the probes of a path do not grow with its bytes.
#[test]
fn a_longer_path_takes_no_more_probes() {
    let patterns = ["/{x}", "/a{x}", "/{x}:go", "/{x}/b", "/a/{x}/{y}", "/a/b/{*rest}", "/{x}/{y}/c", "/{x}/b/{*rest}"];
    let rules = Rules { ignore_case: false, slash: TrailingSlash::Strict };
    let set = Set::new(rules, patterns.map(|it| (it.to_owned(), Methods::ALL)));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bytes = table_in(folder.path(), &set).unwrap_or_else(|told| panic!("{told}")).expect("it is baked");
    let table = Table::parse(&bytes).expect("the bake read it back");
    let shapes: [fn(&str) -> String; 7] = [
        |text| format!("/{text}"),
        |text| format!("/{text}:go"),
        |text| format!("/{text}/b"),
        |text| format!("/a/{text}/{text}"),
        |text| format!("/a/b/{text}"),
        |text| format!("/a/b/{}", format!("{text}/").repeat(16)),
        |text| format!("/{text}/b/{text}/{text}"),
    ];
    for shape in shapes {
        let probes = [8, 16, 1_000, 2_000, 64_000].map(|n| table.probes(shape(&"a".repeat(n)).as_bytes()));
        assert!(probes.iter().all(|n| *n == probes[0]), "{probes:?} for {}", shape("a"));
    }
    // Nor with its segments, once there are more than any pattern has.
    let probes = [70, 140, 280, 20_000].map(|n| table.probes("/a".repeat(n).as_bytes()));
    assert!(probes.iter().all(|n| *n == probes[0]), "{probes:?}");
}

fn check(cases: u32, sets: impl Strategy<Value = Set>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    property(cases, &(sets, recipes(200)), |(set, recipes)| {
        let Some(bytes) = table_in(folder.path(), &set).map_err(TestCaseError::fail)? else { return Ok(()) };
        let table = Table::parse(&bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
        for (_, path) in recipes.iter().map(|recipe| recipe.request(&set.routes)) {
            let (probes, bound) = (table.probes(&path), table.probe_bound());
            prop_assert!(probes <= bound, "{probes} of {bound} for {} of\n{set}", path.escape_ascii());
        }
        Ok(())
    });
}
