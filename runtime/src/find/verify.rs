//! Whether a route's pattern matches a path, step by step.

use super::path::{Path, Segments};
use super::segment::Cutter;
use super::sixteen;
use crate::table::hash::{fold_case, part_of_word};
use crate::table::step::{Kind, Step};
use crate::table::{Program, RouteRecord, is_equal};

/// Whether the pattern of a route matches a path.
#[inline(never)]
pub(super) fn matches<const FOLD: bool>(route: RouteRecord<'_>, segments: &Segments<'_>) -> bool {
    let (path, Program { steps, text, behind }) = (segments.path(), route.program());
    // How far in the text, and in the path, which is not behind the core's end.
    let (mut at, mut place) = (0, 0);
    for step in steps {
        let Step { run, kind, skip } = Step::decode(u32::from_le_bytes(*step));
        let left = path.core.len() - place;
        if left < run || !equal::<FOLD>(behind, at, path.core, place, run) {
            return false;
        }
        at += run;
        if kind == Kind::PARAM || kind == Kind::MIXED {
            let start = place + run;
            place = segments.next_slash(start);
            if place <= start || kind == Kind::MIXED && !is_mixed::<FOLD>(text, at, skip, path, start..place) {
                return false;
            }
        } else if kind == Kind::CUT {
            place += run;
        } else if kind == Kind::CATCH_ALL {
            return left > run || path.ends_in_slash;
        } else {
            return left == run && (skip != 0) == path.ends_in_slash;
        }
        at += skip;
    }
    steps.is_empty() && is_text::<FOLD>(text, behind, path)
}

/// Whether a pattern without params is the path.
#[inline]
pub(super) fn is_path<const FOLD: bool>(route: RouteRecord<'_>, path: Path<'_>) -> bool {
    let Program { steps, text, behind } = route.program();
    if steps.is_empty() { is_text::<FOLD>(text, behind, path) } else { is_escaped_path::<FOLD>(route, path) }
}

/// As [`is_path`], with braces in the pattern.
#[cold]
fn is_escaped_path<const FOLD: bool>(route: RouteRecord<'_>, path: Path<'_>) -> bool {
    matches::<FOLD>(route, &Segments::new(path))
}

#[inline(never)]
fn is_mixed<const FOLD: bool>(
    text: &[u8],
    at: usize,
    len: usize,
    path: Path<'_>,
    segment: std::ops::Range<usize>,
) -> bool {
    let pattern = text.get(at..at + len).unwrap_or_default();
    Cutter::new(pattern, path.core.get(segment).unwrap_or_default(), FOLD).matches()
}

/// Whether a text is the path, in which a slash at the end stands apart.
#[inline]
fn is_text<const FOLD: bool>(text: &[u8], behind: &[u8], path: Path<'_>) -> bool {
    let len = path.core.len();
    let is_slash = text.len() > len && path.ends_in_slash && text.last() == Some(&b'/');
    text.len() == len + usize::from(path.ends_in_slash)
        && is_slash == path.ends_in_slash
        && equal::<FOLD>(behind, 0, path.core, 0, len)
}

/// Whether `len` bytes from a place on are the same in two texts, in ASCII letters of any case if `FOLD`. They are there.
///
/// Most of them are so few that a call of `memcmp` takes longer than this.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it takes a dozen instructions, and a call nearly as many")]
fn equal<const FOLD: bool>(text: &[u8], at: usize, path: &[u8], place: usize, len: usize) -> bool {
    if FOLD || len > 16 || path.len() < 16 {
        return equal_otherwise::<FOLD>(text, at, path, place, len);
    }
    // The sixteen bytes of the path from the place on, or, near its end, its last, which begin so much before.
    let start = place.min(path.len() - 16);
    let before = place - start;
    match (sixteen_at(text, at.wrapping_sub(before)), sixteen_at(path, start)) {
        (Some(text), Some(path)) => (u32::from(sixteen::equal(text, path)) >> before) | u32::MAX << len == u32::MAX,
        _ => equal_otherwise::<FOLD>(text, at, path, place, len),
    }
}

/// As [`equal`], of any length, in texts of any length.
#[inline(never)]
fn equal_otherwise<const FOLD: bool>(text: &[u8], at: usize, path: &[u8], place: usize, len: usize) -> bool {
    if len <= 16 {
        // As two words, which overlap.
        let n = len.min(8);
        let word = |bytes: &[u8], at: usize| fold_case::<FOLD>(part_of_word(bytes, at, n));
        return word(text, at) == word(path, place) && word(text, at + len - n) == word(path, place + len - n);
    }
    match (text.get(at..at + len), path.get(place..place + len)) {
        (Some(a), Some(b)) if FOLD => a.eq_ignore_ascii_case(b),
        (Some(a), Some(b)) => is_equal(a, b),
        _ => false,
    }
}

#[inline]
fn sixteen_at(bytes: &[u8], at: usize) -> Option<&[u8; 16]> {
    bytes.get(at..)?.first_chunk()
}
