//! Why a pattern does not match a path: from the pattern and the path alone, by the matching rules, with no index.

use std::fmt;

use super::{Mixed, Pattern, Segment};

/// Longer texts of a path are cut where they are quoted, in bytes.
const MAX_QUOTED: usize = 80;

/// The first thing, from the left, on which a pattern fails a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch<'a> {
    /// How many segments before it agree.
    pub agreed: usize,
    /// What the next one fails on.
    pub reason: Reason<'a>,
}

/// What a segment of a pattern fails on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason<'a> {
    /// The path has other text there.
    Literal {
        /// What the pattern has.
        expected: &'a str,
        /// What the path has.
        found: &'a [u8],
    },
    /// The text does not begin with what stands before the first param.
    Prefix(&'a Mixed, &'a [u8]),
    /// The text does not end in what stands behind the last param.
    Suffix(&'a Mixed, &'a [u8]),
    /// The text between prefix and suffix lacks this piece, or has it where it leaves nothing for the param before it.
    Between(&'a Mixed, &'a str, &'a [u8]),
    /// Nothing is left for a param of a segment with literal text.
    Nothing(&'a Mixed, &'a [u8]),
    /// A param's segment is empty; its name.
    EmptyParam(&'a str),
    /// Nothing is left of the path for a catch-all; its name.
    EmptyRest(&'a str),
    /// The path ends before a segment that the pattern has.
    PathEnds {
        /// The segment.
        expected: &'a Segment,
        /// Whether it is the pattern's last, so that an empty one is a slash at the end of the pattern.
        is_last: bool,
    },
    /// The pattern ends before a segment that the path has.
    PatternEnds {
        /// The first segment too many.
        found: &'a [u8],
        /// Whether it is the last, so that an empty one is a slash at the end of the path.
        is_last: bool,
    },
}

impl Pattern {
    /// What this pattern fails on for a path; none if it matches.
    ///
    /// `segments` is what stands between the slashes of the path, behind the first: `/a/` has `a` and an empty one. A slash
    /// at the end counts; where it does not, both forms of a path are for the caller to ask about.
    pub fn mismatch<'a>(&'a self, segments: &[&'a [u8]], ignore_case: bool) -> Option<Mismatch<'a>> {
        for (agreed, segment) in self.segments.iter().enumerate() {
            let reason = match (segment, segments.get(agreed..).unwrap_or_default()) {
                (expected, []) => Some(Reason::PathEnds { expected, is_last: agreed + 1 == self.segments.len() }),
                (Segment::CatchAll(name), [b""]) => Some(Reason::EmptyRest(name)),
                (Segment::CatchAll(_), _) => return None,
                (segment, [found, ..]) => segment.mismatch(found, ignore_case),
            };
            if let Some(reason) = reason {
                return Some(Mismatch { agreed, reason });
            }
        }
        let agreed = self.segments.len();
        let found = segments.get(agreed)?;
        Some(Mismatch { agreed, reason: Reason::PatternEnds { found, is_last: segments.len() == agreed + 1 } })
    }
}

impl Segment {
    /// What this segment, if it is no catch-all, fails on for a segment of a path.
    pub fn mismatch<'a>(&'a self, found: &'a [u8], ignore_case: bool) -> Option<Reason<'a>> {
        match self {
            Self::Literal(expected) => {
                let is_equal = is_text(found, expected, ignore_case);
                (!is_equal).then_some(Reason::Literal { expected, found })
            }
            Self::Param(name) => found.is_empty().then_some(Reason::EmptyParam(name)),
            Self::Mixed(mixed) => mixed.mismatch(found, ignore_case),
            Self::CatchAll(_) => None,
        }
    }
}

impl Mixed {
    fn mismatch<'a>(&'a self, found: &'a [u8], ignore_case: bool) -> Option<Reason<'a>> {
        let [prefix, between @ .., suffix] = self.pieces.as_slice() else { return None };
        let head = found.get(..prefix.len());
        if !head.is_some_and(|head| is_text(head, prefix, ignore_case)) {
            return Some(Reason::Prefix(self, found));
        }
        let end = found.len().checked_sub(suffix.len());
        if !end.and_then(|end| found.get(end..)).is_some_and(|tail| is_text(tail, suffix, ignore_case)) {
            return Some(Reason::Suffix(self, found));
        }
        // Prefix and suffix may share bytes; then nothing is left between them.
        let mut rest = found.get(prefix.len()..end.unwrap_or_default()).unwrap_or_default();
        for piece in between {
            // Each piece is taken where it first leaves the param before it a byte, which leaves the most for the rest.
            let behind_param = rest.get(1..).unwrap_or_default();
            let mut windows = behind_param.windows(piece.len().max(1));
            let Some(at) = windows.position(|window| is_text(window, piece, ignore_case)) else {
                return Some(Reason::Between(self, piece, found));
            };
            rest = behind_param.get(at + piece.len()..).unwrap_or_default();
        }
        rest.is_empty().then_some(Reason::Nothing(self, found))
    }
}

fn is_text(bytes: &[u8], text: &str, ignore_case: bool) -> bool {
    if ignore_case { bytes.eq_ignore_ascii_case(text.as_bytes()) } else { bytes == text.as_bytes() }
}

impl fmt::Display for Mismatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (agreed, number) = (self.agreed, self.agreed + 1);
        match self.reason {
            Reason::Literal { expected, found } => {
                write!(
                    f,
                    "segment {number}: expected {}, found {}{}",
                    Wanted(expected),
                    Found(found),
                    hint(expected, found)
                )
            }
            Reason::Prefix(mixed, found) => {
                let prefix = mixed.pieces.first().map_or("", String::as_str);
                write!(f, "segment {number}: `{mixed}` needs the prefix `{prefix}`, found {}", Found(found))
            }
            Reason::Suffix(mixed, found) => {
                let suffix = mixed.pieces.last().map_or("", String::as_str);
                write!(f, "segment {number}: `{mixed}` needs the suffix `{suffix}`, found {}", Found(found))
            }
            Reason::Between(mixed, piece, found) => {
                write!(f, "segment {number}: `{mixed}` needs `{piece}` behind a param, found {}", Found(found))
            }
            Reason::Nothing(mixed, found) => {
                write!(f, "segment {number}: `{mixed}` needs one byte or more for each param, found {}", Found(found))
            }
            Reason::EmptyParam(name) => write!(f, "segment {number}: `{{{name}}}` needs one byte or more, found none"),
            Reason::EmptyRest(name) => write!(f, "segment {number}: `{{*{name}}}` needs one byte or more, found none"),
            Reason::PathEnds { expected, is_last: true } if expected.is_empty() => {
                write!(f, "ends in a slash, but the path does not")
            }
            Reason::PathEnds { expected, .. } if expected.is_empty() => {
                write!(f, "path ends before segment {number}, an empty one")
            }
            Reason::PathEnds { expected, .. } => write!(f, "path ends before segment {number}, `{expected}`"),
            Reason::PatternEnds { found: b"", is_last: true } => {
                write!(f, "ends after segment {agreed}, but the path has a slash more")
            }
            Reason::PatternEnds { found, .. } => {
                write!(f, "ends after segment {agreed}, but the path goes on with {}", Found(found))
            }
        }
    }
}

/// Why a text that looks like the literal is none.
fn hint(expected: &str, found: &[u8]) -> &'static str {
    if found.eq_ignore_ascii_case(expected.as_bytes()) {
        " (only the case differs)"
    } else if found.contains(&b'%') && decoded(found) == expected.as_bytes() {
        " (a path is not decoded before it is matched)"
    } else {
        ""
    }
}

