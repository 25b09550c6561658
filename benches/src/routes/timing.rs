//! The time of a lookup, with what it needs in the cache or not.
//!
//! Cold lookups come eight at a time. Before each eight, a buffer of four times the second-level cache is read through,
//! which leaves the contender's data and code in the third level at best; the paths themselves are read again, as a
//! server has just done when it looks one up. The clock is read around the eight alone, what reading it takes is
//! subtracted, and the median over all eights is what counts: an interrupt falls into one of them.

use std::hint::black_box;

use super::contender::Contender;
use super::outcome::Case;
use crate::Result;
use crate::measure::{Seconds, cpu, median, wall};

/// How many lookups follow each emptying of the cache.
const BATCH: usize = 8;
const BUFFER_BYTES: usize = 4 << 20;
const LINE_WORDS: usize = 8;

/// What empties the cache, and knows what a reading of the clock takes.
pub(super) struct Emptier {
    buffer: Vec<u64>,
    clock: Seconds,
}

impl Emptier {
    pub(super) fn new() -> Self {
        let clock = median((0..1_000).map(|_| wall(|| ()).1).collect());
        // Zeros would be pages that are not there before they are written.
        Self { buffer: vec![1; BUFFER_BYTES / size_of::<u64>()], clock }
    }

    fn empty(&self) {
        black_box(self.buffer.iter().step_by(LINE_WORDS).fold(0, |sum: u64, word| sum.wrapping_add(*word)));
    }
}

/// The time of one lookup.
pub(super) fn time<'a, C: Contender>(
    case: Case,
    contender: &'a C,
    paths: &[&'a str],
    emptier: &Emptier,
) -> Result<Seconds> {
    match case {
        Case::Shuffled | Case::InOrder | Case::Misses => warm(paths, |path| find(contender, path)),
        Case::Params => warm(paths, |path| find_and_read(contender, path)),
        Case::Cold => Ok(cold(paths, |path| find(contender, path), emptier)),
    }
}

/// Finds the route and reads its number, as whoever dispatches a request does. To have the answer itself in memory would
/// measure how it is copied there.
pub(super) fn find<'a, C: Contender>(contender: &'a C, path: &'a str) {
    black_box(C::number(&contender.find(black_box(path))));
}

pub(super) fn find_and_read<'a, C: Contender>(contender: &'a C, path: &'a str) {
    let answer = contender.find(black_box(path));
    C::each_param(&answer, |name, value| {
        black_box((name, value));
    });
    black_box(C::number(&answer));
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand paths")]
fn warm<'a>(paths: &[&'a str], look_up: impl Fn(&'a str)) -> Result<Seconds> {
    let ((), time) = cpu(|| paths.iter().for_each(|path| look_up(path)))?;
    Ok(time / paths.len() as f64)
}

#[expect(clippy::cast_precision_loss, reason = "eight paths")]
fn cold<'a>(paths: &[&'a str], look_up: impl Fn(&'a str), emptier: &Emptier) -> Seconds {
    let batch = |batch: &[&'a str]| {
        emptier.empty();
        black_box(batch.iter().flat_map(|path| path.bytes()).fold(0, u8::wrapping_add));
        let ((), time) = wall(|| batch.iter().for_each(|path| look_up(path)));
        (time - emptier.clock) / batch.len() as f64
    };
    median(paths.chunks(BATCH).map(batch).collect())
}
