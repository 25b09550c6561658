//! Whether a route's pattern matches a path, step by step.

use super::segment::Cutter;
use super::segments::{Path, Segments};
use crate::table::RouteRecord;
use crate::table::hash::words_of_short;
use crate::table::step::{Kind, Step};

/// Whether the pattern of a route matches a path.
#[inline]
pub(super) fn matches<const FOLD: bool>(route: RouteRecord<'_>, path: Path<'_>, segments: &Segments<'_>) -> bool {
    verify::<FOLD>(route.program(), path, |segment| segments.end(segment))
}

/// Whether the pattern of a route is literal and is the path.
#[inline]
pub(super) fn is_path<const FOLD: bool>(route: RouteRecord<'_>, path: Path<'_>) -> bool {
    let (steps, text) = route.program();
    if steps.is_empty() {
        is_end::<FOLD>(text, path.core, path.ends_in_slash)
    } else {
        is_escaped_path::<FOLD>(route, path)
    }
}

/// As [`is_path`], with braces in the pattern.
#[cold]
fn is_escaped_path<const FOLD: bool>(route: RouteRecord<'_>, path: Path<'_>) -> bool {
    verify::<FOLD>(route.program(), path, |_| 0)
}

/// `end` gives the end of a segment.
#[inline]
fn verify<const FOLD: bool>(
    (steps, mut text): (&[[u8; 4]], &[u8]),
    path: Path<'_>,
    end: impl Fn(usize) -> usize,
) -> bool {
    if steps.is_empty() {
        return is_end::<FOLD>(text, path.core, path.ends_in_slash);
    }
    let (mut left, mut n_slashes) = (path.core, 0);
    for step in steps {
        let step = Step::decode(u32::from_le_bytes(*step));
        let Some((run, behind)) = text.split_at_checked(step.run) else {
            return false;
        };
        if step.kind == Kind::End {
            return is_end::<FOLD>(run, left, path.ends_in_slash);
        }
        let Some((taken, behind_taken)) = left.split_at_checked(step.run) else {
            return false;
        };
        if !equal::<FOLD>(taken, run) {
            return false;
        }
        left = behind_taken;
        n_slashes += step.slashes;
        match step.kind {
            Kind::Cut | Kind::End => {}
            Kind::CatchAll => return !left.is_empty() || path.ends_in_slash,
            Kind::Param | Kind::Mixed => {
                // Behind the n-th slash is the segment before the next.
                let end = end(n_slashes.wrapping_sub(1));
                let at = path.core.len() - left.len();
                let Some((segment, behind_segment)) = left.split_at_checked(end.wrapping_sub(at)) else {
                    return false;
                };
                if segment.is_empty() || step.kind == Kind::Mixed && !is_mixed::<FOLD>(behind, step, segment) {
                    return false;
                }
                left = behind_segment;
            }
        }
        text = behind.get(step.skip..).unwrap_or_default();
    }
    false
}

#[cold]
fn is_mixed<const FOLD: bool>(text: &[u8], step: Step, segment: &[u8]) -> bool {
    Cutter::new(text.get(..step.skip).unwrap_or_default(), segment, FOLD).matches()
}

/// Whether the last run of a pattern is what is left of a path. A slash at the end of a path stands apart.
#[inline]
fn is_end<const FOLD: bool>(run: &[u8], left: &[u8], ends_in_slash: bool) -> bool {
    let (run, wants_slash) = match run.split_last() {
        Some((b'/', run)) => (run, true),
        _ => (run, false),
    };
    wants_slash == ends_in_slash && run.len() == left.len() && equal::<FOLD>(left, run)
}

/// Whether two texts of one length are the same, in ASCII letters of any case if `FOLD`.
///
/// Most of them are so short that a call of `memcmp` takes longer than this.
#[inline]
fn equal<const FOLD: bool>(a: &[u8], b: &[u8]) -> bool {
    if FOLD {
        return a.eq_ignore_ascii_case(b);
    }
    if let (Some(last_a), Some(last_b)) = (a.last_chunk::<16>(), b.last_chunk::<16>()) {
        let (pairs_a, pairs_b) = (a.as_chunks::<16>().0, b.as_chunks::<16>().0);
        return last_a == last_b && pairs_a.iter().zip(pairs_b).all(|(a, b)| a == b);
    }
    words_of_short(a) == words_of_short(b)
}
