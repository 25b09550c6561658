//! The routes that nearly match a path: first those that fail on something small, then those that agree with it in more
//! segments from the left, then those whose other segments are more alike. Where some fail on something small, a route
//! that has quite another literal tells nobody anything, and is left out.

use std::cmp::Reverse;

use bakehouse_codegen::pattern::{Mismatch, Pattern, Reason, Segment};
use bakehouse_runtime::table::RouteRecord;

/// How many are told.
const MOST: usize = 5;

/// How unlike a path a pattern is for each segment that only one of them has, in bytes of a literal that differ.
const MISSING: usize = 4;

/// The most that two segments differ: from there on they have nothing to do with one another.
const UNLIKE: usize = 8;

/// The nearest of the routes that were offered so far.
pub(super) struct Nearest<'a> {
    segments: &'a [&'a [u8]],
    ignore_case: bool,
    /// Sorted, at most [`MOST`].
    best: Vec<Near<'a>>,
}

struct Near<'a> {
    rank: Rank,
    route: RouteRecord<'static>,
    mismatch: Mismatch<'a>,
}

/// What goes first: whether it fails on quite another literal, how many segments agree, how unlike the others are.
type Rank = (bool, Reverse<usize>, usize);

/// What stands between the slashes of a path.
pub(super) fn segments_of(path: &[u8]) -> Vec<&[u8]> {
    path.strip_prefix(b"/").unwrap_or(path).split(|byte| *byte == b'/').collect()
}

impl<'a> Nearest<'a> {
    pub(super) fn new(segments: &'a [&'a [u8]], ignore_case: bool) -> Self {
        Self { segments, ignore_case, best: Vec::with_capacity(MOST + 1) }
    }

    /// Takes a route if it does not match, has something to do with the path, and is nearer than one of the others. Of
    /// equally near ones the first is kept.
    pub(super) fn offer(&mut self, route: RouteRecord<'static>, pattern: &'a Pattern) {
        let Some(mismatch) = pattern.mismatch(self.segments, self.ignore_case) else { return };
        let Some(rank) = self.rank(pattern, &mismatch) else { return };
        let at = self.best.partition_point(|near| near.rank <= rank);
        self.best.insert(at, Near { rank, route, mismatch });
        self.best.truncate(MOST);
    }

    /// The nearest first. If a route `is_matched`, nothing else is told but what nearly matches too.
    pub(super) fn into_iter(self, is_matched: bool) -> impl Iterator<Item = (RouteRecord<'static>, Mismatch<'a>)> {
        let is_something_close = is_matched || self.best.first().is_some_and(|near| !near.rank.0);
        let told = self.best.into_iter().filter(move |near| !(is_something_close && near.rank.0));
        told.map(|near| (near.route, near.mismatch))
    }

    /// None for a pattern that has nothing to do with the path: no segment agrees, nor nearly does the first.
    fn rank(&self, pattern: &Pattern, mismatch: &Mismatch<'_>) -> Option<Rank> {
        let is_other = is_other(&mismatch.reason);
        let is_near = mismatch.agreed > 0
            || !is_other && !matches!(mismatch.reason, Reason::EmptyParam(_) | Reason::EmptyRest(_));
        is_near.then(|| (is_other, Reverse(mismatch.agreed), self.distance(pattern, mismatch.agreed)))
    }

    /// How unlike the path a pattern is from a segment on, segment by segment.
    fn distance(&self, pattern: &Pattern, from: usize) -> usize {
        let mut distance = 0;
        for (idx, segment) in pattern.segments.iter().enumerate().skip(from) {
            distance += match (segment, self.segments.get(idx)) {
                (Segment::Literal(text), None) if text.is_empty() => 1,
                (_, None) => MISSING,
                (Segment::CatchAll(_), Some(_)) => return distance,
                (segment, Some(found)) => {
                    segment.mismatch(found, self.ignore_case).map_or(0, |reason| unlikeness(&reason))
                }
            };
        }
        match self.segments.get(pattern.segments.len()..).unwrap_or_default() {
            [b""] => distance + 1,
            // Where a path goes on for long, no pattern is nearer than another.
            more => distance + more.len().min(UNLIKE) * MISSING,
        }
    }
}

