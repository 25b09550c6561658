//! Percent-encoding.

use std::fmt::Write as _;

/// Puts a path behind a text; slashes stay, and of all else what is unreserved (RFC 3986, section 2.3).
pub(super) fn push_path(text: &mut String, path: &[u8]) {
    for byte in path {
        push_byte(text, *byte, *byte == b'/' || is_unreserved(*byte));
    }
}

/// Puts a part of a path behind a text, in which slashes are no separators.
pub(super) fn push_segment(text: &mut String, segment: &[u8]) {
    for byte in segment {
        push_byte(text, *byte, is_unreserved(*byte));
    }
}

/// Puts what stands beside literal text behind a text: the fewer bytes stay, the less is taken for that text.
pub(super) fn push_piece(text: &mut String, piece: &[u8]) {
    for byte in piece {
        push_byte(text, *byte, byte.is_ascii_alphanumeric());
    }
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

fn push_byte(text: &mut String, byte: u8, stays: bool) {
    if stays {
        text.push(char::from(byte));
    } else {
        // A `String` takes whatever is written to it.
        let _ = write!(text, "%{byte:02X}");
    }
}
