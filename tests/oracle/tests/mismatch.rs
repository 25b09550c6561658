//! A pattern fails on nothing for a path exactly if the table has it among the candidates, in the same order.

use bakehouse_codegen::pattern::Pattern;
use bakehouse_oracle::find::{Route, other_form};
use bakehouse_oracle::generate::request::{Recipe, recipes};
use bakehouse_oracle::generate::{Set, sets, tangled};
use bakehouse_oracle::host::table_in;
use bakehouse_oracle::{pattern, property};
use bakehouse_runtime::Table;
use proptest::prelude::*;

/// Every path is tried on one set of routes before the next is compiled.
const PATHS: usize = 100;

#[test]
fn what_fails_on_nothing_is_a_candidate() {
    check(60, sets(tangled::tangled()));
}

#[test]
fn what_fails_on_nothing_of_slashes_is_a_candidate() {
    check(20, sets(tangled::slashes()));
}

fn check(cases: u32, sets: impl Strategy<Value = Set>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    property(cases, &(sets, recipes(PATHS)), |(set, recipes)| {
        // A set that branches too much is refused.
        let Some(bytes) = table_in(folder.path(), &set).map_err(TestCaseError::fail)? else { return Ok(()) };
        let table = Table::parse(&bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
        check_table(table, &set, &recipes)
    });
}

fn check_table(table: Table<'_>, set: &Set, recipes: &[Recipe]) -> Result<(), TestCaseError> {
    let parsed: Vec<Pattern> = set.routes.iter().map(|it| Pattern::parse(&it.text).expect("a pattern")).collect();
    let paths = recipes.iter().map(|recipe| recipe.request(&set.routes).1);
    for path in paths.filter(|path| path.starts_with(b"/")) {
        let candidates: Vec<pattern::Pattern> =
            table.candidates(&path).into_iter().map(|route| erased(route.pattern())).collect();
        let told = format!("{} under {:?} of\n{set}", path.escape_ascii(), set.rules);
        prop_assert_eq!(matching(set, &parsed, &path), candidates, "{}", told);
    }
    Ok(())
}

/// The patterns that fail on nothing, in order of precedence: those for the path as it is, then those for its other form.
fn matching(set: &Set, parsed: &[Pattern], path: &[u8]) -> Vec<pattern::Pattern> {
    let Set { rules, routes } = set;
    let of_form = |form: &[u8]| {
        let segments: Vec<&[u8]> = form.split(|byte| *byte == b'/').skip(1).collect();
        let fits = |(_, parsed): &(&Route, &Pattern)| parsed.mismatch(&segments, rules.ignore_case).is_none();
        let mut fitting: Vec<&Route> = routes.iter().zip(parsed).filter(fits).map(|(route, _)| route).collect();
        fitting.sort_by(|a, b| a.pattern.precedence(&b.pattern, rules.ignore_case));
        fitting.into_iter().map(|route| erased(&route.text)).collect::<Vec<_>>()
    };
    let other = other_form(*rules, path);
    [Some(path), other.as_deref()].into_iter().flatten().flat_map(of_form).collect()
}

/// Equal patterns come in any order, so that names are erased.
fn erased(text: &str) -> pattern::Pattern {
    pattern::Pattern::parse(text).expect("a pattern").erased(true)
}
