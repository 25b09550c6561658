//! `route-overlap`: no app takes paths from a pattern of another, unless the one that is preferred `overrides` that app,
//! or the other one `yields`.
//!
//! Two patterns overlap if some path matches both. `walk` finds those that do, of one loser no more than a person wants to
//! read; what is told of them is one diagnostic a mistake, up to a limit.

mod claims;
mod groups;
mod walk;

use std::collections::{BTreeMap, HashMap, HashSet};

use bakehouse_runtime::Methods;

use self::claims::Claim;
use self::walk::{MAX_WINNERS, walk};
use super::{Candidate, Routes};
use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::source::Place;

/// How many mistakes are told of one app that takes paths from another.
const TOLD_A_PAIR: usize = 8;

/// How many mistakes are told in all.
const TOLD: usize = 32;

pub(super) fn check(model: &Model, routes: &Routes<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let candidates = routes.candidates;
    let candidate = |number: usize| candidates.get(number);
    let claims = claims(model, candidates);
    let found = walk(&routes.tree, &claims, &|winner, loser| {
        candidate(winner).zip(candidate(loser)).is_some_and(|(winner, loser)| !winner.is_same_matter(loser))
    });
    let taken = found
        .taken
        .iter()
        .filter_map(|(winner, loser)| Some(Taken { winner: candidate(*winner)?, loser: candidate(*loser)? }));
    tell(&mistakes(taken), diagnostics);
    let too_long = found.too_long.and_then(|(a, b)| too_long(candidate(a)?, candidate(b)?));
    diagnostics.extend(too_long);
}

/// What each route says of itself, its app by number.
fn claims(model: &Model, candidates: &[Candidate<'_>]) -> Vec<Claim> {
    let mut apps: HashMap<&str, u32> = HashMap::new();
    for candidate in candidates {
        let fresh = u32::try_from(apps.len()).unwrap_or(u32::MAX);
        apps.entry(candidate.slug()).or_insert(fresh);
    }
    let claim = |candidate: &Candidate<'_>| {
        let app = apps.get(candidate.slug()).copied().unwrap_or(u32::MAX);
        let Some((_, route)) = candidate.route else {
            return Claim { app, methods: Methods::ALL, yields: false, overrides: Vec::new() };
        };
        let targets = model.targets(&route.overrides);
        let targets = targets.iter().filter_map(|target| model.apps.get(*target));
        let mut overrides: Vec<u32> = targets.filter_map(|app| apps.get(app.slug.value.as_str())).copied().collect();
        overrides.sort_unstable();
        Claim { app, methods: route.methods, yields: route.yields, overrides }
    };
    candidates.iter().map(claim).collect()
}

/// A pattern that takes paths from another without either having said so.
struct Taken<'a> {
    winner: &'a Candidate<'a>,
    loser: &'a Candidate<'a>,
}

/// What is to be told: each mistake with all that it makes happen.
fn mistakes<'a>(taken: impl Iterator<Item = Taken<'a>>) -> Vec<Vec<Taken<'a>>> {
    // One pattern that lacks a `yields` is one mistake, however many take paths from it.
    let mut by_loser: BTreeMap<Option<Place>, Vec<Taken<'_>>> = BTreeMap::new();
    for taken in taken {
        by_loser.entry(taken.loser.place()).or_default().push(taken);
    }
    // So is one that lacks an `overrides`, however many patterns of the other app it takes paths from.
    let mut told = HashSet::new();
    let mut mistakes: Vec<Vec<Taken<'a>>> = by_loser.into_values().collect();
    mistakes.retain_mut(|all| {
        all.sort_by(|a, b| (a.winner.slug(), a.winner.text()).cmp(&(b.winner.slug(), b.winner.text())));
        let lacking: HashSet<_> = all.iter().map(|taken| (taken.winner.place(), taken.loser.slug())).collect();
        lacking.len() > 1 || lacking.into_iter().any(|mistake| told.insert(mistake))
    });
    mistakes
}

