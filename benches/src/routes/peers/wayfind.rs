//! wayfind, whose params stand between `<` and `>`, which no literal can have.

use wayfind::{Match, Router, RouterBuilder};

use crate::routes::contender::{Built, Contender, Peer};
use crate::routes::pattern::translate;
use crate::routes::set::Route;

pub(in crate::routes) struct Wayfind(Router<u32>);

impl Contender for Wayfind {
    const NAME: &'static str = "wayfind";
    type Answer<'a> = Option<Match<'a, 'a, u32>>;

    fn find<'a>(&'a self, path: &'a str) -> Self::Answer<'a> {
        self.0.search(path)
    }

    fn number(answer: &Self::Answer<'_>) -> Option<u32> {
        answer.as_ref().map(|found| *found.data())
    }

    fn each_param(answer: &Self::Answer<'_>, mut read: impl FnMut(&str, &[u8])) {
        if let Some(found) = answer {
            found.parameters().iter().for_each(|(name, value)| read(name, value.as_bytes()));
        }
    }
}

impl Peer for Wayfind {
    fn build(routes: &[Route]) -> Built<Self> {
        let mut builder = RouterBuilder::new();
        let mut is_refused = |route: &&Route| match template(&route.pattern) {
            Some(template) => builder.insert(&template, route.number).is_err(),
            None => true,
        };
        let n_refused = routes.iter().filter(&mut is_refused).count();
        Built { peer: Self(builder.build()), n_refused }
    }
}

fn template(pattern: &str) -> Option<String> {
    let literal = |text: &str| (!text.contains(['<', '>'])).then(|| text.to_owned());
    translate(pattern, literal, ["<", ">"], ["<*", ">"])
}
