//! Who looks up paths: the baked table, and through the same trait its peers.

use bakehouse_runtime::find::Found;
use bakehouse_runtime::{Method, Table};

use super::set::Route;

/// What finds the route of a path.
pub(super) trait Contender {
    /// What it is called.
    const NAME: &'static str;
    /// What it answers with, as it comes from its API.
    type Answer<'a>
    where
        Self: 'a;

    /// Looks a path up.
    fn find<'a>(&'a self, path: &'a str) -> Self::Answer<'a>;

    /// The number of the route that was found.
    fn number(answer: &Self::Answer<'_>) -> Option<u32>;

    /// Reads the params of an answer that found a route: name and value.
    fn each_param(answer: &Self::Answer<'_>, read: impl FnMut(&str, &[u8]));
}

/// Another router or map.
pub(super) trait Peer: Contender + Sized {
    /// The largest set that it is measured on.
    const MOST_ROUTES: usize = usize::MAX;

    /// Takes in the routes that it can express, each with its number.
    fn build(routes: &[Route]) -> Built<Self>;
}

/// A peer that holds the routes of a set.
pub(super) struct Built<P> {
    pub(super) peer: P,
    /// How many routes it does not hold, because its syntax cannot say them or because it takes them for twins.
    pub(super) n_refused: usize,
}

impl<P: Default> Built<P> {
    /// Inserts one route after the other; `insert` says whether the peer took it.
    pub(super) fn of<'r>(
        routes: impl IntoIterator<Item = &'r Route>,
        mut insert: impl FnMut(&mut P, &Route) -> bool,
    ) -> Self {
        let mut peer = P::default();
        let n_refused = routes.into_iter().filter(|route| !insert(&mut peer, route)).count();
        Self { peer, n_refused }
    }
}

/// The baked table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ours(pub(super) Table<'static>);

impl Contender for Ours {
    const NAME: &'static str = "Bakehouse";
    type Answer<'a> = Found<'static, 'a>;

    fn find<'a>(&'a self, path: &'a str) -> Found<'static, 'a> {
        self.0.find(Method::GET, path.as_bytes())
    }

    fn number(answer: &Found<'static, '_>) -> Option<u32> {
        match answer {
            Found::Match(found) => Some(found.route().id().0),
            _ => None,
        }
    }

    fn each_param(answer: &Found<'static, '_>, mut read: impl FnMut(&str, &[u8])) {
        if let Found::Match(found) = answer {
            found.params().for_each(|(name, value)| read(name, value.raw()));
        }
    }
}
