//! Ours and a peer's lookups of the same paths: answers compared first, then timed in turn.

use std::hint::black_box;

use bakehouse_runtime::find::Found;
use bakehouse_runtime::{Method, Table};

use super::paths::{Shuffle, near};
use super::{Hit, Set};
use crate::figure::{Amount, Budget, Figure};
use crate::measure::{Seconds, cpu, interleaved};
use crate::{Report, Result, Scale};

/// What else finds the route of a path.
pub(super) trait Peer {
    /// What it is called in the table.
    const NAME: &'static str;
    /// All that it answers with.
    type Answer<'a>
    where
        Self: 'a;

    /// Finds the route of a path.
    fn find<'a>(&'a self, path: &'a str) -> Option<Self::Answer<'a>>;

    /// The number of the pattern in the set.
    fn number(answer: &Self::Answer<'_>) -> u32;
}

/// Measures hits, misses and, where there are any, params.
pub(super) fn measure<P: Peer>(set: &Set, peer: &P, scale: Scale, report: &mut Report) -> Result<()> {
    let table = set.table;
    compare(set, peer)?;
    let hits: Vec<&str> = set.hits.iter().map(|hit| hit.path.as_str()).collect();
    let misses: Vec<String> = hits.iter().filter_map(|path| missed(table, peer, path)).collect();
    if misses.len() * 2 < hits.len() {
        return Err(format!("{}: only {} of {} paths have a miss near them", set.name, misses.len(), hits.len()).into());
    }
    let n = scale.samples.max(hits.len());
    let mut shuffle = Shuffle::new();
    let (hits, misses) = (shuffle.sample(&hits, n), shuffle.sample(&misses, n));
    let [hit, their_hit, miss, their_miss, read] = interleaved(
        scale.rounds,
        [
            &mut || each(&hits, |path| find(table, path)),
            &mut || each(&hits, |path| peer.find(path)),
            &mut || each(&misses, |path| find(table, path)),
            &mut || each(&misses, |path| peer.find(path)),
            &mut || each(&hits, |path| find_params(table, path)),
        ],
    )?;
    let name = &set.name;
    let mut add = |what: &str, budget, ours, (peer, theirs)| {
        let figure = Figure::against(format!("{name}: {what}"), budget, Amount::Time(ours), peer, Amount::Time(theirs));
        report.figures.push(figure);
    };
    add("hits", Budget::Faster(set.faster), hit, (P::NAME, their_hit));
    if set.hits.iter().any(|hit| hit.pattern.contains('{')) {
        add("hits, params read", Budget::None, read, (P::NAME, their_hit));
        add("misses", Budget::Faster(2.0), miss, (P::NAME, their_miss));
    } else {
        add("misses", Budget::None, miss, (P::NAME, their_miss));
    }
    add("misses against hits", Budget::Within(1.0), miss, ("ours, hits", hit));
    Ok(())
}

/// # Errors
/// If a path is not given to its pattern, by ours or by the peer.
fn compare<P: Peer>(set: &Set, peer: &P) -> Result<()> {
    for hit in &set.hits {
        let ours = match find(set.table, &hit.path) {
            Found::Match(found) => Some(found.route().pattern()),
            _ => None,
        };
        let theirs = peer.find(&hit.path).as_ref().map(P::number);
        if (ours, theirs) != (Some(&hit.pattern), Some(hit.number)) {
            let Hit { number, pattern, path } = hit;
            let wrong = format!("`{path}` is of `{pattern}`, {number}, but found are {ours:?} and {theirs:?}");
            return Err(format!("{}: {wrong}", set.name).into());
        }
    }
    Ok(())
}

/// A path like `path` that is nobody's.
fn missed<P: Peer>(table: Table<'static>, peer: &P, path: &str) -> Option<String> {
    near(path).find(|path| matches!(find(table, path), Found::Nothing) && peer.find(path).is_none())
}

fn find<'p>(table: Table<'static>, path: &'p str) -> Found<'static, 'p> {
    table.find(Method::GET, path.as_bytes())
}

fn find_params<'p>(table: Table<'static>, path: &'p str) -> Found<'static, 'p> {
    let found = find(table, path);
    if let Found::Match(found) = &found {
        found.params().for_each(|param| {
            black_box(param);
        });
    }
    found
}

/// The time of one lookup.
#[expect(clippy::cast_precision_loss, reason = "a few thousand paths")]
fn each<'a, T>(paths: &[&'a str], look_up: impl Fn(&'a str) -> T) -> Result<Seconds> {
    let ((), time) = cpu(|| {
        for path in paths {
            black_box(look_up(black_box(path)));
        }
    })?;
    Ok(time / paths.len() as f64)
}
