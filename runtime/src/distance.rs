//! How far apart two names are, to tell which one somebody may have meant.

use std::mem;

/// How many bytes have to be inserted, deleted or replaced to make one text of the other.
pub(crate) fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (1..=to.len()).collect();
    for (idx, byte) in from.bytes().enumerate() {
        let (mut diagonal, mut left) = (idx, idx + 1);
        for (cell, other) in row.iter_mut().zip(to.bytes()) {
            left = (diagonal + usize::from(other != byte)).min(left + 1).min(*cell + 1);
            diagonal = mem::replace(cell, left);
        }
    }
    row.last().copied().unwrap_or(from.len())
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distance_counts_bytes() {
        let cases =
            [("", "", 0), ("a", "", 1), ("", "ab", 2), ("zoom", "zoom", 0), ("zomm", "zoom", 1), ("zom", "zoom", 1)];
        for (from, to, expected) in cases {
            assert_eq!(distance(from, to), expected, "{from} to {to}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