fn decoded(mut bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    while let Some((first, rest)) = bytes.split_first() {
        let digits = rest.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(byte.unwrap_or(*first));
        bytes = rest.get(if byte.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    decoded
}

/// A literal of a pattern.
struct Wanted<'a>(&'a str);

impl fmt::Display for Wanted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { f.write_str("an empty segment") } else { write!(f, "literal `{}`", self.0) }
    }
}

/// A segment of a path: bytes that are not UTF-8 as `%XX`, and no more of it than somebody reads.
struct Found<'a>(&'a [u8]);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("an empty segment");
        }
        let shown = self.0.get(..MAX_QUOTED).unwrap_or(self.0);
        f.write_str("`")?;
        for chunk in shown.utf8_chunks() {
            f.write_str(chunk.valid())?;
            chunk.invalid().iter().try_for_each(|byte| write!(f, "%{byte:02X}"))?;
        }
        f.write_str(if shown.len() < self.0.len() { "...`" } else { "`" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pattern: &str, path: &str, ignore_case: bool) -> Option<(usize, String)> {
        let pattern = Pattern::parse(pattern).expect("a pattern");
        let segments: Vec<&[u8]> = path.as_bytes().split(|byte| *byte == b'/').skip(1).collect();
        pattern.mismatch(&segments, ignore_case).map(|mismatch| (mismatch.agreed, mismatch.to_string()))
    }

    #[test]
    fn what_a_pattern_fails_on() {
        let cases = [
            ("/a/b/users", "/a/b/user", 2, "segment 3: expected literal `users`, found `user`"),
            ("/Users", "/users", 0, "segment 1: expected literal `Users`, found `users` (only the case differs)"),
            (
                "/a b",
                "/a%20b",
                0,
                "segment 1: expected literal `a b`, found `a%20b` (a path is not decoded before it is matched)",
            ),
            ("/a b", "/a%2", 0, "segment 1: expected literal `a b`, found `a%2`"),
            ("/a", "/", 0, "segment 1: expected literal `a`, found an empty segment"),
            ("/a//b", "/a/x/b", 1, "segment 2: expected an empty segment, found `x`"),
            ("/v{n}", "/w1", 0, "segment 1: `v{n}` needs the prefix `v`, found `w1`"),
            ("/v{n}", "/", 0, "segment 1: `v{n}` needs the prefix `v`, found an empty segment"),
            (
                "/x/{name}:cancel",
                "/x/a:stop",
                1,
                "segment 2: `{name}:cancel` needs the suffix `:cancel`, found `a:stop`",
            ),
            ("/{{{x}}}-{y}!", "/{a-b", 0, "segment 1: `{{{x}}}-{y}!` needs the suffix `!`, found `{a-b`"),
            ("/{a}...{b}", "/main..dev", 0, "segment 1: `{a}...{b}` needs `...` behind a param, found `main..dev`"),
            ("/{a}-{b}", "/-b", 0, "segment 1: `{a}-{b}` needs `-` behind a param, found `-b`"),
            ("/{a}-{b}", "/a-", 0, "segment 1: `{a}-{b}` needs one byte or more for each param, found `a-`"),
            ("/v{n}", "/v", 0, "segment 1: `v{n}` needs one byte or more for each param, found `v`"),
            ("/ab{n}bc", "/abc", 0, "segment 1: `ab{n}bc` needs one byte or more for each param, found `abc`"),
            ("/a/{id}/b", "/a//b", 1, "segment 2: `{id}` needs one byte or more, found none"),
            ("/a/{*rest}", "/a/", 1, "segment 2: `{*rest}` needs one byte or more, found none"),
            ("/a/{*rest}", "/a", 1, "path ends before segment 2, `{*rest}`"),
            ("/a/{id}/edit", "/a/1", 2, "path ends before segment 3, `edit`"),
            ("/a/", "/a", 1, "ends in a slash, but the path does not"),
            ("/a//b", "/a", 1, "path ends before segment 2, an empty one"),
            ("/a/{id}", "/a/1/edit", 2, "ends after segment 2, but the path goes on with `edit`"),
            ("/a/{id}", "/a/1/", 2, "ends after segment 2, but the path has a slash more"),
            ("/a", "/a//b", 1, "ends after segment 1, but the path goes on with an empty segment"),
        ];
        for (pattern, path, agreed, expected) in cases {
            assert_eq!(told(pattern, path, false), Some((agreed, expected.to_owned())), "{pattern} {path}");
        }
    }

    #[test]
    fn a_pattern_that_matches_fails_on_nothing() {
        let cases = [
            ("/", "/", false),
            ("/a/{id}/", "/a/1/", false),
            ("/{*rest}", "//", false),
            ("/{a}-{b}-c", "/1-2-c-c", false),
            ("/{a}-{b}", "/---", false),
            ("/Users/V{n}X", "/uSERS/v1x", true),
        ];
        for (pattern, path, ignore_case) in cases {
            assert_eq!(told(pattern, path, ignore_case), None, "{pattern} {path}");
        }
    }

    #[test]
    fn what_a_path_has_is_quoted_as_text() {
        let quoted = |bytes: &[u8]| Found(bytes).to_string();
        assert_eq!(quoted(b"a\xFFb"), "`a%FFb`");
        assert_eq!(quoted(&[b'x'; MAX_QUOTED]), format!("`{}`", "x".repeat(MAX_QUOTED)));
        assert_eq!(quoted(&[b'x'; MAX_QUOTED + 1]), format!("`{}...`", "x".repeat(MAX_QUOTED)));
    }
}
