//! Whether a route's pattern matches a path, step by step.

use super::path::{Path, Segments};
use super::segment::Cutter;
use super::sixteen;
use crate::table::hash::{fold_case, part_of_word};
use crate::table::step::{Kind, Step};
use crate::table::{Program, RouteRecord, is_equal};

/// Whether the pattern of a route matches a path.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the one place where it is called often is all that a search does")]
pub(super) fn matches<const FOLD: bool>(route: RouteRecord<'_>, segments: &Segments<'_>) -> bool {
    let (path, program) = (segments.path, route.program());
    // How far in the text, and in the path, which is not behind the core's end.
    let (mut at, mut place) = (0, 0);
    for step in program.steps {
        let step = Step::decode(u32::from_le_bytes(*step));
        if step.kind == Kind::End {
            break;
        }
        if path.core.len() - place < step.run || !equal::<FOLD>(program.behind, at, path.core, place, step.run) {
            return false;
        }
        at += step.run;
        place += step.run;
        match step.kind {
            Kind::Cut | Kind::End => {}
            Kind::CatchAll => return place < path.core.len() || path.ends_in_slash,
            Kind::Param | Kind::Mixed => {
                let end = segments.next_slash(place);
                if end <= place || step.kind == Kind::Mixed && !is_mixed::<FOLD>(program, at, step, path, place..end) {
                    return false;
                }
                place = end;
            }
        }
        at += step.skip;
    }
    is_end::<FOLD>(program, at, path, place)
}

/// Whether a pattern without params is the path.
#[inline]
pub(super) fn is_path<const FOLD: bool>(route: RouteRecord<'_>, path: Path<'_>) -> bool {
    let program = route.program();
    if program.steps.is_empty() { is_end::<FOLD>(program, 0, path, 0) } else { is_escaped_path::<FOLD>(route, path) }
}

/// As [`is_path`], with braces in the pattern.
#[cold]
fn is_escaped_path<const FOLD: bool>(route: RouteRecord<'_>, path: Path<'_>) -> bool {
    matches::<FOLD>(route, &Segments::new(path))
}

#[inline(never)]
fn is_mixed<const FOLD: bool>(
    program: Program<'_>,
    at: usize,
    step: Step,
    path: Path<'_>,
    segment: std::ops::Range<usize>,
) -> bool {
    let pattern = program.text.get(at..at + step.skip).unwrap_or_default();
    Cutter::new(pattern, path.core.get(segment).unwrap_or_default(), FOLD).matches()
}

/// Whether the last of a pattern is what is left of a path. A slash at the end of a path stands apart.
#[inline]
fn is_end<const FOLD: bool>(program: Program<'_>, at: usize, path: Path<'_>, place: usize) -> bool {
    let Some(len) = program.text.len().checked_sub(at) else {
        return false;
    };
    let wants_slash = len > 0 && program.text.last() == Some(&b'/');
    let len = len - usize::from(wants_slash);
    wants_slash == path.ends_in_slash
        && len == path.core.len() - place
        && equal::<FOLD>(program.behind, at, path.core, place, len)
}

/// Whether `len` bytes from a place on are the same in two texts, in ASCII letters of any case if `FOLD`. They are there.
///
/// Most of them are so few that a call of `memcmp` takes longer than this.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it takes a dozen instructions, and a call nearly as many")]
fn equal<const FOLD: bool>(a: &[u8], at_a: usize, b: &[u8], at_b: usize, len: usize) -> bool {
    if len > 16 {
        return equal_long::<FOLD>(a, at_a, b, at_b, len);
    }
    if !FOLD && let (Some(a), Some(b)) = (chunk(a, at_a), chunk(b, at_b)) {
        return u32::from(sixteen::equal(a, b)) | u32::MAX << len == u32::MAX;
    }
    // Near the end: as two words, which overlap.
    let n = len.min(8);
    let word = |bytes: &[u8], at: usize| fold_case::<FOLD>(part_of_word(bytes, at, n));
    word(a, at_a) == word(b, at_b) && word(a, at_a + len - n) == word(b, at_b + len - n)
}

/// As [`equal`], of more than sixteen bytes.
fn equal_long<const FOLD: bool>(a: &[u8], at_a: usize, b: &[u8], at_b: usize, len: usize) -> bool {
    match (a.get(at_a..at_a + len), b.get(at_b..at_b + len)) {
        (Some(a), Some(b)) if FOLD => a.eq_ignore_ascii_case(b),
        (Some(a), Some(b)) => is_equal(a, b),
        _ => false,
    }
}

#[inline]
fn chunk(bytes: &[u8], at: usize) -> Option<&[u8; 16]> {
    bytes.get(at..at.wrapping_add(16))?.first_chunk()
}
