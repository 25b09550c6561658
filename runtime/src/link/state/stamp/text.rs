//! A stamp as bytes: a version line, a hash of all that follows it, what was asked for, and a line for each thing watched.
//!
//! Numbers are little-endian. A line is a fingerprint, a letter for what the path is below, and the path up to a zero,
//! which no path has in it.

use super::asked::Asked;
use super::watch::{Base, Watched};
use xxhash_rust::xxh3::xxh3_64;

const VERSION: &[u8] = b"bakehouse-stamp 2\n";

/// What is true as long as a stamp is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp<'b> {
    /// See [`Asked`]; the entries eight bytes each.
    how: u64,
    plan: u64,
    entries: &'b [[u8; 8]],
    /// The places in the plan of the lazy entries that were left for later, four bytes each.
    deferred: &'b [[u8; 4]],
    /// All that is watched.
    lines: &'b [u8],
}

/// One thing that is watched, and what the system said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'b> {
    pub(super) watched: Watched<'b>,
    /// 0 for what was not there.
    pub(super) fingerprint: u64,
}

/// The bytes of a stamp.
pub(super) fn write(asked: &Asked, deferred: &[u32], lines: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(asked.entries.len() * 8 + deferred.len() * 4 + lines.len() + 32);
    let lengths = [asked.entries.len(), deferred.len()].map(|length| length as u64);
    let numbers = [asked.how, asked.plan].into_iter().chain(lengths).chain(asked.entries.iter().copied());
    body.extend(numbers.flat_map(u64::to_le_bytes));
    body.extend(deferred.iter().copied().flat_map(u32::to_le_bytes));
    body.extend(lines);
    [VERSION, &xxh3_64(&body).to_le_bytes(), &body].concat()
}

/// Appends a line.
pub(super) fn write_line(line: Line<'_>, bytes: &mut Vec<u8>) {
    bytes.extend(line.fingerprint.to_le_bytes());
    bytes.push(line.watched.base as u8);
    bytes.extend(line.watched.path);
    bytes.push(0);
}

impl<'b> Stamp<'b> {
    /// Reads a stamp back. One of another version, cut short or altered is none.
    pub(super) fn parse(bytes: &'b [u8]) -> Option<Self> {
        let (hash, body) = bytes.strip_prefix(VERSION)?.split_first_chunk()?;
        let (head, rest) = body.split_first_chunk::<32>()?;
        let [how, plan, n_entries, n_deferred] = *head.as_chunks::<8>().0 else { return None };
        let length = |number: [u8; 8], size: usize| usize::try_from(u64::from_le_bytes(number)).ok()?.checked_mul(size);
        let (entries, rest) = rest.split_at_checked(length(n_entries, 8)?)?;
        let (deferred, lines) = rest.split_at_checked(length(n_deferred, 4)?)?;
        let [how, plan] = [how, plan].map(u64::from_le_bytes);
        let stamp = Self { how, plan, entries: entries.as_chunks().0, deferred: deferred.as_chunks().0, lines };
        (u64::from_le_bytes(*hash) == xxh3_64(body)).then_some(stamp)
    }

    /// Whether that was asked for, with whatever plan.
    pub(super) fn is_for(&self, asked: &Asked) -> bool {
        self.how == asked.how
    }

    /// Whether that very plan was asked for.
    pub(super) fn has_plan(&self, asked: &Asked) -> bool {
        self.plan == asked.plan && self.entries().eq(asked.entries.iter().copied())
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = u64> + use<'b> {
        self.entries.iter().map(|hash| u64::from_le_bytes(*hash))
    }

    pub(super) fn deferred(&self) -> impl ExactSizeIterator<Item = u32> + use<'b> {
        self.deferred.iter().map(|place| u32::from_le_bytes(*place))
    }

    /// All that is watched, in the order in which it was written.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'b>> + use<'b> {
        let mut rest = self.lines;
        std::iter::from_fn(move || {
            let (fingerprint, behind) = rest.split_first_chunk()?;
            let (&letter, behind) = behind.split_first()?;
            let end = behind.iter().position(|&byte| byte == 0)?;
            let (path, behind) = behind.split_at(end);
            rest = behind.get(1..)?;
            let watched = Watched { base: Base::of(letter)?, path };
            Some(Line { watched, fingerprint: u64::from_le_bytes(*fingerprint) })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Asked {
        Asked { how: 1, plan: u64::MAX, entries: vec![3, 4, 5] }
    }

    #[test]
    fn a_stamp_is_read_back_and_one_that_was_altered_or_cut_short_is_none() {
        let watched = [(Base::Ledger, b"".as_slice(), 7), (Base::Public, b"p r", 0), (Base::Root, b"\n\xff", u64::MAX)];
        let all = watched.map(|(base, path, fingerprint)| Line { watched: Watched { base, path }, fingerprint });
        let mut lines = Vec::new();
        for line in all {
            write_line(line, &mut lines);
        }
        let bytes = write(&sample(), &[1, 2], &lines);
        let stamp = Stamp::parse(&bytes).unwrap();
        assert!(stamp.is_for(&sample()) && stamp.has_plan(&sample()));
        assert_eq!(stamp.deferred().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(stamp.lines().collect::<Vec<_>>(), all);
        for idx in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[idx] ^= 1;
            assert_eq!((Stamp::parse(&altered), Stamp::parse(&bytes[..idx])), (None, None), "{idx}");
        }
    }

    #[test]
    fn another_plan_is_told_from_the_one_that_was_asked_for() {
        let bytes = write(&sample(), &[], &[]);
        let stamp = Stamp::parse(&bytes).unwrap();
        let cases = [
            Asked { plan: 2, ..sample() },
            Asked { entries: vec![3, 4], ..sample() },
            Asked { entries: vec![3, 5, 4], ..sample() },
        ];
        assert!(cases.iter().all(|asked| stamp.is_for(asked) && !stamp.has_plan(asked)));
        assert!(!stamp.is_for(&Asked { how: 2, ..sample() }));
    }
}