/// Whether the path has quite another literal there, not one that somebody may have meant.
fn is_other(reason: &Reason<'_>) -> bool {
    let Reason::Literal { expected, found } = reason else { return false };
    let near = match found.len() {
        0 | 1 => 0,
        2..=5 => 1,
        len => len / 3,
    };
    literal_distance(expected.as_bytes(), found) > near
}

fn unlikeness(reason: &Reason<'_>) -> usize {
    match reason {
        Reason::Literal { expected, found } => literal_distance(expected.as_bytes(), found).clamp(1, UNLIKE),
        Reason::EmptyParam(_) | Reason::EmptyRest(_) => 1,
        _ => UNLIKE / 2,
    }
}

/// The bytes of the longer text between what both begin with and what both end in; two that are swapped count as one, and
/// case does not count. Every route of the host is asked, so that this is no table of distances.
fn literal_distance(a: &[u8], b: &[u8]) -> usize {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = |(a, b): &(&u8, &u8)| a.eq_ignore_ascii_case(b);
    let before = short.iter().zip(long).take_while(same).count();
    let behind = short.iter().skip(before).rev().zip(long.iter().rev()).take_while(same).count();
    let between = [short, long].map(|text| text.get(before..text.len() - behind).unwrap_or_default());
    match between {
        [[a, b], [c, d]] if a.eq_ignore_ascii_case(d) && b.eq_ignore_ascii_case(c) => 1,
        [_, long] => long.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_differ_in_their_middle() {
        let cases = [
            ("users", "users", 0),
            ("users", "USERS", 0),
            ("users", "user", 1),
            ("integrations", "integratons", 1),
            ("zoom", "zomo", 1),
            ("api", "apps", 2),
            ("aa", "aaa", 1),
            ("", "abc", 3),
            ("edit", "delete", 6),
        ];
        for (a, b, distance) in cases {
            assert_eq!(literal_distance(a.as_bytes(), b.as_bytes()), distance, "{a} {b}");
            assert_eq!(literal_distance(b.as_bytes(), a.as_bytes()), distance, "{b} {a}");
        }
    }

    fn ranks(path: &str, patterns: &[&str]) -> Vec<Option<Rank>> {
        let segments = segments_of(path.as_bytes());
        let nearest = Nearest::new(&segments, false);
        let rank = |text: &&str| {
            let pattern = Pattern::parse(text).expect("a pattern");
            let mismatch = pattern.mismatch(&segments, false).expect("it does not match");
            nearest.rank(&pattern, &mismatch)
        };
        patterns.iter().map(rank).collect()
    }

    /// From a path, to which patterns, the nearer first.
    #[test]
    fn the_nearer_go_first() {
        let cases = [
            (
                "/users/5/edit",
                &["/users/{id}/edt", "/users/{id}", "/user/{id}/edit", "/users/{id}/avatar", "/users/me"][..],
            ),
            ("/api/zoom/add", &["/api/zom/add", "/api/zom/remove", "/api/jitsi/add"]),
            ("/a/b/", &["/a/b", "/a/b/x", "/a/c/"]),
            ("/a/b", &["/a/b/", "/a/b/{*rest}", "/a/b/c/d"]),
        ];
        for (path, patterns) in cases {
            let ranks = ranks(path, patterns);
            assert!(ranks.is_sorted() && ranks.iter().all(Option::is_some), "{path}: {ranks:?}");
        }
    }

    #[test]
    fn what_agrees_in_nothing_has_to_be_alike() {
        let cases = [
            ("/usres/1", "/users/{id}", true),
            ("/Users/1", "/users/{id}", true),
            ("/nowhere", "/users/{id}", false),
            ("/apps/zoom", "/api/zoom", false),
            ("/", "/users", false),
            ("/", "/{page}", false),
            ("/x1", "/v{n}", true),
            ("/a/x", "/a/y", true),
        ];
        for (path, pattern, expected) in cases {
            assert_eq!(ranks(path, &[pattern])[0].is_some(), expected, "{path} {pattern}");
        }
    }
}
