//! The hash and the perfect hash that `bakehouse-codegen` builds and this crate reads.
//!
//! [`hash`] is of the family that wyhash (Wang Yi, 2019) began: two words at a time, multiplied to twice their width and
//! folded. Its products do not wait for one another, so that a path takes little longer than a segment. It need not
//! withstand anybody: a hash only says where to look, and what is found there is compared.
//!
//! A perfect hash places each of a set of keys in a slot of its own, as in `PTHash` (Pibiri and Trani, 2021): keys are
//! put into small buckets, and each bucket has a *pilot*, a number found by trying, that sends its keys to free slots.

mod path;

pub use path::{Sample, note, path};
pub(crate) use path::{path_by_one_place, path_folded, place_in_filter};

/// Odd, with bits as if thrown; from wyhash.
const SECRETS: [u64; 3] = [0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db, 0x8ebc_6af0_9c88_c6e3];
/// The golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of some bytes.
pub fn hash(bytes: &[u8]) -> u64 {
    hash_part::<false>(bytes, 0, bytes.len())
}

/// The hash of the bytes from `start` to `end`, with ASCII letters in lower case if `FOLD`.
#[inline]
pub(crate) fn hash_part<const FOLD: bool>(bytes: &[u8], start: usize, end: usize) -> u64 {
    let len = end.saturating_sub(start);
    let (first, last) = match len {
        17.. => return hash_long::<FOLD>(bytes.get(start..end).unwrap_or_default()),
        8.. => (word(bytes, start), word(bytes, end - 8)),
        _ => {
            let all = part_of_word(bytes, start, len);
            (all, all)
        }
    };
    last_product::<FOLD>(SECRETS[0] ^ SECRETS[2], first, last, len)
}

/// The hash of more than sixteen bytes.
fn hash_long<const FOLD: bool>(bytes: &[u8]) -> u64 {
    let (mut key, mut sum) = (SECRETS[0], 0u64);
    // All but the last 16 bytes or fewer, then the last 16, which overlap with those before.
    let before = bytes.get(..bytes.len().saturating_sub(1)).unwrap_or_default();
    for pair in before.as_chunks::<16>().0 {
        let (first, second) = halves(pair);
        sum = sum.wrapping_add(multiply(fold_case::<FOLD>(first) ^ key, fold_case::<FOLD>(second) ^ SECRETS[1]));
        key = key.wrapping_add(STEP);
    }
    let (first, last) = bytes.last_chunk().map_or((0, 0), halves);
    last_product::<FOLD>(sum ^ SECRETS[2] ^ key, first, last, bytes.len())
}

/// Mixes what came of the bytes before with the last of them and their number.
#[inline]
fn last_product<const FOLD: bool>(before: u64, first: u64, last: u64, len: usize) -> u64 {
    let (first, last) = (fold_case::<FOLD>(first), fold_case::<FOLD>(last));
    let len = len as u64;
    multiply(before ^ first, last ^ SECRETS[1] ^ len.wrapping_mul(STEP)) ^ len
}

/// The hash of a number, which may be any.
pub const fn number(number: u64) -> u64 {
    multiply(number ^ SECRETS[0], SECRETS[1])
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low half")]
fn halves(pair: &[u8; 16]) -> (u64, u64) {
    let both = u128::from_le_bytes(*pair);
    (both as u64, (both >> 64) as u64)
}

/// Eight bytes from a place on; 0 if they are not all there.
#[inline]
pub(crate) fn word(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |word| u64::from_le_bytes(*word))
}

/// `len` bytes from a place on, 8 at most, as a word with zeros behind them.
///
/// Reads eight bytes that have them among them, and shifts the others out, rather than byte by byte.
#[inline]
pub(crate) fn part_of_word(bytes: &[u8], start: usize, len: usize) -> u64 {
    let Some(last) = bytes.len().checked_sub(8) else {
        let part = bytes.iter().skip(start).take(len);
        return part.rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    };
    let at = start.min(last);
    let shifted = word(bytes, at).wrapping_shr(shift(start - at));
    if len >= 8 { shifted } else { shifted & !(u64::MAX << shift(len)) }
}

/// How many bits so many bytes are, of which there are fewer than 2^29.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low bits are those that count")]
const fn shift(n_bytes: usize) -> u32 {
    n_bytes as u32 * 8
}

/// Puts the ASCII letters among eight bytes in lower case.
#[inline]
pub(crate) const fn fold_case<const FOLD: bool>(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    if !FOLD {
        return word;
    }
    let low = word & (ONES * 0x7f);
    // The high bit of each byte: whether it is `A` or more, and whether it is more than `Z`.
    let from_a = low + ONES * (0x80 - b'A' as u64);
    let behind_z = low + ONES * (0x7f - b'Z' as u64);
    let is_upper = (from_a ^ behind_z) & !word & (ONES * 0x80);
    word | is_upper >> 2
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low half")]
const fn multiply(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}

/// A number below `n`, of a hash's low half.
#[inline]
const fn below(hash: u64, n: u32) -> u32 {
    (((hash & 0xffff_ffff) * n as u64) >> 32) as u32
}

/// The bucket of a hash among so many, a power of two.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low bits")]
pub const fn bucket(hash: u64, n_buckets: u32) -> u32 {
    hash as u32 & n_buckets.wrapping_sub(1)
}

/// The slot of a hash under the pilot of its bucket.
#[inline]
pub const fn slot(hash: u64, pilot: u32, n_slots: u32) -> u32 {
    below(hash.wrapping_mul(pilot as u64 * 2 + 1) >> 32, n_slots)
}

/// What a slot keeps of the hash of its key.
#[inline]
pub const fn fingerprint(hash: u64) -> u32 {
    (hash >> 32) as u32
}
