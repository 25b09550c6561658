//! Where the segments of a path are.

use crate::table::layout::MAX_SEGMENTS;

/// A path as patterns see it: a slash at its end stands apart, so that its other form is the same bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path<'p> {
    /// The path without a slash at its end; empty for `/`, else it begins with a slash.
    pub(super) core: &'p [u8],
    /// Whether a slash follows; if not, the core does not end in one.
    pub(super) ends_in_slash: bool,
}

impl<'p> Path<'p> {
    /// None for bytes that do not begin with a slash.
    pub(super) fn new(bytes: &'p [u8]) -> Option<Self> {
        match bytes.split_last()? {
            (b'/', core) => {
                (core.is_empty() || core.first() == Some(&b'/')).then_some(Self { core, ends_in_slash: true })
            }
            _ => (bytes.first() == Some(&b'/')).then_some(Self { core: bytes, ends_in_slash: false }),
        }
    }

    /// The path with a slash more or less at its end; none for `/`, which has no other form.
    pub(super) fn toggled(self) -> Option<Self> {
        if self.ends_in_slash { Self::new(self.core) } else { Some(Self { ends_in_slash: true, ..self }) }
    }
}

/// The segments of a path, as many of them as a pattern can have.
pub(super) struct Segments<'p> {
    path: Path<'p>,
    /// Where each of the core's segments ends.
    ends: [u32; MAX_SEGMENTS],
    /// How many ends there are.
    n_ends: usize,
    /// How many segments there are, an empty one behind a slash at the end too.
    n_segments: usize,
}

impl<'p> Segments<'p> {
    /// None for a path of 4 GiB or more.
    #[inline]
    pub(super) fn new(path: Path<'p>) -> Option<Self> {
        let core_end = u32::try_from(path.core.len()).ok()?;
        let n_segments = usize::from(path.ends_in_slash);
        let mut segments = Self { path, ends: [0; MAX_SEGMENTS], n_ends: 0, n_segments };
        if let Some((_, behind_slash)) = path.core.split_first() {
            segments.split(behind_slash);
            segments.push(core_end);
        }
        Some(segments)
    }

    #[inline]
    fn split(&mut self, behind_slash: &[u8]) {
        let (words, rest) = behind_slash.as_chunks::<8>();
        let mut at = 1;
        for word in words {
            self.add(at, slashes(u64::from_le_bytes(*word)));
            at += 8;
        }
        for byte in rest {
            if *byte == b'/' {
                self.push(at);
            }
            at += 1;
        }
    }

    /// Adds an end for each slash of a word at a place.
    #[inline]
    fn add(&mut self, at: u32, mut slashes: u64) {
        while slashes != 0 {
            self.push(at + slashes.trailing_zeros() / 8);
            slashes &= slashes - 1;
        }
    }

    #[inline]
    fn push(&mut self, end: u32) {
        self.n_segments += 1;
        if let Some(place) = self.ends.get_mut(self.n_ends) {
            *place = end;
            self.n_ends += 1;
        }
    }

    /// How many segments the path has.
    pub(super) fn count(&self) -> usize {
        self.n_segments
    }

    /// Where a segment of the core ends; 0 if the core has none of that number.
    #[inline]
    pub(super) fn end(&self, idx: usize) -> usize {
        self.ends.get(idx).map_or(0, |end| *end as usize)
    }

    /// A segment, if the path has it.
    #[inline]
    pub(super) fn get(&self, idx: usize) -> Option<&'p [u8]> {
        if idx >= self.n_ends {
            return (idx < self.n_segments).then_some(b"");
        }
        let start = if idx == 0 { 1 } else { self.end(idx - 1) + 1 };
        self.path.core.get(start..self.end(idx))
    }
}

/// Splits a path that does not begin with a slash before its first one.
pub(super) fn first_segment(path: &[u8]) -> (&[u8], &[u8]) {
    let (words, rest) = path.as_chunks::<8>();
    let in_words = words.iter().map(|word| slashes(u64::from_le_bytes(*word))).position(|slashes| slashes != 0);
    let from = in_words.unwrap_or(words.len()) * 8;
    let near = if in_words.is_some() { path.get(from..).unwrap_or_default() } else { rest };
    let at = near.iter().position(|byte| *byte == b'/').map_or(path.len(), |at| from + at);
    path.split_at_checked(at).unwrap_or_default()
}

/// The high bit of each byte of a word that is a slash.
#[inline]
const fn slashes(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = ONES * 0x7f;
    let different = word ^ (ONES * b'/' as u64);
    !((different & LOW) + LOW | different | LOW)
}
