//! `Table::find` answers as the naive matcher does.

use bakehouse_oracle::find::{Answer, Route, Rules, find};
use bakehouse_oracle::host::{App, WrittenRoute, bake, errors, told};
use bakehouse_oracle::pattern::Pattern;
use bakehouse_oracle::{generate, property};
use bakehouse_runtime::find::Found;
use bakehouse_runtime::{Method, Methods, Table};
use proptest::prelude::*;

/// Every path is tried on one set of routes before the next is compiled.
const PATHS: usize = 200;

#[test]
fn find_answers_as_the_naive_matcher() {
    let sets =
        generate::rules().prop_flat_map(|rules| (Just(rules), generate::routes(rules), generate::recipes(PATHS)));
    property(150, &sets, |(rules, routes, recipes)| {
        let Some(bytes) = table(rules, &routes)? else { return Ok(()) };
        let table = Table::parse(&bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(table.visit_bound() > 0);
        for recipe in &recipes {
            let path = recipe.path(&routes);
            let expected = find(&routes, rules, recipe.method, &path);
            let found = answer(table, recipe.method, &path);
            prop_assert_eq!(
                found,
                expected,
                "{:?} {} under {:?} of {:#?}",
                recipe.method,
                path.escape_ascii(),
                rules,
                list(&routes)
            );
        }
        Ok(())
    });
}

/// The first candidate that serves a method is what is found for it. `HEAD` falls to `GET`, so that the first may be
/// another.
#[test]
fn the_first_candidate_that_serves_the_method_is_found() {
    let sets =
        generate::rules().prop_flat_map(|rules| (Just(rules), generate::routes(rules), generate::recipes(PATHS)));
    property(50, &sets, |(rules, routes, recipes)| {
        let Some(bytes) = table(rules, &routes)? else { return Ok(()) };
        let table = Table::parse(&bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
        for recipe in recipes.iter().filter(|recipe| recipe.method != Method::HEAD) {
            let path = recipe.path(&routes);
            let candidates = table.candidates(&path);
            let first = candidates.iter().find(|route| route.methods().contains(recipe.method));
            let as_found = match answer(table, recipe.method, &path) {
                Answer::Match { pattern, .. } => first.is_some_and(|route| route.pattern() == pattern),
                Answer::Redirect(_) => first.is_some(),
                Answer::WrongMethod(_) => first.is_none() && !candidates.is_empty(),
                Answer::Nothing => candidates.is_empty(),
            };
            prop_assert!(as_found, "{} in {:#?}: {candidates:#?}", path.escape_ascii(), list(&routes));
        }
        Ok(())
    });
}

fn list(routes: &[Route]) -> Vec<(&str, Methods)> {
    routes.iter().map(|route| (route.text.as_str(), route.methods)).collect()
}

/// The table of one app that has those routes; none if their bound of visits is over the limit.
fn table(rules: Rules, routes: &[Route]) -> Result<Option<Vec<u8>>, TestCaseError> {
    let written = |route: &Route| WrittenRoute {
        path: route.text.clone(),
        methods: route.methods,
        overrides: Vec::new(),
        // So that no pattern clashes with the host's own paths.
        yields: true,
    };
    let app = App { slug: "app".to_owned(), routes: routes.iter().map(written).collect() };
    let compilation = bake(rules, &[app]).map_err(|error| TestCaseError::fail(error.to_string()))?;
    match (&compilation.baked, errors(&compilation).as_slice()) {
        (Some(baked), []) => Ok(Some(baked.table.clone())),
        (None, ["route-limit"]) => Ok(None),
        _ => Err(TestCaseError::fail(told(&compilation))),
    }
}

fn answer(table: Table<'_>, method: Method, path: &[u8]) -> Answer {
    match table.find(method, path) {
        Found::Match(found) => {
            let params = found.params().map(|(name, param)| (name.to_owned(), param.raw().to_vec()));
            Answer::Match { pattern: found.route().pattern().to_owned(), params: params.collect() }
        }
        Found::WrongMethod(allowed) => Answer::WrongMethod(allowed),
        Found::Redirect { location } => Answer::Redirect(location),
        Found::Nothing => Answer::Nothing,
    }
}

/// Text over the bytes that mean something is a pattern to the bake exactly if it is one to the parser of the tests.
#[test]
fn the_grammar_is_the_same() {
    let text = "/[{}*/a_ .-]{0,12}";
    property(300, &text, |text| {
        let route = WrittenRoute {
            path: text.clone(),
            methods: [Method::POST].into_iter().collect(),
            overrides: Vec::new(),
            yields: true,
        };
        let rules = Rules { ignore_case: false, slash: bakehouse_runtime::table::TrailingSlash::Strict };
        let compilation = bake(rules, &[App { slug: "app".to_owned(), routes: vec![route] }])
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        let is_refused = errors(&compilation).contains(&"invalid-pattern");
        prop_assert_eq!(is_refused, Pattern::parse(&text).is_err(), "{}\n{}", text, told(&compilation));
        Ok(())
    });
}
