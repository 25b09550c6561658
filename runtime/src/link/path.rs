//! Paths as bytes, `/`-separated and relative to a folder that is opened once.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

/// Cuts a path into its folder (empty at the top) and its last name.
pub(super) fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|&byte| byte == b'/') {
        Some(slash) => (&path[..slash], &path[slash + 1..]),
        None => (&[], path),
    }
}

/// `folder/name`; the name alone in the top folder.
pub(super) fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, name].join(&b'/') }
}

/// Whether `path` lies below `folder`, at any depth.
pub(super) fn is_below(path: &[u8], folder: &[u8]) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.first() == Some(&b'/'))
}

/// Whether `path` is `folder` or lies below it.
pub(super) fn is_at_or_below(path: &[u8], folder: &[u8]) -> bool {
    path == folder || is_below(path, folder)
}

/// The folders above a path, the nearest first, without the top one.
pub(super) fn folders_above(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::successors(Some(split(path).0), |folder| Some(split(folder).0)).take_while(|folder| !folder.is_empty())
}

/// A path as this system has it; none where it can't have such a name.
pub(super) fn to_path(path: &[u8]) -> Option<&Path> {
    #[cfg(unix)]
    let path = Some(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(path));
    #[cfg(not(unix))]
    let path = std::str::from_utf8(path).ok();
    path.map(Path::new)
}

/// Whether a path is relative and goes down only. A path that is not could leave the folder it is opened in.
pub(super) fn stays_inside(path: &[u8]) -> bool {
    // Without a way out of the loop, many bytes are looked at in one step.
    let has_separator = path.iter().fold(false, |any, byte| any | is_separator(*byte));
    !has_separator && (is_plain(path) || path.split(|&byte| byte == b'/').all(|name| !is_special(name)))
}

/// Whether no name in a path can be special, because none of them ends in a dot and there is something in each.
fn is_plain(path: &[u8]) -> bool {
    let may_end_special = |byte: u8| byte == b'.' || byte == b'/';
    let ends = path.iter().zip(path.iter().skip(1));
    let is_any_special = ends.fold(false, |any, (last, next)| any | (*next == b'/' && may_end_special(*last)));
    !is_any_special
        && path.first().is_some_and(|&first| first != b'/')
        && path.last().is_some_and(|&last| !may_end_special(last))
}

fn is_special(name: &[u8]) -> bool {
    matches!(name, b"" | b"." | b"..")
}

fn is_separator(byte: u8) -> bool {
    byte == 0 || cfg!(windows) && matches!(byte, b'\\' | b':')
}

/// The part of a list that lies below `folder`; `path_of` gives an item's path, by which the list is sorted.
pub(super) fn below<'l, T>(sorted: &'l [T], folder: &[u8], path_of: fn(&T) -> &[u8]) -> &'l [T] {
    // Among sorted paths, those that begin with `folder/` lie side by side.
    let start = sorted.partition_point(|item| sorts_before_inside(path_of(item), folder));
    let rest = sorted.get(start..).unwrap_or_default();
    let end = rest.partition_point(|item| is_below(path_of(item), folder));
    rest.get(..end).unwrap_or_default()
}

/// Whether `path` sorts before all that lies below `folder`.
fn sorts_before_inside(path: &[u8], folder: &[u8]) -> bool {
    let (start, rest) = path.split_at(path.len().min(folder.len()));
    start.cmp(folder).then_with(|| rest.first().cmp(&Some(&b'/'))).is_lt()
}

/// Those paths, sorted.
pub(super) fn sorted(paths: &[impl AsRef<[u8]>]) -> Vec<&[u8]> {
    let mut sorted: Vec<&[u8]> = paths.iter().map(AsRef::as_ref).collect();
    sort(&mut sorted);
    sorted
}

/// Sorts paths: all paths that the linker sorts come here, because each place of its own is 5 KB of a host.
pub(super) fn sort(paths: &mut [&[u8]]) {
    paths.sort_unstable();
}

/// A path as people read it: bytes that are not UTF-8 and control characters are percent-encoded.
pub(super) fn show(path: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(path) {
        Ok(text) if !text.contains(char::is_control) => Cow::Borrowed(text),
        _ => Cow::Owned(show_chunks(path)),
    }
}

fn show_chunks(path: &[u8]) -> String {
    let mut shown = String::new();
    for chunk in path.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() {
                escape(c.encode_utf8(&mut [0; 4]).as_bytes(), &mut shown);
            } else {
                shown.push(c);
            }
        }
        escape(chunk.invalid(), &mut shown);
    }
    shown
}

/// Appends the bytes as `%XX` each.
pub(super) fn escape(bytes: &[u8], text: &mut String) {
    for byte in bytes {
        // Writing to a string can't fail.
        let _ = write!(text, "%{byte:02X}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_that_go_down_stay_inside() {
        for path in ["a", "a/b", "..a", "a./b", "a/...", ".../a", "a.", "0", " "] {
            assert!(stays_inside(path.as_bytes()), "{path}");
        }
        for path in ["", "/", "/a", "a/", "a//b", ".", "./a", "a/.", "a/./b", "..", "../a", "a/..", "a/../b", "a\0b"] {
            assert!(!stays_inside(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn what_lies_below_a_folder_is_found_between_its_neighbours() {
        let sorted: &[&[u8]] = &[b"a", b"a-b/c", b"a/b", b"a/b/c", b"a0", b"b/a"];
        assert_eq!(below(sorted, b"a", |path| path), [b"a/b".as_slice(), b"a/b/c"]);
        assert_eq!(below(sorted, b"c", |path| path), [] as [&[u8]; 0]);
    }

    #[test]
    fn folders_above_come_nearest_first() {
        assert_eq!(folders_above(b"a/b/c").collect::<Vec<_>>(), [b"a/b".as_slice(), b"a"]);
        assert_eq!(folders_above(b"a").count(), 0);
    }

    #[test]
    fn a_path_is_shown_on_one_line() {
        assert_eq!(show("å b".as_bytes()), "å b");
        assert_eq!(show(b"a\nb\xff"), "a%0Ab%FF");
    }
}
