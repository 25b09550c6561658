//! Finding the known name that somebody probably meant.

use std::mem;
use std::ops::Range;

/// Names longer than this are not compared: the time grows with the product of the lengths.
const MAX_LEN: usize = 256;

/// The known name closest to `wanted`, if one is close enough to be meant.
///
/// 1. Distance counts single bytes inserted, deleted or replaced, and neighbours swapped. The case of ASCII letters
///    does not count, nor whether a name has `-` or `_`.
/// 2. Close enough is at most a third of the bytes of `wanted`, rounded down, but never less than 1, nor less than 2
///    from four bytes on; and something has to be left of `wanted`.
/// 3. Of equally close names, the first wins.
///
/// # Example
///
/// ```
/// let known = ["google-calendar", "google-meet", "zoom"];
/// assert_eq!(bakehouse_manifest::nearest("zomo", known), Some("zoom"));
/// assert_eq!(bakehouse_manifest::nearest("Google_Meet", known), Some("google-meet"));
/// assert_eq!(bakehouse_manifest::nearest("teams", known), None);
/// ```
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut limit = tolerance(wanted.len())?;
    let mut rows = Rows::new(wanted);
    let mut best = None;
    for name in known {
        let Some(distance) = rows.distance_to(name, limit) else { continue };
        best = Some(name);
        // A later name has to be closer, and nothing is closer than equal.
        match distance.checked_sub(1) {
            Some(closer) => limit = closer,
            None => break,
        }
    }
    best
}

/// A help line: the known name that is nearest to `wanted`, or else all of them. `noun` says what they are names of.
pub(crate) fn help_nearest<'a>(wanted: &str, noun: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(name) = nearest(wanted, known.clone()) {
        return format!("the nearest known {noun} is `{name}`");
    }
    let names: Vec<_> = known.into_iter().map(|name| format!("`{name}`")).collect();
    format!("the known {noun}s are {}", names.join(", "))
}

/// The known name that is `wanted` but for the case of ASCII letters and for `-` and `_`, if it is the only one: that is
/// certainly meant.
///
/// # Example
///
/// ```
/// let known = ["manifest-names", "exclude"];
/// assert_eq!(bakehouse_manifest::certain("Manifest_Names", known), Some("manifest-names"));
/// assert_eq!(bakehouse_manifest::certain("manifest-name", known), None);
/// ```
pub fn certain<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let is_meant = |name: &&str| name.bytes().map(fold).eq(wanted.bytes().map(fold));
    let mut meant = known.into_iter().filter(is_meant);
    meant.next().filter(|name| meant.all(|other| other == *name))
}

/// How far a name may be from one of `len` bytes; none if nothing is near.
fn tolerance(len: usize) -> Option<usize> {
    let least = if len >= 4 { 2 } else { 1 };
    (2..=MAX_LEN).contains(&len).then(|| least.max(len / 3))
}

/// The last rows of the table in which distances are worked out, kept from one name to the next.
struct Rows {
    wanted: Vec<u8>,
    before: Vec<usize>,
    above: Vec<usize>,
    row: Vec<usize>,
}

impl Rows {
    fn new(wanted: &str) -> Self {
        let row = vec![0; wanted.len() + 1];
        Self { wanted: wanted.bytes().map(fold).collect(), before: row.clone(), above: row.clone(), row }
    }

    /// The distance by optimal string alignment, if it is at most `limit`.
    fn distance_to(&mut self, name: &str, limit: usize) -> Option<usize> {
        if self.wanted.len().abs_diff(name.len()) > limit {
            return None;
        }
        let differing = differing(&self.wanted, name.as_bytes());
        let name = name.as_bytes().get(differing.start..name.len() - differing.n_behind).unwrap_or_default();
        let wanted = differing.start..self.wanted.len() - differing.n_behind;
        for rows in [&mut self.before, &mut self.above, &mut self.row] {
            rows.clear();
            rows.extend(0..=wanted.len());
        }
        let mut last = None;
        for (idx, byte) in name.iter().copied().map(fold).enumerate() {
            let above_limit = self.row.iter().min() > Some(&limit);
            mem::swap(&mut self.before, &mut self.above);
            mem::swap(&mut self.above, &mut self.row);
            self.fill_row(wanted.clone(), idx + 1, byte, last);
            // A swap reaches back over one row, so a single row above the limit proves nothing.
            if above_limit && self.row.iter().min() > Some(&limit) {
                return None;
            }
            last = Some(byte);
        }
        self.row.last().copied().filter(|distance| *distance <= limit)
    }

    /// Works out the distances of a part of `wanted` from the name's first `len` bytes, which end in `last` and `byte`.
    fn fill_row(&mut self, part: Range<usize>, len: usize, byte: u8, last: Option<u8>) {
        self.row[0] = len;
        let wanted = &self.wanted[part];
        for (idx, &own) in wanted.iter().enumerate() {
            let replaced = self.above[idx] + usize::from(own != byte);
            let mut cell = replaced.min(self.above[idx + 1] + 1).min(self.row[idx] + 1);
            let swapped = idx > 0 && last == Some(own) && wanted[idx - 1] == byte;
            if swapped {
                cell = cell.min(self.before[idx - 1] + 1);
            }
            self.row[idx + 1] = cell;
        }
    }
}

/// What two names differ in: the bytes between those with which both begin and both end, which change no distance. Of routes
/// it is little.
struct Differing {
    start: usize,
    n_behind: usize,
}

fn differing(wanted: &[u8], name: &[u8]) -> Differing {
    let is_same = |(a, b): &(&u8, &u8)| **a == fold(**b);
    let start = wanted.iter().zip(name).take_while(is_same).count();
    let behind = wanted.iter().skip(start).rev().zip(name.iter().skip(start).rev());
    Differing { start, n_behind: behind.take_while(is_same).count() }
}

/// Makes bytes equal whose difference does not count.
fn fold(byte: u8) -> u8 {
    if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() }
}
