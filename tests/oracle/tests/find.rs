//! `Table::find` answers as the naive matcher does.

use bakehouse_oracle::find::{Answer, Route, Rules, find, matching, other_form};
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
    property(120, &sets, |(rules, routes, recipes)| {
        let Some(bytes) = table(rules, &routes)? else { return Ok(()) };
        let table = Table::parse(&bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(table.probe_bound() > 0);
        for recipe in &recipes {
            let path = recipe.path(&routes);
            let expected = find(&routes, rules, recipe.method, &path);
            let found = answer(table, recipe.method, &path);
            let told = format!("{:?} {} under {rules:?} of {:#?}", recipe.method, path.escape_ascii(), list(&routes));
            prop_assert_eq!(found, expected, "{}", told);
            prop_assert_eq!(candidates(table, &path), all_matching(&routes, rules, &path), "{}", told);
        }
        Ok(())
    });
}

/// How specific each of the patterns is that match, in order. Equal ones come in any order, so that names are erased.
fn candidates(table: Table<'_>, path: &[u8]) -> Vec<Pattern> {
    let patterns = table.candidates(path).into_iter().filter_map(|route| Pattern::parse(route.pattern()).ok());
    patterns.map(|pattern| pattern.erased(true)).collect()
}

fn all_matching(routes: &[Route], rules: Rules, path: &[u8]) -> Vec<Pattern> {
    let other = path.strip_prefix(b"/").and_then(|_| other_form(rules, path));
    let forms = [Some(path), other.as_deref()].into_iter().flatten();
    forms.flat_map(|path| matching(routes, rules, path)).map(|route| route.pattern.erased(true)).collect()
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
    property(200, &text, |text| {
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
