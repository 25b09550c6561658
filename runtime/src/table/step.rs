//! Patterns as *steps*: what to compare and what a param takes, so that matching need not read the names of params.
//!
//! A step is a word: first a run of the pattern's text is compared with the path, then a param takes something of the
//! path, and some of the text is passed over. Steps say nothing that the text does not say; a table has them so that
//! they need not be found again for each path.

/// A step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// How many bytes of the pattern are compared with the path: 0 to 32,767.
    pub run: usize,
    /// What follows them in the path.
    pub kind: Kind,
    /// How many bytes of the pattern behind the run stand for that: 0 to 16,383.
    pub skip: usize,
}

/// What follows the run of a step: one of the five that are named. Another, which no valid table has, is as [`Kind::END`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind(u8);

impl Kind {
    /// The end of the path. What is passed over is a slash at the pattern's end.
    pub const END: Self = Self(0);
    /// Nothing; the run was cut before the second of two braces.
    pub const CUT: Self = Self(1);
    /// A param, which takes the rest of the segment.
    pub const PARAM: Self = Self(2);
    /// Literal text around params, the whole segment.
    pub const MIXED: Self = Self(3);
    /// A catch-all, which takes the rest of the path.
    pub const CATCH_ALL: Self = Self(4);
}

const MAX_RUN: usize = 0x7fff;
const MAX_SKIP: usize = 0x3fff;

impl Step {
    /// The word: from the lowest, 3 bits for the kind, 15 for the run, and 14 for what is passed over.
    #[expect(clippy::cast_possible_truncation, reason = "each part is cut to its bits")]
    pub const fn encode(self) -> u32 {
        self.kind.0 as u32 | ((self.run & MAX_RUN) << 3 | (self.skip & MAX_SKIP) << 18) as u32
    }

    /// The step of a word.
    #[inline]
    pub const fn decode(word: u32) -> Self {
        let kind = Kind((word & 7) as u8);
        let word = word as usize;
        Self { run: word >> 3 & MAX_RUN, kind, skip: word >> 18 }
    }
}

/// The steps of a pattern's text; the last one ends it, or is a catch-all. None for a text without braces, which is the path
/// that it matches.
pub fn steps(text: &str) -> Steps<'_> {
    let is_path = !text.bytes().any(|byte| matches!(byte, b'{' | b'}'));
    Steps { text: (!is_path).then_some(text.as_bytes()) }
}

/// See [`steps`].
#[derive(Debug, Clone)]
pub struct Steps<'t> {
    /// The text behind the last step; none once it has ended.
    text: Option<&'t [u8]>,
}

impl Iterator for Steps<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let text = self.text?;
        let step = first_step(text);
        let is_last = matches!(step.kind, Kind::END | Kind::CATCH_ALL);
        self.text = if is_last { None } else { text.get(step.run + step.skip..) };
        Some(step)
    }
}

fn first_step(text: &[u8]) -> Step {
    let mut run = 0;
    while let Some(byte) = text.get(run) {
        run += 1;
        match byte {
            b'/' => {
                let segment = segment_of(text.get(run..).unwrap_or_default());
                if let Some(kind) = kind(segment) {
                    return Step { run, kind, skip: segment.len() };
                }
            }
            b'{' | b'}' => return Step { run, kind: Kind::CUT, skip: usize::from(text.get(run) == Some(byte)) },
            _ => {}
        }
    }
    let skip = usize::from(text.last() == Some(&b'/'));
    Step { run: run - skip, kind: Kind::END, skip }
}

fn segment_of(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == b'/').next().unwrap_or_default()
}

/// What a segment is; none if it is literal.
fn kind(segment: &[u8]) -> Option<Kind> {
    let (before, name, behind) = split_param(segment)?;
    let is_whole = before.is_empty() && behind.is_empty();
    Some(match name.first() {
        Some(b'*') if is_whole => Kind::CATCH_ALL,
        _ if is_whole => Kind::PARAM,
        _ => Kind::MIXED,
    })
}

/// Splits a segment of a pattern at its first param: the text before it, its name, the text behind it.
pub(crate) fn split_param(segment: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut at = 0;
    loop {
        at += segment.get(at..)?.iter().position(|byte| *byte == b'{')?;
        let behind = segment.get(at + 1..)?;
        if behind.first() != Some(&b'{') {
            let end = behind.iter().position(|byte| *byte == b'}')?;
            return Some((segment.get(..at)?, behind.get(..end)?, behind.get(end + 1..)?));
        }
        at += 2;
    }
}
