//! What a node tests of a path, and what is known of it for a pattern.

use bakehouse_runtime::table::hash::{hash, number};
use bakehouse_runtime::table::layout::test::ABSENT;

use super::candidate::{Candidate, Part};

/// Something of a path that a node tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// The whole path.
    Path,
    /// How many segments there are.
    Count,
    /// A segment.
    Segment(usize),
    /// The first bytes of a segment, so many of them; all if it has fewer.
    Prefix(usize, usize),
    /// The last bytes of a segment, so many of them; all if it has fewer.
    Suffix(usize, usize),
}

impl Test {
    /// The tests that could tell some of these candidates from others and are none of those that were `taken`: of the first
    /// and the last bytes of a segment the fewest that are more than before.
    pub(super) fn all(candidates: &[&Candidate<'_>], taken: &[Self]) -> Vec<Self> {
        let n_segments = candidates.iter().map(|candidate| candidate.parts.len()).max().unwrap_or(0);
        let mut tests = vec![Self::Count];
        for segment in 0..n_segments {
            tests.push(Self::Segment(segment));
            let mixed = || {
                candidates.iter().filter_map(move |candidate| match candidate.parts.get(segment) {
                    Some(Part::Mixed(prefix, suffix, _)) => Some((prefix.0, suffix.0)),
                    _ => None,
                })
            };
            let taken_of = |lens: fn(&Self) -> Option<(usize, usize)>| {
                taken.iter().filter_map(lens).filter(|(of, _)| *of == segment).map(|(_, n)| n).max().unwrap_or(0)
            };
            let (least_prefix, least_suffix) = (taken_of(Self::prefix), taken_of(Self::suffix));
            let prefix = mixed().map(|(prefix, _)| prefix).filter(|n| *n > least_prefix).min();
            let suffix = mixed().map(|(_, suffix)| suffix).filter(|n| *n > least_suffix).min();
            tests.extend(prefix.map(|n| Self::Prefix(segment, n)));
            tests.extend(suffix.map(|n| Self::Suffix(segment, n)));
        }
        tests.retain(|test| !taken.contains(test));
        tests
    }

    fn prefix(&self) -> Option<(usize, usize)> {
        if let Self::Prefix(segment, n) = self { Some((*segment, *n)) } else { None }
    }

    fn suffix(&self) -> Option<(usize, usize)> {
        if let Self::Suffix(segment, n) = self { Some((*segment, *n)) } else { None }
    }

    /// The hash of what the test finds in every path that the candidate matches; none if that is not known.
    pub(super) fn value(self, candidate: &Candidate<'_>) -> Option<u64> {
        let segment = match self {
            Self::Path => return None,
            Self::Count if candidate.has_catch_all() => return None,
            Self::Count => return Some(number(candidate.parts.len() as u64)),
            Self::Segment(segment) | Self::Prefix(segment, _) | Self::Suffix(segment, _) => segment,
        };
        match (candidate.parts.get(segment), self) {
            (None, _) => (!candidate.has_catch_all()).then_some(ABSENT),
            (Some(Part::Literal(_, hash)), Self::Segment(_)) => Some(*hash),
            (Some(Part::Literal(text, _)), Self::Prefix(_, n)) => Some(hash(first(text.as_bytes(), n))),
            (Some(Part::Literal(text, _)), Self::Suffix(_, n)) => Some(hash(last(text.as_bytes(), n))),
            (Some(Part::Mixed(prefix, _, pieces)), Self::Prefix(_, n)) if prefix.0 >= n => {
                pieces.first().map(|piece| hash(first(piece.as_bytes(), n)))
            }
            (Some(Part::Mixed(_, suffix, pieces)), Self::Suffix(_, n)) if suffix.0 >= n => {
                pieces.last().map(|piece| hash(last(piece.as_bytes(), n)))
            }
            _ => None,
        }
    }
}

fn first(bytes: &[u8], n: usize) -> &[u8] {
    bytes.get(..n).unwrap_or(bytes)
}

fn last(bytes: &[u8], n: usize) -> &[u8] {
    bytes.get(bytes.len().saturating_sub(n)..).unwrap_or(bytes)
}

/// Groups places by a hash, in the order of the first of each group; places have to come ascending.
pub(super) fn groups(hashed: impl Iterator<Item = (u64, usize)>) -> Vec<(u64, Vec<usize>)> {
    let mut hashed: Vec<(u64, usize)> = hashed.collect();
    hashed.sort_unstable();
    let same = hashed.chunk_by(|(a, _), (b, _)| a == b);
    let group = |group: &[(u64, usize)]| {
        let hash = group.first().map_or(0, |(hash, _)| *hash);
        (hash, group.iter().map(|(_, place)| *place).collect())
    };
    let mut groups: Vec<(u64, Vec<usize>)> = same.map(group).collect();
    groups.sort_unstable_by(|(_, a), (_, b)| a.first().cmp(&b.first()));
    groups
}
