//! Which segments of two nodes both match some text, without trying each against each.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// Whether a literal segment is one that the pieces of a mixed one match.
fn literal_meets_mixed(text: &str, pieces: &[String]) -> bool {
    let [prefix, between @ .., suffix] = pieces else { return false };
    let Some(rest) = text.strip_prefix(prefix.as_str()).and_then(|rest| rest.strip_suffix(suffix.as_str())) else {
        return false;
    };
    // Each piece is taken where it first leaves the param before it a byte, which leaves the most for the rest.
    let mut rest = rest.as_bytes();
    for piece in between {
        let mut windows = rest.get(1..).unwrap_or_default().windows(piece.len().max(1));
        let Some(at) = windows.position(|window| window == piece.as_bytes()) else { return false };
        rest = rest.get(1 + at + piece.len()..).unwrap_or_default();
    }
    !rest.is_empty()
}

/// The literals of a node, sorted so that those which a mixed segment may match lie together.
#[derive(Debug)]
pub(crate) struct LiteralIndex<'t> {
    /// The texts and where they stand in the list that this was made of, by text.
    by_start: Vec<(&'t str, usize)>,
    /// The same by reversed text.
    by_end: Vec<(Vec<u8>, (&'t str, usize))>,
}

impl<'t> LiteralIndex<'t> {
    pub(crate) fn new(literals: impl Iterator<Item = &'t str>) -> Self {
        let mut by_start: Vec<_> = literals.enumerate().map(|(at, text)| (text, at)).collect();
        let mut by_end: Vec<_> = by_start.iter().map(|it| (reversed(it.0), *it)).collect();
        by_start.sort_unstable();
        by_end.sort_unstable();
        Self { by_start, by_end }
    }

    /// Where the literals stand that the pieces of a mixed segment match, and how many were looked at to find them: those
    /// that begin with its prefix or those that end in its suffix, whichever are fewer.
    pub(crate) fn meeting(&self, pieces: &[String]) -> (Vec<usize>, usize) {
        let (Some(prefix), Some(suffix)) = (pieces.first(), pieces.last()) else { return (Vec::new(), 0) };
        let by_start = range(&self.by_start, prefix.as_bytes(), |text| text.as_bytes());
        let by_end = range(&self.by_end, &reversed(suffix), Vec::as_slice);
        let n_tried = by_start.len().min(by_end.len());
        let meets = |(text, at): (&str, usize)| literal_meets_mixed(text, pieces).then_some(at);
        let mut meeting: Vec<usize> = if by_start.len() == n_tried {
            by_start.iter().copied().filter_map(meets).collect()
        } else {
            by_end.iter().map(|(_, it)| *it).filter_map(meets).collect()
        };
        meeting.sort_unstable();
        (meeting, n_tried)
    }
}

/// The mixed segments of a node, in an order in which those that meet another lie together.
///
/// Two mixed segments meet exactly if one's prefix begins with the other's, and one's suffix ends in the other's. Then the
/// longer prefix, the pieces between of the one, those of the other, and the longer suffix, with bytes between them all,
/// are a text that both match: a param takes any bytes.
#[derive(Debug)]
pub(crate) struct MixedIndex<'t> {
    /// The reversed suffixes and where they stand in the list that this was made of, by prefix and then by suffix.
    order: Vec<(Vec<u8>, usize)>,
    /// Where those of each prefix lie in that order.
    by_prefix: HashMap<&'t str, Range<usize>>,
    prefix_lens: BTreeSet<usize>,
    suffix_lens: BTreeSet<usize>,
}

/// Those of a [`MixedIndex`] that meet a mixed segment and have its prefix, by their suffix.
#[derive(Debug)]
pub(crate) struct OfPrefix {
    /// With shorter ones.
    pub(crate) shorter: Vec<Range<usize>>,
    /// With its own.
    pub(crate) equal: Range<usize>,
    /// With longer ones.
    pub(crate) longer: Range<usize>,
}

impl<'t> MixedIndex<'t> {
    pub(crate) fn new(mixed: impl Iterator<Item = &'t [String]>) -> Self {
        let ends = mixed.enumerate().filter_map(|(at, pieces)| Some((ends(pieces)?, at)));
        let mut all: Vec<_> = ends.map(|((prefix, suffix), at)| (prefix, reversed(suffix), at)).collect();
        all.sort_unstable();
        let mut by_prefix: HashMap<&str, Range<usize>> = HashMap::new();
        for (idx, (prefix, ..)) in all.iter().enumerate() {
            by_prefix.entry(prefix).or_insert(idx..idx).end = idx + 1;
        }
        Self {
            by_prefix,
            prefix_lens: all.iter().map(|(prefix, ..)| prefix.len()).collect(),
            suffix_lens: all.iter().map(|(_, suffix, _)| suffix.len()).collect(),
            order: all.into_iter().map(|(_, suffix, at)| (suffix, at)).collect(),
        }
    }

    /// Where those of a part of the order stand in the list.
    pub(crate) fn list(&self, part: Range<usize>) -> impl Iterator<Item = usize> {
        self.order.get(part).unwrap_or_default().iter().map(|(_, at)| *at)
    }

    /// The parts of the order that meet a mixed segment and have a shorter prefix.
    pub(crate) fn meeting_shorter(&self, pieces: &[String]) -> Vec<Range<usize>> {
        let Some((prefix, suffix)) = ends(pieces) else { return Vec::new() };
        let suffix = reversed(suffix);
        let prefixes = self.prefix_lens.range(..prefix.len()).filter_map(|len| prefix.get(..*len));
        let parts = prefixes.filter_map(|prefix| self.by_prefix.get(prefix));
        parts.flat_map(|part| self.with_shorter(part, &suffix).chain([self.with_longer(part, &suffix)])).collect()
    }

    /// The parts of the order that meet a mixed segment and have its prefix.
    pub(crate) fn meeting_equal(&self, pieces: &[String]) -> Option<OfPrefix> {
        let (prefix, suffix) = ends(pieces)?;
        let (part, suffix) = (self.by_prefix.get(prefix)?, reversed(suffix));
        let (equal, any) = (self.with(part, &suffix), self.with_longer(part, &suffix));
        let shorter = self.with_shorter(part, &suffix).collect();
        Some(OfPrefix { shorter, longer: equal.end..any.end, equal })
    }

    /// Those of a part whose reversed suffix begins with this one.
    fn with_longer(&self, part: &Range<usize>, suffix: &[u8]) -> Range<usize> {
        self.within(part, |other| other < suffix, |other| other.starts_with(suffix))
    }

    /// Those of a part with a reversed suffix with which this one begins.
    fn with_shorter(&self, part: &Range<usize>, suffix: &[u8]) -> impl Iterator<Item = Range<usize>> {
        let shorter = self.suffix_lens.range(..suffix.len()).filter_map(|len| suffix.get(..*len));
        shorter.map(|shorter| self.with(part, shorter)).filter(|part| !part.is_empty())
    }

    fn with(&self, part: &Range<usize>, suffix: &[u8]) -> Range<usize> {
        self.within(part, |other| other < suffix, |other| other == suffix)
    }

    /// Those of a part that follow what is `before` and are `wanted`, which lie together.
    fn within(
        &self,
        part: &Range<usize>,
        before: impl Fn(&[u8]) -> bool,
        wanted: impl Fn(&[u8]) -> bool,
    ) -> Range<usize> {
        let all = self.order.get(part.clone()).unwrap_or_default();
        let from = all.partition_point(|(suffix, _)| before(suffix));
        let n = all.get(from..).unwrap_or_default().partition_point(|(suffix, _)| wanted(suffix));
        part.start + from..part.start + from + n
    }
}

/// What a mixed segment begins with and what it ends in.
fn ends(pieces: &[String]) -> Option<(&str, &str)> {
    Some((pieces.first()?, pieces.last()?))
}

fn reversed(text: &str) -> Vec<u8> {
    text.bytes().rev().collect()
}

/// Those of a sorted list that begin with some bytes.
fn range<'l, T, P>(sorted: &'l [(T, P)], start: &[u8], bytes: impl Fn(&T) -> &[u8]) -> &'l [(T, P)] {
    let from = sorted.partition_point(|(item, _)| bytes(item) < start);
    let rest = sorted.get(from..).unwrap_or_default();
    rest.get(..rest.partition_point(|(item, _)| bytes(item).starts_with(start))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::*;
    use crate::pattern::{Pattern, Segment};

    const TEXTS: [&str; 14] = [
        "a{}", "{}a", "a{}a", "ab{}", "{}ba", "ab{}b", "{}-{}", "a{}-{}b", "{}a{}", "b{}", "{}b", "aba{}", "{}aba",
        "{}-b",
    ];

    fn pieces(text: &str) -> Vec<String> {
        text.split("{}").map(str::to_owned).collect()
    }

    /// Every text over `a`, `b` and `-` of up to seven bytes: what any two of the patterns above need.
    fn all_texts() -> Vec<String> {
        let mut all = vec![String::new()];
        let mut longest = 0;
        for _ in 0..7 {
            let end = all.len();
            let longer: Vec<_> =
                all[longest..].iter().flat_map(|text| ["a", "b", "-"].map(|c| text.clone() + c)).collect();
            all.extend(longer);
            longest = end;
        }
        all
    }

    /// What a pattern itself says of a text, which knows nothing of indices.
    fn is_matched(text: &str, pieces: &[String]) -> bool {
        let named = pieces.iter().enumerate().fold(String::new(), |all, (idx, piece)| match idx {
            0 => format!("/{piece}"),
            _ => format!("{all}{{p{idx}}}{piece}"),
        });
        let pattern = Pattern::parse(&named).expect("a pattern");
        let [Segment::Mixed(_)] = pattern.segments.as_slice() else { panic!("{named} is not mixed") };
        pattern.mismatch(&[text.as_bytes()], false).is_none()
    }

    #[test]
    fn literals_are_found_that_a_mixed_segment_matches() {
        let texts = all_texts();
        let index = LiteralIndex::new(texts.iter().map(String::as_str));
        for text in TEXTS {
            let pieces = pieces(text);
            let expected: Vec<usize> = (0..texts.len()).filter(|at| is_matched(&texts[*at], &pieces)).collect();
            assert!(!expected.is_empty());
            assert_eq!(index.meeting(&pieces).0, expected, "{text}");
        }
    }

    #[test]
    fn mixed_segments_meet_where_a_text_shows_it() {
        let texts = all_texts();
        let mixed = TEXTS.map(pieces);
        let index = MixedIndex::new(mixed.iter().map(Vec::as_slice));
        let matched: Vec<Vec<bool>> =
            mixed.iter().map(|it| texts.iter().map(|text| is_matched(text, it)).collect()).collect();
        let list = |parts: Vec<Range<usize>>| {
            let mut list: Vec<usize> = parts.into_iter().flat_map(|part| index.list(part)).collect();
            list.sort_unstable();
            list
        };
        for (a, pieces) in mixed.iter().enumerate() {
            let meeting = |which: &dyn Fn(&[String]) -> bool| {
                let meets = |b: &usize| matched[a].iter().zip(&matched[*b]).any(|both| both == (&true, &true));
                (0..mixed.len()).filter(|b| which(&mixed[*b]) && meets(b)).collect::<Vec<_>>()
            };
            let (prefix, suffix) = ends(pieces).expect("pieces");
            let of_prefix = |other: &[String], order: Ordering| {
                ends(other).is_some_and(|it| it.0 == prefix && it.1.len().cmp(&suffix.len()) == order)
            };
            let OfPrefix { shorter, equal, longer } = index.meeting_equal(pieces).expect("its own prefix");
            assert_eq!(list(shorter), meeting(&|it| of_prefix(it, Ordering::Less)), "{pieces:?}");
            assert_eq!(list(vec![equal]), meeting(&|it| of_prefix(it, Ordering::Equal)), "{pieces:?}");
            assert_eq!(list(vec![longer]), meeting(&|it| of_prefix(it, Ordering::Greater)), "{pieces:?}");
            let shorter_prefix = |it: &[String]| ends(it).is_some_and(|it| it.0.len() < prefix.len());
            assert_eq!(list(index.meeting_shorter(pieces)), meeting(&shorter_prefix), "{pieces:?}");
        }
    }
}
