//! Paths to look up: shuffled hits, and misses that are like them.

/// Numbers that are the same in each run.
pub(super) struct Shuffle(u64);

impl Shuffle {
    pub(super) fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    /// A number below `limit`, by xorshift.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % limit.max(1)
    }

    /// `n` of the paths at random: with repeats, so that a small set is not always walked in the same order.
    pub(super) fn sample<'a>(&mut self, paths: &[&'a str], n: usize) -> Vec<&'a str> {
        (0..n).filter_map(|_| paths.get(self.below(paths.len())).copied()).collect()
    }
}

/// Paths like this one that may match nothing: a segment is longer by a letter, from the first to the last, or there is
/// one more of them.
pub(super) fn near(path: &str) -> impl Iterator<Item = String> {
    let ends = path.match_indices('/').map(|(at, _)| at).skip(1).chain([path.len()]);
    let longer = ends.map(|end| {
        let (front, back) = path.split_at(end);
        format!("{front}x{back}")
    });
    let mut longer: Vec<String> = longer.collect();
    // Not always the first segment, which would end every search at once.
    let turn = path.len() % longer.len().max(1);
    longer.rotate_left(turn);
    longer.into_iter().chain([format!("{path}/x")])
}
