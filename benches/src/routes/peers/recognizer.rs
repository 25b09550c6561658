//! route-recognizer: `:name` and `*name`, which take all that stands between two of `/` and `.`.

use route_recognizer::{Match, Router};

use crate::routes::contender::{Built, Contender, Peer};
use crate::routes::pattern::translate;
use crate::routes::set::Route;

impl Contender for Router<u32> {
    const NAME: &'static str = "route-recognizer";
    type Answer<'a> = Result<Match<&'a u32>, String>;

    fn find<'a>(&'a self, path: &'a str) -> Self::Answer<'a> {
        self.recognize(path)
    }

    fn number(answer: &Self::Answer<'_>) -> Option<u32> {
        answer.as_ref().ok().map(|found| **found.handler())
    }

    fn each_param(answer: &Self::Answer<'_>, mut read: impl FnMut(&str, &[u8])) {
        if let Ok(found) = answer {
            found.params().iter().for_each(|(name, value)| read(name, value.as_bytes()));
        }
    }
}

impl Peer for Router<u32> {
    fn build(routes: &[Route]) -> Built<Self> {
        Built::of(routes, |router: &mut Self, route| {
            let written = written(&route.pattern);
            written.map(|pattern| router.add(&pattern, route.number)).is_some()
        })
    }
}

fn written(pattern: &str) -> Option<String> {
    // It counts bytes as if they were characters.
    let can_say = pattern.is_ascii() && pattern.split(['/', '.']).all(is_whole);
    if can_say { translate(pattern, |text| Some(text.to_owned()), [":", ""], ["*", ""]) } else { None }
}

/// Whether a segment is all literal, without what begins a param, or all param.
fn is_whole(segment: &str) -> bool {
    match segment.strip_prefix('{') {
        Some(param) => param.find('}') == Some(param.len() - 1),
        None => !segment.contains(['{', '}']) && !segment.starts_with([':', '*']),
    }
}
