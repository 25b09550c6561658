//! A pattern as the index sees it.

use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};

use bakehouse_runtime::table::hash::hash;

use crate::pattern::{Equality, Pattern, Segment};

/// A route's pattern, names of params erased, in lower case if case is ignored.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    /// The route's number.
    pub(super) route: usize,
    pub(super) parts: Vec<Part<'a>>,
}

/// A segment. Of two that match the same text, the preferred one is less.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part<'a> {
    Literal(Cow<'a, str>, u64),
    /// Longer prefix first, then longer suffix, then byte order.
    Mixed(Reverse<usize>, Reverse<usize>, Cow<'a, [String]>),
    Param,
    CatchAll,
}

impl<'a> Candidate<'a> {
    pub(super) fn new(route: usize, pattern: &'a Pattern, equality: Equality) -> Self {
        let part = |segment: &'a Segment| match segment {
            Segment::Literal(text) => {
                let text = equality.fold(text);
                let hash = hash(text.as_bytes());
                Part::Literal(text, hash)
            }
            Segment::Mixed(mixed) => {
                let pieces = equality.fold_all(&mixed.pieces);
                let len = |piece: Option<&String>| Reverse(piece.map_or(0, String::len));
                Part::Mixed(len(pieces.first()), len(pieces.last()), pieces)
            }
            Segment::Param(_) => Part::Param,
            Segment::CatchAll(_) => Part::CatchAll,
        };
        Self { route, parts: pattern.segments.iter().map(part).collect() }
    }

    /// The order of the index: literal patterns first, as any of them is preferred to any pattern that is not and matches the
    /// same path; then segment by segment. Patterns that are equal share no method, so that any order will do.
    pub(super) fn precedence(&self, other: &Self) -> Ordering {
        let by_parts = || self.parts.cmp(&other.parts).then(self.route.cmp(&other.route));
        other.is_literal().cmp(&self.is_literal()).then_with(by_parts)
    }

    pub(super) fn is_literal(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Literal(..)))
    }

    pub(super) fn has_catch_all(&self) -> bool {
        matches!(self.parts.last(), Some(Part::CatchAll))
    }

    /// The path of a literal pattern, without a slash at its end, and whether it has one.
    pub(super) fn path(&self) -> (String, bool) {
        let mut path = String::new();
        for part in &self.parts {
            path.push('/');
            if let Part::Literal(text, _) = part {
                path.push_str(text);
            }
        }
        let ends_in_slash = path.ends_with('/');
        if ends_in_slash {
            path.pop();
        }
        (path, ends_in_slash)
    }
}
