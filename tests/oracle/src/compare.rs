//! A table and the naive matcher, asked the same.

use bakehouse_runtime::find::Found;
use bakehouse_runtime::{Method, Table};

use crate::find::{Answer, Route, Rules, find, matching, other_form};
use crate::pattern::Pattern;

/// Asks both who serves `path` under `method`, and who else matches it. Gives what they answer to the former.
///
/// `routes` may lack routes of the table that match the path in no form: they have no part in the answer.
///
/// # Errors
/// If they disagree, with what each of them says.
pub fn compare<'r>(
    table: Table<'_>,
    rules: Rules,
    routes: impl IntoIterator<Item = &'r Route>,
    method: Method,
    path: &[u8],
) -> Result<Answer, String> {
    let near = near(routes, rules, path);
    let expected = find(&near, rules, method, path);
    let found = answer(table, method, path);
    let asked = || format!("{method:?} {} under {rules:?}", path.escape_ascii());
    if found != expected {
        return Err(format!("{}\nfound {found:?}\nexpected {expected:?}", asked()));
    }
    let (candidates, matching) = (candidates(table, path), all_matching(&near, rules, path));
    if candidates != matching {
        return Err(format!("{}\ncandidates {candidates:?}\nexpected {matching:?}", asked()));
    }
    Ok(found)
}

/// Those routes that match the path in some form.
fn near<'r>(routes: impl IntoIterator<Item = &'r Route>, rules: Rules, path: &[u8]) -> Vec<Route> {
    let other = other_form(rules, path);
    let matches = |route: &&Route| {
        let matches = |path: &[u8]| route.pattern.matches(path, rules.ignore_case);
        matches(path) || other.as_deref().is_some_and(matches)
    };
    routes.into_iter().filter(matches).cloned().collect()
}

/// The table's answer.
pub fn answer(table: Table<'_>, method: Method, path: &[u8]) -> Answer {
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
