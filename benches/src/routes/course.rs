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
        let agree = |route: &Route| answer(peer, &route.path) == answer(&ours, &route.path);
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
    pub(super) fn probes(&self, n: usize, n_cold: usize) -> Probes<'_> {
        let mut shuffle = Shuffle::new();
        let shuffled = shuffle.sample(&self.hits, n);
        let misses: Vec<&str> = self.misses.iter().map(String::as_str).collect();
        // A few that happen to be there would not be like the set.
        let n_misses = if misses.len() * 2 < self.hits.len() { 0 } else { n };
        Probes {
            cold: shuffled.iter().copied().take(n_cold).collect(),
            shuffled,
            in_order: self.hits.iter().copied().cycle().take(n).collect(),
            misses: shuffle.sample(&misses, n_misses),
            has_params: self.has_params,
        }
    }
}

/// The number of the route that is found, and its params by name.
fn answer<C: Contender>(contender: &C, path: &str) -> Option<(u32, Vec<(String, Vec<u8>)>)> {
    let answer = contender.find(path);
    let number = C::number(&answer)?;
    let mut params = Vec::new();
    C::each_param(&answer, |name, value| params.push((name.to_owned(), value.to_vec())));
    params.sort_unstable();
    Some((number, params))
}

/// What is looked up in each case.
pub(super) struct Probes<'c> {
    shuffled: Vec<&'c str>,
    in_order: Vec<&'c str>,
    misses: Vec<&'c str>,
    cold: Vec<&'c str>,
    has_params: bool,
}

impl<'c> Probes<'c> {
    /// Nothing where there is no such case: a set without params, or one in which almost every path is served.
    pub(super) fn of(&self, case: Case) -> &[&'c str] {
        match case {
            Case::Params if !self.has_params => &[],
            Case::Shuffled | Case::Params => &self.shuffled,
            Case::InOrder => &self.in_order,
            Case::Misses => &self.misses,
            Case::Cold => &self.cold,
        }
    }
}
