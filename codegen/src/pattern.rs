//! Route patterns: their grammar, their precedence, whether two of them meet, and why one does not match a path.

mod mismatch;
mod overlap;
mod parse;
mod tree;

use std::fmt;

pub use mismatch::{Mismatch, Reason};
pub use parse::PatternError;

pub(crate) use overlap::{LiteralIndex, MixedIndex, OfPrefix};
pub(crate) use tree::{Equality, Tree, TreeNode};

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

    /// Its segments, without an empty one at the end, which a slash there makes, if that is ignored. Of two slashes at the
    /// end neither is left out: `/a//` is not `/a/`, which is `/a`.
    pub(crate) fn significant_segments(&self, ignore_slash: bool) -> &[Segment] {
        match self.segments.as_slice() {
            [rest @ .., last] if ignore_slash && last.is_empty() && rest.last().is_some_and(|it| !it.is_empty()) => {
                rest
            }
            segments => segments,
        }
    }
}

impl fmt::Display for Segment {
    /// The segment as it is written in a pattern.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) => write_literal(text, f),
            Self::Mixed(mixed) => mixed.fmt(f),
            Self::Param(name) => write!(f, "{{{name}}}"),
            Self::CatchAll(name) => write!(f, "{{*{name}}}"),
        }
    }
}

impl fmt::Display for Mixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut params = self.params.iter();
        self.pieces.iter().try_for_each(|piece| {
            write_literal(piece, f)?;
            params.next().map_or(Ok(()), |name| write!(f, "{{{name}}}"))
        })
    }
}

/// Braces that are meant as themselves are doubled.
fn write_literal(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text.chars().try_for_each(|c| if matches!(c, '{' | '}') { write!(f, "{c}{c}") } else { write!(f, "{c}") })
}

impl Segment {
    /// Whether it is a literal without text: what is between two slashes, or behind one at the end.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Literal(text) if text.is_empty())
    }
}
