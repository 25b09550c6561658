//! From the path of a request to a path below the public folder: decoded once, and refused unless every part of it
//! is a plain name.

use std::path::PathBuf;

use percent_encoding::percent_decode;

/// The path below the public folder that a request's path names, `/`-separated, as a link plan has it; none for a path
/// that may not name a file.
///
/// Refused are: dotfiles, `.` and `..`, empty parts (so folders too), an encoded slash, a backslash, NUL, a `%` that
/// does not begin an escape, and on Windows whatever means more than a name.
pub(crate) fn relative(path: &str) -> Option<Vec<u8>> {
    let parts: Option<Vec<Vec<u8>>> = path.strip_prefix('/')?.split('/').map(part).collect();
    parts.map(|parts| parts.join(&b'/'))
}

/// The bytes of a plan or of [`relative`] as a path of this system; none where it can't have such a name.
pub(crate) fn to_path(bytes: &[u8]) -> Option<PathBuf> {
    #[cfg(unix)]
    let path = Some(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes));
    #[cfg(not(unix))]
    let path = std::str::from_utf8(bytes).ok();
    path.map(PathBuf::from)
}

fn part(raw: &str) -> Option<Vec<u8>> {
    let name: Vec<u8> = is_escaped_well(raw).then(|| percent_decode(raw.as_bytes()).collect())?;
    is_plain(&name).then_some(name)
}

/// Whether two hexadecimal digits follow every `%`: the decoder would leave such a `%` alone, and two paths would
/// name one file.
fn is_escaped_well(raw: &str) -> bool {
    raw.split('%').skip(1).all(|rest| rest.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)))
}

/// Whether the decoded part is the name of a file or folder that is meant to be seen.
fn is_plain(name: &[u8]) -> bool {
    let hidden = name.first().is_none_or(|first| *first == b'.');
    !hidden && !name.iter().any(|byte| matches!(byte, 0 | b'/' | b'\\')) && means_itself(name)
}

/// On Windows `C:`, `name:stream`, `name.`, `name ` and the devices mean something other than a file of that name.
#[cfg(windows)]
fn means_itself(name: &[u8]) -> bool {
    const DEVICES: [&[u8]; 6] = [b"con", b"prn", b"aux", b"nul", b"com", b"lpt"];
    let stem = name.split(|byte| *byte == b'.').next().unwrap_or_default().to_ascii_lowercase();
    let device = match stem.as_slice() {
        [first @ .., digit] if stem.len() == 4 && digit.is_ascii_digit() => first,
        all => all,
    };
    !DEVICES.contains(&device) && !name.contains(&b':') && !matches!(name.last(), Some(b'.' | b' '))
}

#[cfg(not(windows))]
fn means_itself(_name: &[u8]) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_decoded_once() {
        for (path, expected) in [
            ("/icon.svg", "icon.svg"),
            ("/app-assets/zoom/icon.svg", "app-assets/zoom/icon.svg"),
            ("/a%20b/%C3%A4.txt", "a b/\u{e4}.txt"),
            ("/100%25", "100%"),
            ("/%252e%252e/x", "%2e%2e/x"),
            ("/a..b/c.", "a..b/c."),
        ] {
            assert_eq!(relative(path), Some(expected.as_bytes().to_vec()), "{path}");
        }
    }

    #[test]
    fn anything_else_names_no_file() {
        for path in [
            "",
            "x",
            "*",
            "/",
            "//",
            "/a/",
            "/a//b",
            "/.",
            "/..",
            "/../x",
            "/a/../b",
            "/a/./b",
            "/%2e%2e/x",
            "/%2E%2e",
            "/.git/config",
            "/a/.env",
            "/%2eenv",
            "/a%2Fb",
            "/a%2fb",
            "/a%5cb",
            "/a\\b",
            "/a%00",
            "/a%",
            "/a%2",
            "/a%zz",
        ] {
            assert_eq!(relative(path), None, "{path}");
        }
    }
}
