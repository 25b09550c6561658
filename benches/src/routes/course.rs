//! The paths that two contenders look up: those on whose answers they agree.

use super::contender::{Contender, Ours, Peer};
use super::outcome::Case;
use super::paths::{Shuffle, near};
use super::set::{Route, Set};

/// Paths with the same answer from both sides, checked before anything is timed.
pub(super) struct Course<'s> {
    hits: Vec<&'s str>,
    /// At most one for each hit.
    misses: Vec<String>,
    has_params: bool,
}

impl<'s> Course<'s> {
    /// For ours alone.
    pub(super) fn alone(set: &'s Set) -> Self {
        let ours = Ours(set.table);
        Self::new(set, |_| true, |path| Ours::number(&ours.find(path)).is_none())
    }

    /// For ours and a peer.
    pub(super) fn of<P: Peer>(set: &'s Set, peer: &P) -> Self {
        let ours = Ours(set.table);
        let agree = |route: &Route| told(peer, &route.path) == told(&ours, &route.path);
        let miss = |path: &str| Ours::number(&ours.find(path)).is_none() && P::number(&peer.find(path)).is_none();
        Self::new(set, agree, miss)
    }

    fn new(set: &'s Set, agree: impl Fn(&Route) -> bool, miss: impl Fn(&str) -> bool) -> Self {
        let routes: Vec<&Route> = set.routes.iter().filter(|route| agree(route)).collect();
        Self {
            hits: routes.iter().map(|route| route.path.as_str()).collect(),
            misses: routes.iter().filter_map(|route| near(&route.path).find(|path| miss(path))).collect(),
            has_params: routes.iter().any(|route| route.pattern.contains('{')),
        }
    }

    /// How many routes both sides agree on.
    pub(super) fn n_routes(&self) -> usize {
        self.hits.len()
    }

    /// So many paths of each case, `n_cold` of those that are looked up cold.
    pub(super) fn probes(&self, n: usize, n_cold: usize) -> Probes {
        let mut shuffle = Shuffle::new();
        let shuffled = shuffle.sample(&self.hits, n);
        let misses: Vec<&str> = self.misses.iter().map(String::as_str).collect();
        // A few that happen to be there would not be like the set.
        let n_misses = if misses.len() * 2 < self.hits.len() { 0 } else { n };
        // Fewer than there are come from all of the set.
        let step = (self.hits.len() / n.max(1)).max(1);
        Probes {
            cold: lines(shuffled.iter().copied().take(n_cold)),
            shuffled: lines(shuffled),
            in_order: lines(self.hits.iter().copied().step_by(step).cycle().take(n)),
            misses: lines(shuffle.sample(&misses, n_misses)),
            has_params: self.has_params,
        }
    }
}

fn lines<'a>(paths: impl IntoIterator<Item = &'a str>) -> String {
    paths.into_iter().flat_map(|path| [path, "\n"]).collect()
}

/// What two contenders have to agree on.
#[derive(PartialEq, Eq)]
struct Told {
    number: u32,
    /// Sorted by name, as one of the peers has them.
    params: Vec<(String, Vec<u8>)>,
}

fn told<C: Contender>(contender: &C, path: &str) -> Option<Told> {
    let answer = contender.find(path);
    let number = C::number(&answer)?;
    let mut params = Vec::new();
    C::each_param(&answer, |name, value| params.push((name.to_owned(), value.to_vec())));
    params.sort_unstable();
    Some(Told { number, params })
}

/// What is looked up in each case, a path a line: they lie one behind the other, so that a path is in the cache when its
/// turn comes, as one that a server has just read.
pub(super) struct Probes {
    shuffled: String,
    in_order: String,
    misses: String,
    cold: String,
    has_params: bool,
}

impl Probes {
    /// Nothing where there is no such case: a set without params, or one in which almost every path is served.
    pub(super) fn of(&self, case: Case) -> Vec<&str> {
        let text = match case {
            Case::Params if !self.has_params => "",
            Case::Shuffled | Case::Params => &self.shuffled,
            Case::InOrder => &self.in_order,
            Case::Misses => &self.misses,
            Case::Cold => &self.cold,
        };
        text.lines().collect()
    }
}
