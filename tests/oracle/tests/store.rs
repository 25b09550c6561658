//! In a store of thousands of routes the table answers as the naive matcher does.

use std::collections::HashMap;

use bakehouse_oracle::compare::compare;
use bakehouse_oracle::find::{Answer, Route, Rules};
use bakehouse_oracle::generate::request::recipes;
use bakehouse_oracle::generate::store::store;
use bakehouse_oracle::host::{App, bake, told};
use bakehouse_runtime::Table;
use bakehouse_runtime::find::Found;
use bakehouse_runtime::table::TrailingSlash;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

const N_APPS: usize = 250;
const N_REQUESTS: usize = 7_000;

#[test]
fn a_strict_store() {
    check(Rules { ignore_case: false, slash: TrailingSlash::Strict });
}

#[test]
fn a_store_that_ignores_slashes_and_case() {
    check(Rules { ignore_case: true, slash: TrailingSlash::Ignore });
}

#[test]
fn a_store_that_redirects() {
    check(Rules { ignore_case: false, slash: TrailingSlash::Redirect });
}

fn check(rules: Rules) {
    let store = store(rules, N_APPS);
    let apps: Vec<App> = store.iter().map(|(slug, set)| App::of(slug, set)).collect();
    let compilation = bake(rules, &apps).expect("a temporary folder");
    let baked = compilation.baked.as_ref().unwrap_or_else(|| panic!("{}", told(&compilation)));
    let table = Table::parse(&baked.table).expect("the bake read it back");
    let routes: Vec<Route> = store.into_iter().flat_map(|(_, set)| set.routes).collect();
    assert!(routes.len() > N_APPS * 18 && routes.len() == table.n_routes(), "{} routes", routes.len());
    let by_start = ByStart::new(&routes);
    let mut n_served = 0;
    let recipes =
        recipes(N_REQUESTS).new_tree(&mut TestRunner::deterministic()).expect("nothing is filtered").current();
    for recipe in recipes {
        let (method, path) = recipe.request(&routes);
        let answer = compare(table, rules, by_start.near(&path), method, &path);
        let answer = answer.unwrap_or_else(|difference| panic!("{difference}"));
        n_served += usize::from(matches!(answer, Answer::Match { .. }));
        if let Found::Match(found) = table.find(method, &path) {
            assert!(found.route().pattern().contains(found.app().slug()), "{found:?}");
        }
    }
    assert!((N_REQUESTS / 4..N_REQUESTS).contains(&n_served), "{n_served} of {N_REQUESTS}");
}

/// Routes by the text before their first param, in lower case: a path that does not begin with it is not theirs.
struct ByStart<'r>(HashMap<Vec<u8>, Vec<&'r Route>>);

impl<'r> ByStart<'r> {
    fn new(routes: &'r [Route]) -> Self {
        let mut by_start: HashMap<Vec<u8>, Vec<&Route>> = HashMap::new();
        for route in routes {
            let text = route.text.to_ascii_lowercase();
            let start = text.split('{').next().unwrap_or_default();
            by_start.entry(start.into()).or_default().push(route);
        }
        Self(by_start)
    }

    /// The routes that a path could be of, with a slash behind it too.
    fn near(&self, path: &[u8]) -> Vec<&'r Route> {
        let path = [path.to_ascii_lowercase().as_slice(), b"/"].concat();
        let longest = self.0.keys().map(Vec::len).max().unwrap_or_default();
        let starts = (1..=path.len().min(longest)).filter_map(|len| self.0.get(&path[..len]));
        starts.flatten().copied().collect()
    }
}
