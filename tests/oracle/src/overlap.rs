//! Whether the apps of a host take paths from one another: rule 3, by trying every short path on every two patterns.

use std::cmp::Ordering;

use bakehouse_runtime::table::TrailingSlash;

use crate::find::{Route, Rules, other_form};
use crate::generate::conflict;

/// A route of one of some apps.
#[derive(Debug, Clone)]
pub struct OwnedRoute {
    /// The number of its app.
    pub app: usize,
    /// The route.
    pub route: Route,
    /// The apps from whose patterns it takes paths.
    pub overrides: Vec<usize>,
    /// Whether any app may take paths from it.
    pub yields: bool,
}

/// Two patterns that match the same path.
#[derive(Debug, Clone, Copy)]
pub struct Overlap<'w> {
    /// The number of the preferred one.
    pub winner: usize,
    /// The number of the other.
    pub loser: usize,
    /// The path.
    pub path: &'w [u8],
}

/// The text of a segment that decides whether two patterns overlap.
///
/// The patterns of the tests are made of the segments `""`, `a`, `b`, `A`, `a{x}`, `A{x}`, `{x}b`, `{x}a{y}` and `{x}`,
/// below `/p`, and `{*rest}`. If two such segments match one text, they match one of these: a literal and anything else
/// the literal; the others, all that a text needs is `a` or `A` in front, `b` behind, and an `a` with a byte on each side.
/// Three bytes hold any two of these wishes.
const TEXTS: [&[u8]; 11] = [b"", b"a", b"b", b"A", b"aa", b"ab", b"Ab", b"aaa", b"aab", b"Aaa", b"Aab"];

/// Every path that could be needed as a witness: below `/p`, up to `n_segments` segments of `TEXTS`, and one that is
/// empty behind them. If two patterns overlap, they do so on a path that is at most one slash longer than the longer
/// pattern: a catch-all takes what the other pattern wants there, or one byte where that is a catch-all too.
pub fn witnesses(n_segments: usize) -> Vec<Vec<u8>> {
    let mut all = vec![b"/p".to_vec()];
    let mut longest = 0;
    for _ in 0..n_segments {
        let end = all.len();
        let longer = all[longest..].iter().flat_map(|path| TEXTS.map(|text| [path, text].join(&b'/')));
        let longer: Vec<_> = longer.collect();
        all.extend(longer);
        longest = end;
    }
    let with_slash: Vec<_> = all[longest..].iter().map(|path| [path.as_slice(), b"/"].concat()).collect();
    all.extend(with_slash);
    all
}

/// The first two patterns that are equal and share a method.
pub fn conflicting(rules: Rules, routes: &[OwnedRoute]) -> Option<(usize, usize)> {
    pairs(routes).find(|(a, b)| conflict(rules, &routes[*a].route, &routes[*b].route))
}

/// Every two patterns of different apps that both match a path under one method, settled or not.
pub fn overlaps<'w>(rules: Rules, routes: &[OwnedRoute], witnesses: &'w [Vec<u8>]) -> Vec<Overlap<'w>> {
    let matched: Vec<Vec<bool>> =
        routes.iter().map(|it| witnesses.iter().map(|path| matches(rules, &it.route, path)).collect()).collect();
    let of_two_apps = pairs(routes).filter(|(a, b)| {
        let shared = routes[*a].route.methods.intersection(routes[*b].route.methods);
        routes[*a].app != routes[*b].app && !shared.is_empty()
    });
    let overlap = |(a, b): (usize, usize)| {
        let at = matched[a].iter().zip(&matched[b]).position(|both| both == (&true, &true))?;
        let is_first = precedence(rules, &routes[a].route, &routes[b].route).is_le();
        let (winner, loser) = if is_first { (a, b) } else { (b, a) };
        Some(Overlap { winner, loser, path: &witnesses[at] })
    };
    of_two_apps.filter_map(overlap).collect()
}

/// Whether the manifests say that they know of it.
pub fn is_settled(overlap: &Overlap<'_>, routes: &[OwnedRoute]) -> bool {
    let (winner, loser) = (&routes[overlap.winner], &routes[overlap.loser]);
    loser.yields || winner.overrides.contains(&loser.app)
}

/// Whether the pattern matches the path in one of its forms. That `/a/` would also serve `/a//`, if nothing else did,
/// is nobody's purpose and makes no overlap with `/a/{*rest}`.
fn matches(rules: Rules, route: &Route, path: &[u8]) -> bool {
    let other = other_form(rules, path).filter(|_| !path.ends_with(b"//"));
    [Some(path), other.as_deref()].into_iter().flatten().any(|path| route.pattern.matches(path, rules.ignore_case))
}

/// Which of the two is preferred. Where a slash at the end does not count, each may win in one form of a path; what says
/// who is preferred then is what the patterns have before it.
fn precedence(rules: Rules, a: &Route, b: &Route) -> Ordering {
    let before_slash = |route: &Route| {
        let mut pattern = route.pattern.clone();
        if rules.slash != TrailingSlash::Strict && route.text.ends_with('/') && !route.text.ends_with("//") {
            pattern.segments.pop();
        }
        pattern
    };
    before_slash(a).precedence(&before_slash(b), rules.ignore_case)
}

fn pairs(routes: &[OwnedRoute]) -> impl Iterator<Item = (usize, usize)> {
    let n_routes = routes.len();
    (0..n_routes).flat_map(move |a| (a + 1..n_routes).map(move |b| (a, b)))
}