/// Tells the first mistakes of each two apps, and of all. The last that is told of two apps says how many more they have,
/// the last of all how many there are of others.
fn tell(mistakes: &[Vec<Taken<'_>>], diagnostics: &mut Vec<Diagnostic>) {
    let mut pairs: BTreeMap<(&str, &str), Pair> = BTreeMap::new();
    let mut told: Vec<Diagnostic> = Vec::new();
    let mut n_others = 0_usize;
    for all in mistakes {
        let Some((first, diagnostic)) = all.first().zip(overlap(all)) else { continue };
        let pair = pairs.entry((first.winner.slug(), first.loser.slug())).or_default();
        if pair.n_told < TOLD_A_PAIR && told.len() < TOLD {
            (pair.n_told, pair.last) = (pair.n_told + 1, told.len());
            told.push(diagnostic);
        } else if pair.n_told > 0 {
            pair.n_untold += 1;
        } else {
            n_others += 1;
        }
    }
    for pair in pairs.values().filter(|pair| pair.n_untold > 0) {
        if let Some(last) = told.get_mut(pair.last) {
            last.help.extend([
                "; ",
                &pair.n_untold.to_string(),
                " more patterns of these two apps are in the same case",
            ]);
        }
    }
    if let Some(last) = told.last_mut().filter(|_| n_others > 0) {
        last.help.extend(["; ", &n_others.to_string(), " more patterns of other apps are told once these are settled"]);
    }
    diagnostics.append(&mut told);
}

/// What is told of an app that takes paths from another.
#[derive(Default)]
struct Pair {
    n_told: usize,
    n_untold: usize,
    /// The last that is told, by index.
    last: usize,
}

/// The walk was stopped before it was through.
fn too_long(a: &Candidate<'_>, b: &Candidate<'_>) -> Option<Diagnostic> {
    // The host's own paths are few, so that one of the two is an app's.
    let (first, second) = if a.route.is_some() { (a, b) } else { (b, a) };
    let such_as = match second.route {
        Some((_, route)) => format!("`{}` and `{}`", first.text(), route.text),
        None => format!("`{}`", first.text()),
    };
    let message = format!("too many patterns nearly match the same paths to tell whether they do, such as {such_as}");
    let help =
        "begin the patterns of each app with a literal of its own, or set `yields = true` where any app may take paths";
    let diagnostic = Diagnostic::error("route-limit", first.place()?, message)
        .label(format!("of app `{}`", first.slug()))
        .help(help);
    Some(match second.place() {
        Some(place) => diagnostic.also(place, format!("of app `{}`", second.slug())),
        None => diagnostic,
    })
}

fn overlap(all: &[Taken<'_>]) -> Option<Diagnostic> {
    let Taken { winner, loser } = all.first()?;
    let Some((_, loser_route)) = loser.route else {
        // The host's own paths are literal, so that they are never the ones that lose; a pattern equal to one conflicts.
        return None;
    };
    let more = match all.len() {
        1 => String::new(),
        n if n < MAX_WINNERS => format!(", and so do {} more patterns", n - 1),
        n => format!(", and so do {} more patterns at least", n - 1),
    };
    let Some((_, winner_route)) = winner.route else {
        let message =
            format!("pattern `{}` of app `{}` also matches a path of the host itself", loser.text(), loser.slug());
        let help = "set `yields = true` on it, so that the host keeps its own paths";
        return Some(Diagnostic::error("route-overlap", loser_route.place, message).help(help));
    };
    let message = format!("pattern `{}` takes paths from `{}` of another app{more}", winner.text(), loser.text());
    let help = format!(
        "set `overrides = [\"{}\"]` on the first if that is meant, or `yields = true` on the second if any app may",
        loser.slug()
    );
    let diagnostic = Diagnostic::error("route-overlap", winner_route.place, message)
        .label(format!("of app `{}`, preferred", winner.slug()))
        .also(loser_route.place, format!("of app `{}`", loser.slug()));
    Some(diagnostic.help(help))
}

#[cfg(test)]
mod tests;
