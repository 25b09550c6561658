//! Matches one segment of a path against literal text around params, and cuts the params.

use crate::table::step::split_param;

/// Literal text of a pattern, in which braces are doubled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Literal<'t>(pub(super) &'t [u8]);

impl<'t> Literal<'t> {
    /// How many bytes it has once doubled braces are single.
    pub(super) fn len(self) -> usize {
        self.0.len() - self.0.iter().filter(|byte| matches!(byte, b'{' | b'}')).count() / 2
    }

    /// The bytes, doubled braces made single.
    fn bytes(self) -> impl Iterator<Item = u8> + use<'t> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let (byte, behind) = left.split_first()?;
            left = if matches!(byte, b'{' | b'}') { behind.get(1..).unwrap_or_default() } else { behind };
            Some(*byte)
        })
    }

    /// Whether `bytes` begins with it.
    pub(super) fn begins(self, bytes: &[u8], ignore_case: bool) -> bool {
        let mut bytes = bytes.iter();
        let is_equal = |a: u8, b: u8| a == b || ignore_case && a.eq_ignore_ascii_case(&b);
        self.bytes().all(|byte| bytes.next().is_some_and(|other| is_equal(byte, *other)))
    }

    /// Where it first occurs behind a param of one byte or more.
    fn find_behind_param(self, bytes: &[u8], ignore_case: bool) -> Option<usize> {
        (1..bytes.len()).find(|at| self.begins(bytes.get(*at..).unwrap_or_default(), ignore_case))
    }
}

/// Cuts the params of a segment from the left, each as short as it can be, at least a byte. A piece between two params is
/// taken where it first occurs, which leaves the most for the rest, so that no other cut needs trying.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cutter<'t, 'p> {
    /// What is left of the segment's pattern.
    pattern: &'t [u8],
    /// What is left of the segment.
    bytes: &'p [u8],
    ignore_case: bool,
}

impl<'t, 'p> Cutter<'t, 'p> {
    pub(super) fn new(pattern: &'t [u8], bytes: &'p [u8], ignore_case: bool) -> Self {
        Self { pattern, bytes, ignore_case }
    }

    /// The next param, its name and what it takes; none where the segment is not as its pattern says, or is at its end.
    pub(super) fn next(&mut self) -> Option<(&'t [u8], &'p [u8])> {
        let (before, name, behind) = split_param(self.pattern)?;
        let before = Literal(before);
        if !before.begins(self.bytes, self.ignore_case) {
            return None;
        }
        let bytes = self.bytes.get(before.len()..)?;
        let len = match split_param(behind) {
            Some((between, ..)) => Literal(between).find_behind_param(bytes, self.ignore_case)?,
            // Behind the last param of a segment there is only its suffix.
            None => bytes.len().checked_sub(Literal(behind).len())?,
        };
        let (taken, rest) = bytes.split_at_checked(len)?;
        (self.pattern, self.bytes) = (behind, rest);
        (!taken.is_empty()).then_some((name, taken))
    }

    /// Whether the segment is as its pattern says.
    pub(super) fn matches(mut self) -> bool {
        while split_param(self.pattern).is_some() {
            if self.next().is_none() {
                return false;
            }
        }
        Literal(self.pattern).len() == self.bytes.len() && Literal(self.pattern).begins(self.bytes, self.ignore_case)
    }
}
