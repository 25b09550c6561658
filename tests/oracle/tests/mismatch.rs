//! A pattern fails on nothing for a path exactly if the table has it among the candidates, in the same order.

use bakehouse_codegen::pattern::Pattern;
use bakehouse_oracle::find::{Route, Rules, other_form};
use bakehouse_oracle::host::{App, WrittenRoute, bake};
use bakehouse_oracle::{generate, pattern, property};
use bakehouse_runtime::Table;
use proptest::prelude::*;

/// Every path is tried on one set of routes before the next is compiled.
const PATHS: usize = 100;

#[test]
fn what_fails_on_nothing_is_a_candidate() {
    let sets =
        generate::rules().prop_flat_map(|rules| (Just(rules), generate::routes(rules), generate::recipes(PATHS)));
    property(60, &sets, |(rules, routes, recipes)| {
        let compilation = bake(rules, &[app(&routes)]).map_err(|error| TestCaseError::fail(error.to_string()))?;
        // A set that branches too much is refused.
        let Some(baked) = &compilation.baked else { return Ok(()) };
        let table = Table::parse(&baked.table).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let parsed: Vec<Pattern> = routes.iter().map(|it| Pattern::parse(&it.text).expect("a pattern")).collect();
        for path in recipes.iter().map(|recipe| recipe.path(&routes)).filter(|path| path.starts_with(b"/")) {
            let candidates: Vec<pattern::Pattern> =
                table.candidates(&path).into_iter().map(|route| erased(route.pattern())).collect();
            let told = format!("{} under {rules:?} of {:#?}", path.escape_ascii(), texts(&routes));
            prop_assert_eq!(matching(rules, &routes, &parsed, &path), candidates, "{}", told);
        }
        Ok(())
    });
}

/// The patterns that fail on nothing, in order of precedence: those for the path as it is, then those for its other form.
fn matching(rules: Rules, routes: &[Route], parsed: &[Pattern], path: &[u8]) -> Vec<pattern::Pattern> {
    let of_form = |form: &[u8]| {
        let segments: Vec<&[u8]> = form.split(|byte| *byte == b'/').skip(1).collect();
        let fits = |(_, parsed): &(&Route, &Pattern)| parsed.mismatch(&segments, rules.ignore_case).is_none();
        let mut fitting: Vec<&Route> = routes.iter().zip(parsed).filter(fits).map(|(route, _)| route).collect();
        fitting.sort_by(|a, b| a.pattern.precedence(&b.pattern, rules.ignore_case));
        fitting.into_iter().map(|route| erased(&route.text)).collect::<Vec<_>>()
    };
    let other = other_form(rules, path);
    [Some(path), other.as_deref()].into_iter().flatten().flat_map(of_form).collect()
}

/// Equal patterns come in any order, so that names are erased.
fn erased(text: &str) -> pattern::Pattern {
    pattern::Pattern::parse(text).expect("a pattern").erased(true)
}

fn texts(routes: &[Route]) -> Vec<&str> {
    routes.iter().map(|route| route.text.as_str()).collect()
}

fn app(routes: &[Route]) -> App {
    let written = |route: &Route| WrittenRoute {
        path: route.text.clone(),
        methods: route.methods,
        overrides: Vec::new(),
        // So that no pattern clashes with the host's own paths.
        yields: true,
    };
    App { slug: "app".to_owned(), routes: routes.iter().map(written).collect() }
}
