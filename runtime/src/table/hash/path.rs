//! The hash of a whole path, for which a few of its bytes are enough, and the filter of literal patterns.

use super::{SECRETS, STEP, below, fold_case, hash_part, multiply, part_of_word, word};

/// What of a literal path its hash is made of: all of it, or its length, its last eight bytes, and eight bytes at one place
/// or three, where a bake has found that these tell all its literal paths apart.
///
/// A place too near the end stands for the last eight bytes. So a path is hashed in the same few steps whatever its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample(u32);

impl Sample {
    /// All bytes.
    pub const WHOLE: Self = Self(0);

    /// The bytes at one place.
    pub const fn one(place: u8) -> Self {
        Self(u32::from_le_bytes([place, 0, 0, 1]))
    }

    /// The bytes at three places.
    pub const fn three([a, b, c]: [u8; 3]) -> Self {
        Self(u32::from_le_bytes([a, b, c, 3]))
    }

    /// As the word that a table has: a place a byte, the lowest first, and how many there are.
    pub const fn to_word(self) -> u32 {
        self.0
    }

    /// The sample of such a word; what [`is_known`](Self::is_known) refuses samples something all the same.
    #[inline]
    pub(crate) const fn from_word(word: u32) -> Self {
        Self(word)
    }

    /// Whether it is one of those that can be made here.
    pub(crate) const fn is_known(self) -> bool {
        matches!(self.0.to_le_bytes(), [0, 0, 0, 0] | [_, 0, 0, 1] | [_, _, _, 3])
    }

    /// Three places, and how many of them count.
    #[inline]
    const fn places(self) -> ([u8; 3], u8) {
        let [a, b, c, n_places] = self.0.to_le_bytes();
        ([a, b, c], n_places)
    }
}

/// The hash of a path: of what a sample has of its core, which is all but a slash at its end, and of whether there is one.
pub fn path(core: &[u8], ends_in_slash: bool, sample: Sample) -> u64 {
    path_folded::<false>(core, ends_in_slash, sample)
}

#[inline]
pub(crate) fn path_folded<const FOLD: bool>(core: &[u8], ends_in_slash: bool, sample: Sample) -> u64 {
    let (places, n_places) = sample.places();
    let hash = match (n_places, core.len().checked_sub(8)) {
        (1.., Some(last)) => {
            let [a, b, c] = places.map(|place| last.min(place.into()));
            let first = two_words::<FOLD>(core, a, last, SECRETS[1]);
            if n_places == 1 { first } else { first.wrapping_add(two_words::<FOLD>(core, b, c, SECRETS[0])) }
        }
        _ => hash_part::<FOLD>(core, 0, core.len()),
    };
    with_slash(hash, ends_in_slash)
}

/// As [`path_folded`], if the sample is of one place and the path not too short, as nearly always.
#[inline]
pub(crate) fn path_by_one_place<const FOLD: bool>(core: &[u8], ends_in_slash: bool, sample: Sample) -> Option<u64> {
    let ([place, ..], n_places) = sample.places();
    if n_places != 1 || core.len() < 8 {
        return None;
    }
    let last = core.len() - 8;
    Some(with_slash(two_words::<FOLD>(core, last.min(place.into()), last, SECRETS[1]), ends_in_slash))
}

/// The hash of the words at two places, and of the length.
#[inline]
fn two_words<const FOLD: bool>(core: &[u8], a: usize, b: usize, secret: u64) -> u64 {
    let (a, b) = (fold_case::<FOLD>(word(core, a)), fold_case::<FOLD>(word(core, b)));
    multiply(b ^ (core.len() as u64).wrapping_mul(STEP), a ^ secret)
}

#[inline]
const fn with_slash(hash: u64, ends_in_slash: bool) -> u64 {
    hash ^ if ends_in_slash { SECRETS[2] } else { 0 }
}

/// Notes the path of a literal pattern, without a slash at its end, in a [filter](crate::table::layout::Section::Filter).
///
/// It is a Bloom filter (Bloom, 1970) of one hash: of the length and the last bytes, in which paths differ most.
pub fn note(filter: &mut [u8], core: &[u8]) {
    let (byte, bit) = place_in_filter::<false>(core, u32::try_from(filter.len()).unwrap_or(u32::MAX));
    if let Some(byte) = filter.get_mut(byte as usize) {
        *byte |= bit;
    }
}

/// Where a filter of so many bytes has a path: a byte, and a bit of it.
#[inline]
pub(crate) fn place_in_filter<const FOLD: bool>(core: &[u8], n_bytes: u32) -> (u32, u8) {
    let last = match core.len().checked_sub(8) {
        Some(at) => word(core, at),
        None => part_of_word(core, 0, core.len()),
    };
    let hash = (fold_case::<FOLD>(last) ^ (core.len() as u64).wrapping_mul(STEP)).wrapping_mul(SECRETS[1]);
    (below(hash >> 32, n_bytes), 1 << (hash >> 28 & 7))
}
