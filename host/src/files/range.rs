//! The `Range` header: which bytes of a file are asked for (RFC 9110, section 14).

/// What a `Range` header asks of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All of it: no range, one that is malformed or in another unit, or several.
    Whole,
    /// The bytes from `first` to `last`, both included.
    Part {
        /// The first byte.
        first: u64,
        /// The last byte; never before the first, always within the file.
        last: u64,
    },
    /// Bytes that the file does not have.
    Beyond,
}

/// What the header asks of a file of `len` bytes.
///
/// Several ranges get the whole file, as the standard allows: an answer in parts costs more than it saves.
pub(crate) fn wanted(header: &str, len: u64) -> Wanted {
    parse(header).map_or(Wanted::Whole, |range| range.of(len))
}

enum Range {
    FromTo(u64, u64),
    Last(u64),
}

impl Range {
    fn of(self, len: u64) -> Wanted {
        match self {
            Self::FromTo(first, last) if first < len => Wanted::Part { first, last: last.min(len - 1) },
            // An empty file has no last bytes, and no range that could be named in the answer.
            Self::Last(n) if n > 0 && len == 0 => Wanted::Whole,
            Self::Last(n) if n > 0 => Wanted::Part { first: len.saturating_sub(n), last: len - 1 },
            Self::FromTo(..) | Self::Last(_) => Wanted::Beyond,
        }
    }
}

/// The one range of the header; none if there are several or it is malformed.
fn parse(header: &str) -> Option<Range> {
    let (unit, set) = header.split_once('=')?;
    let (first, last) = set.trim().split_once('-')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    match (first.trim(), last.trim()) {
        ("", n) => number(n).map(Range::Last),
        (first, "") => Some(Range::FromTo(number(first)?, u64::MAX)),
        (first, last) => {
            Some((number(first)?, number(last)?)).filter(|(a, b)| a <= b).map(|(a, b)| Range::FromTo(a, b))
        }
    }
}

/// A number of digits alone. One beyond `u64` is as good as the largest: no file is that long.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let part = |first, last| Wanted::Part { first, last };
        for (header, len, expected) in [
            ("bytes=0-0", 10, part(0, 0)),
            ("bytes=2-5", 10, part(2, 5)),
            ("Bytes = 2-5", 10, part(2, 5)),
            ("bytes=7-", 10, part(7, 9)),
            ("bytes=7-99", 10, part(7, 9)),
            ("bytes=7-99999999999999999999999", 10, part(7, 9)),
            ("bytes=-3", 10, part(7, 9)),
            ("bytes=-30", 10, part(0, 9)),
            ("bytes=-0", 10, Wanted::Beyond),
            ("bytes=10-", 10, Wanted::Beyond),
            ("bytes=99999999999999999999999-", 10, Wanted::Beyond),
            ("bytes=0-", 0, Wanted::Beyond),
            ("bytes=-5", 0, Wanted::Whole),
            ("bytes=5-2", 10, Wanted::Whole),
            ("bytes=1-2,4-5", 10, Wanted::Whole),
            ("bytes=-", 10, Wanted::Whole),
            ("bytes=a-b", 10, Wanted::Whole),
            ("bytes=+1-2", 10, Wanted::Whole),
            ("bytes", 10, Wanted::Whole),
            ("lines=1-2", 10, Wanted::Whole),
        ] {
            assert_eq!(wanted(header, len), expected, "{header} of {len}");
        }
    }
}
