//! Route patterns: their grammar, their precedence, and whether two of them meet.

mod overlap;
mod parse;

use std::cmp::{Ordering, Reverse};

pub use parse::PatternError;

/// A parsed route pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// What stands between the slashes; at least one.
    pub segments: Vec<Segment>,
}

/// One segment of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// Literal text; may be empty.
    Literal(String),
    /// Literal text around params.
    Mixed(Mixed),
    /// One param, a segment of one byte or more.
    Param(String),
    /// The rest of the path, one byte or more.
    CatchAll(String),
}

/// Literal text around params: a piece before the first, between each two, and behind the last.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mixed {
    /// One more than there are params; only the first and the last may be empty, and not both.
    pub pieces: Vec<String>,
    /// The names of the params.
    pub params: Vec<String>,
}

impl Mixed {
    /// The order of precedence: longer prefix first, then longer suffix, then byte order.
    pub(crate) fn precedence(pieces: &[String]) -> impl Ord + use<'_> {
        let len = |piece: Option<&String>| Reverse(piece.map_or(0, String::len));
        (len(pieces.first()), len(pieces.last()), pieces)
    }
}

impl Pattern {
    /// The names of its params, from the left.
    pub fn params(&self) -> impl Iterator<Item = &str> {
        self.segments
            .iter()
            .flat_map(|segment| match segment {
                Segment::Literal(_) => &[][..],
                Segment::Mixed(mixed) => &mixed.params,
                Segment::Param(name) | Segment::CatchAll(name) => std::slice::from_ref(name),
            })
            .map(String::as_str)
    }

    /// The pattern as the index sees it: in lower case if case is ignored, without a slash at the end if that is, and
    /// with the names of params erased.
    #[must_use]
    pub fn normalized(&self, ignore_case: bool, ignore_slash: bool) -> Self {
        let lower = |text: &String| if ignore_case { text.to_ascii_lowercase() } else { text.clone() };
        let mut segments: Vec<Segment> = self
            .segments
            .iter()
            .map(|segment| match segment {
                Segment::Literal(text) => Segment::Literal(lower(text)),
                Segment::Mixed(mixed) => Segment::Mixed(Mixed {
                    pieces: mixed.pieces.iter().map(lower).collect(),
                    params: mixed.params.iter().map(|_| String::new()).collect(),
                }),
                Segment::Param(_) => Segment::Param(String::new()),
                Segment::CatchAll(_) => Segment::CatchAll(String::new()),
            })
            .collect();
        if ignore_slash && segments.len() > 1 && segments.last() == Some(&Segment::Literal(String::new())) {
            segments.pop();
        }
        Self { segments }
    }

    /// Which of two patterns that meet is preferred: `Less` if this one.
    pub fn precedence(&self, other: &Self) -> Ordering {
        let ranks = self.segments.iter().zip(&other.segments).map(|(a, b)| a.precedence(b));
        ranks.fold(Ordering::Equal, Ordering::then)
    }
}

impl Segment {
    fn rank(&self) -> u8 {
        match self {
            Self::Literal(_) => 0,
            Self::Mixed(_) => 1,
            Self::Param(_) => 2,
            Self::CatchAll(_) => 3,
        }
    }

    fn precedence(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Mixed(a), Self::Mixed(b)) => Mixed::precedence(&a.pieces).cmp(&Mixed::precedence(&b.pieces)),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}
