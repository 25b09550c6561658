//! A path, and where its slashes are.

use super::sixteen::slashes;

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
    #[inline]
    pub(super) fn new(bytes: &'p [u8]) -> Option<Self> {
        if bytes.first() != Some(&b'/') {
            return None;
        }
        Some(match bytes.split_last() {
            Some((b'/', core)) => Self { core, ends_in_slash: true },
            _ => Self { core: bytes, ends_in_slash: false },
        })
    }

    /// The path with a slash more or less at its end; none for `/`, which has no other form.
    pub(super) fn toggled(self) -> Option<Self> {
        if self.ends_in_slash { Self::new(self.core) } else { Some(Self { ends_in_slash: true, ..self }) }
    }
}

/// How many bytes at the beginning of a path have their slashes noted.
const NOTED: usize = 64;
/// How much is read at once.
const CHUNK: usize = 16;

/// A path cut into segments.
///
/// Its fields are words that are written and read one by one: a read of what several writes have just made waits for them.
pub(super) struct Segments<'p> {
    core: &'p [u8],
    ends_in_slash: bool,
    /// A bit for each of the first bytes of the core: whether it is a slash.
    slashes: u64,
    /// The same, and one for the end of a core that is shorter: where segments end.
    ends: u64,
}

impl<'p> Segments<'p> {
    #[inline]
    pub(super) fn new(path: Path<'p>) -> Self {
        let Path { core, ends_in_slash } = path;
        let slashes = noted(core.get(..NOTED).unwrap_or(core));
        let end = if core.len() < NOTED { 1 << core.len() } else { 0 };
        Self { core, ends_in_slash, slashes, ends: slashes | end }
    }

    #[inline]
    pub(super) fn path(&self) -> Path<'p> {
        Path { core: self.core, ends_in_slash: self.ends_in_slash }
    }

    /// The first slash of the core from a place in it on, or its end.
    #[inline]
    pub(super) fn next_slash(&self, from: usize) -> usize {
        let ends = if from < NOTED { self.ends >> from } else { 0 };
        if ends == 0 { next_slash(self.core, from.max(NOTED)) } else { from + ends.trailing_zeros() as usize }
    }

    /// Where a segment of the path begins and ends, if the path has it; the one behind a slash at the end is empty.
    #[inline]
    pub(super) fn segment(&self, idx: usize) -> Option<(usize, usize)> {
        // Each segment begins behind a slash, nearly always one of the first 64 bytes.
        let (mut slashes, mut left) = (self.slashes, idx);
        while left > 0 {
            slashes &= slashes.wrapping_sub(1);
            left -= 1;
        }
        if slashes == 0 {
            return if self.core.len() > NOTED { self.far_segment(idx) } else { self.last_segment(idx) };
        }
        let start = slashes.trailing_zeros() as usize + 1;
        Some((start, self.next_slash(start)))
    }

    /// As [`Segments::segment`], for one that does not begin behind a slash of the core: the empty one behind a slash at the end.
    #[inline]
    fn last_segment(&self, idx: usize) -> Option<(usize, usize)> {
        let is_there = self.ends_in_slash && self.slashes.count_ones() as usize == idx;
        is_there.then_some((self.core.len(), self.core.len()))
    }

    /// As [`Segments::segment`], for one that begins behind the bytes whose slashes are noted, or is not there.
    #[inline(never)]
    fn far_segment(&self, idx: usize) -> Option<(usize, usize)> {
        let (core, mut n_before) = (self.core, self.slashes.count_ones() as usize);
        let mut slash = next_slash(core, NOTED);
        while slash < core.len() {
            let next = next_slash(core, slash + 1);
            if n_before == idx {
                return Some((slash + 1, next));
            }
            (slash, n_before) = (next, n_before + 1);
        }
        (n_before == idx && self.ends_in_slash).then_some((core.len(), core.len()))
    }

    /// How many segments the path has.
    #[inline(never)]
    pub(super) fn count(&self) -> usize {
        let behind = self.core.get(NOTED..).unwrap_or_default();
        let (chunks, rest) = behind.as_chunks::<CHUNK>();
        let in_chunks = chunks.iter().map(|chunk| slashes(chunk).count_ones()).sum::<u32>();
        let others = in_chunks + slashes(&padded(rest)).count_ones();
        (self.slashes.count_ones() + others) as usize + usize::from(self.ends_in_slash)
    }
}

/// A bit for each of up to 64 bytes: whether it is a slash.
#[inline]
fn noted(bytes: &[u8]) -> u64 {
    let Some(last) = bytes.last_chunk::<CHUNK>() else {
        return slashes(&padded(bytes)).into();
    };
    // The last sixteen, which overlap with those before unless there are whole chunks.
    let of_last = u64::from(slashes(last)) << (bytes.len() - CHUNK);
    let chunks = bytes.as_chunks::<CHUNK>().0.iter().zip((0..).step_by(CHUNK));
    chunks.fold(of_last, |noted, (chunk, at)| noted | u64::from(slashes(chunk)) << at)
}

/// Fewer than 16 bytes, with zeros behind them.
#[inline]
fn padded(bytes: &[u8]) -> [u8; 16] {
    let mut padded = [0; 16];
    padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    padded
}

/// The first slash of a path from a place on, or its end.
pub(super) fn next_slash(path: &[u8], from: usize) -> usize {
    let behind = path.get(from..).unwrap_or_default();
    let (chunks, rest) = behind.as_chunks::<CHUNK>();
    for (chunk, at) in chunks.iter().zip((from..).step_by(CHUNK)) {
        let slashes = slashes(chunk);
        if slashes != 0 {
            return at + slashes.trailing_zeros() as usize;
        }
    }
    // What is left is among the last sixteen bytes, unless there are fewer.
    let slashes = match path.last_chunk::<CHUNK>() {
        _ if rest.is_empty() => 0,
        Some(last) => slashes(last) >> (CHUNK - rest.len()),
        None => slashes(&padded(rest)),
    };
    if slashes == 0 { path.len() } else { path.len() - rest.len() + slashes.trailing_zeros() as usize }
}
