//! Matches one path segment against literal text around params.

/// Whether `segment` is the pieces with one byte or more between each two of them. A piece between two params is taken
/// where it first occurs (leftmost-shortest), which leaves the most for the rest, so that no other cut needs trying.
pub(crate) fn matches<'t>(
    mut pieces: impl DoubleEndedIterator<Item = &'t [u8]>,
    segment: &[u8],
    ignore_case: bool,
) -> bool {
    let (Some(prefix), Some(suffix)) = (pieces.next(), pieces.next_back()) else {
        return false;
    };
    let Some((head, tail)) = segment.split_at_checked(prefix.len()) else {
        return false;
    };
    let Some((mut between, end)) = tail.len().checked_sub(suffix.len()).and_then(|at| tail.split_at_checked(at)) else {
        return false;
    };
    if !equal(head, prefix, ignore_case) || !equal(end, suffix, ignore_case) {
        return false;
    }
    for piece in pieces {
        let Some(at) = find_behind_param(between, piece, ignore_case) else {
            return false;
        };
        between = between.get(at + piece.len()..).unwrap_or_default();
    }
    !between.is_empty()
}

/// Where `piece` first occurs behind a param of one byte or more.
pub(crate) fn find_behind_param(bytes: &[u8], piece: &[u8], ignore_case: bool) -> Option<usize> {
    let windows = bytes.get(1..)?.windows(piece.len().max(1));
    windows.into_iter().position(|window| equal(window, piece, ignore_case)).map(|at| at + 1)
}

/// Whether two texts are the same, in ASCII letters of any case if it is ignored.
pub(crate) fn equal(bytes: &[u8], text: &[u8], ignore_case: bool) -> bool {
    if ignore_case { bytes.eq_ignore_ascii_case(text) } else { bytes == text }
}
