//! matchit, whose syntax is ours; it has at most one param in a segment.

use matchit::{Match, MatchError, Router};

use crate::routes::contender::{Built, Contender, Peer};
use crate::routes::set::Route;

impl Contender for Router<u32> {
    const NAME: &'static str = "matchit";
    type Answer<'a> = Result<Match<'a, 'a, &'a u32>, MatchError>;

    fn find<'a>(&'a self, path: &'a str) -> Self::Answer<'a> {
        self.at(path)
    }

    fn number(answer: &Self::Answer<'_>) -> Option<u32> {
        answer.as_ref().ok().map(|found| *found.value)
    }

    fn each_param(answer: &Self::Answer<'_>, mut read: impl FnMut(&str, &[u8])) {
        if let Ok(found) = answer {
            found.params.iter().for_each(|(name, value)| read(name, value.as_bytes()));
        }
    }
}

impl Peer for Router<u32> {
    fn build(routes: &[Route]) -> Built<Self> {
        Built::of(routes, |router: &mut Self, route| router.insert(&*route.pattern, route.number).is_ok())
    }
}
