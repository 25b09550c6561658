//! Which of some routes serves a path: rules 2 and 5, trailing slashes and case, one route after the other.

use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::{Method, Methods};

use crate::pattern::{Params, Pattern};

/// A route.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its pattern as it is written.
    pub text: String,
    /// Its pattern.
    pub pattern: Pattern,
    /// The methods that it serves.
    pub methods: Methods,
}

impl Route {
    /// A route.
    ///
    /// # Errors
    /// If the text is no pattern, with the reason.
    pub fn new(text: String, methods: Methods) -> Result<Self, String> {
        Pattern::parse(&text).map(|pattern| Self { text, pattern, methods })
    }
}

/// What holds for all routes of a host.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Whether the case of ASCII letters does not count.
    pub ignore_case: bool,
    /// What a slash at the end of a path means.
    pub slash: TrailingSlash,
}

/// The answer for a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A route serves it.
    Match {
        /// The route's pattern.
        pattern: String,
        /// What its params took.
        params: Params,
    },
    /// It matches, but only under these methods.
    WrongMethod(Methods),
    /// It is to be asked for at another path.
    Redirect(Vec<u8>),
    /// No route matches it.
    Nothing,
}

/// Finds what serves `path` under `method`.
pub fn find(routes: &[Route], rules: Rules, method: Method, path: &[u8]) -> Answer {
    if let Some(found) = serve(routes, rules, method, path) {
        return found;
    }
    let other = other_form(rules, path);
    if let Some(found) = other.as_deref().and_then(|other| serve(routes, rules, method, other)) {
        let is_redirect = rules.slash == TrailingSlash::Redirect;
        return if is_redirect { Answer::Redirect(other.unwrap_or_default()) } else { found };
    }
    let allowed = [Some(path), other.as_deref()].into_iter().flatten().map(|path| allowed(routes, rules, path));
    match allowed.fold(Methods::NONE, Methods::union) {
        Methods::NONE => Answer::Nothing,
        allowed => Answer::WrongMethod(allowed),
    }
}

/// The path with one slash less or more at its end, where that makes no difference.
pub fn other_form(rules: Rules, path: &[u8]) -> Option<Vec<u8>> {
    match path.split_last() {
        _ if rules.slash == TrailingSlash::Strict || path == b"/" => None,
        Some((b'/', less)) => Some(less.to_vec()),
        _ => Some([path, b"/"].concat()),
    }
}

/// What serves the path as it is; HEAD falls to GET where nothing serves HEAD itself.
fn serve(routes: &[Route], rules: Rules, method: Method, path: &[u8]) -> Option<Answer> {
    let served = serve_itself(routes, rules, method, path);
    if method == Method::HEAD { served.or_else(|| serve_itself(routes, rules, Method::GET, path)) } else { served }
}

fn serve_itself(routes: &[Route], rules: Rules, method: Method, path: &[u8]) -> Option<Answer> {
    let route = *matching(routes, rules, path).iter().find(|route| route.methods.contains(method))?;
    let params = route.pattern.cut(path, rules.ignore_case)?;
    Some(Answer::Match { pattern: route.text.clone(), params })
}

/// Every route that matches the path as it is, in order of precedence.
pub fn matching<'r>(routes: &'r [Route], rules: Rules, path: &[u8]) -> Vec<&'r Route> {
    let mut matching: Vec<&Route> =
        routes.iter().filter(|route| route.pattern.matches(path, rules.ignore_case)).collect();
    matching.sort_by(|a, b| a.pattern.precedence(&b.pattern, rules.ignore_case));
    matching
}

/// The methods of every route that matches the path as it is.
fn allowed(routes: &[Route], rules: Rules, path: &[u8]) -> Methods {
    let matching = matching(routes, rules, path).into_iter();
    let allowed = matching.map(|route| route.methods).fold(Methods::NONE, Methods::union);
    if allowed.contains(Method::GET) { allowed.union(Method::HEAD.into()) } else { allowed }
}
