//! What the params of a pattern took of a path, cut only when somebody reads it.

use std::borrow::Cow;
use std::{fmt, slice, str};

use super::path::next_slash;
use super::segment::Cutter;
use crate::table::step::{self, Kind, Step, Steps, split_param};
use crate::table::{Program, RouteRecord};

/// The params of a matched path, from the left: name and bytes. Nothing is cut before it is asked for.
#[derive(Clone)]
pub struct Params<'t, 'p> {
    /// What is left of the pattern.
    pattern: Pattern<'t>,
    path: &'p [u8],
    /// How far in the path.
    at: usize,
    /// The segment with literal text around params that is being cut.
    segment: Option<Cutter<'t, 'p>>,
    ignore_case: bool,
}

/// The steps of a pattern that are left, and the text behind those that were taken.
#[derive(Clone)]
struct Pattern<'t> {
    steps: Source<'t>,
    text: &'t [u8],
}

#[derive(Clone)]
enum Source<'t> {
    Baked(slice::Iter<'t, [u8; 4]>),
    Text(Steps<'t>),
}

impl<'t> Pattern<'t> {
    /// The next step, and the text that stands for what it takes.
    #[inline]
    fn next(&mut self) -> Option<(Step, &'t [u8])> {
        let step = match &mut self.steps {
            Source::Baked(words) => Step::decode(u32::from_le_bytes(*words.next()?)),
            Source::Text(steps) => steps.next()?,
        };
        let (taken, behind) = self.text.get(step.run..)?.split_at_checked(step.skip)?;
        self.text = behind;
        Some((step, taken))
    }
}

impl<'t> RouteRecord<'t> {
    /// The params of a path that this route matched; for another path they mean nothing.
    pub fn params<'p>(self, path: &'p [u8]) -> Params<'t, 'p> {
        let Program { steps, text, .. } = self.program();
        let pattern = Pattern { steps: Source::Baked(steps.iter()), text };
        Params { pattern, path, at: 0, segment: None, ignore_case: self.table().ignores_case() }
    }
}

impl<'t, 'p> Params<'t, 'p> {
    /// The params of a pattern in a path that it matches, case counting.
    pub fn of(pattern: &'t str, path: &'p [u8]) -> Self {
        let pattern = Pattern { steps: Source::Text(step::steps(pattern)), text: pattern.as_bytes() };
        Self { pattern, path, at: 0, segment: None, ignore_case: false }
    }

    /// The names of a pattern's params, from the left.
    ///
    /// ```
    /// use bakehouse_runtime::find::Params;
    ///
    /// assert!(Params::names("/users/{id}/{name}.{ending}/{{x}}/{*rest}").eq(["id", "name", "ending", "rest"]));
    /// ```
    pub fn names(pattern: &'t str) -> impl Iterator<Item = &'t str> {
        // Whatever the path is, the names stand in the pattern; those beside literal text are only cut with it.
        pattern.split('/').flat_map(param_names)
    }

    /// What the param of that name took; none if the pattern has no such param.
    pub fn get(mut self, name: &str) -> Option<RawParam<'p>> {
        self.find_map(|(known, param)| (known == name).then_some(param))
    }

    #[inline]
    fn take_segment(&mut self) -> &'p [u8] {
        let end = next_slash(self.path, self.at);
        let segment = self.path.get(self.at..end).unwrap_or_default();
        self.at = end;
        segment
    }
}

/// The names of the params in a segment.
fn param_names(mut segment: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (_, name, behind) = split_param(segment.as_bytes())?;
        let text = |bytes| str::from_utf8(bytes).ok();
        let (name, rest) = (text(name)?, text(behind)?);
        segment = rest;
        Some(name.strip_prefix('*').unwrap_or(name))
    })
}

impl<'t, 'p> Iterator for Params<'t, 'p> {
    type Item = (&'t str, RawParam<'p>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let named = |name, taken| Some((str::from_utf8(name).unwrap_or_default(), RawParam(taken)));
        loop {
            if let Some(cutter) = &mut self.segment {
                match cutter.next() {
                    Some((name, taken)) => return named(name, taken),
                    None => self.segment = None,
                }
            }
            let (step, text) = self.pattern.next()?;
            self.at += step.run;
            let name = |braces: usize| text.get(braces..text.len().saturating_sub(1)).unwrap_or_default();
            match step.kind {
                Kind::PARAM => return named(name("{".len()), self.take_segment()),
                Kind::CATCH_ALL => return named(name("{*".len()), self.path.get(self.at..).unwrap_or_default()),
                Kind::MIXED => self.segment = Some(Cutter::new(text, self.take_segment(), self.ignore_case)),
                _ => {}
            }
        }
    }
}

impl fmt::Debug for Params<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

/// What one param took of a path, as the client sent it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RawParam<'p>(&'p [u8]);

impl<'p> RawParam<'p> {
    /// The bytes, nothing decoded.
    pub fn raw(self) -> &'p [u8] {
        self.0
    }

    /// The text, percent-encoding decoded. A `%` without two hexadecimal digits behind it stands for itself.
    ///
    /// # Errors
    /// If the decoded bytes are not UTF-8.
    pub fn decode(self) -> Result<Cow<'p, str>, DecodeError> {
        if !self.0.contains(&b'%') {
            return str::from_utf8(self.0).map(Cow::Borrowed).map_err(DecodeError);
        }
        String::from_utf8(percent_decode(self.0)).map(Cow::Owned).map_err(|error| DecodeError(error.utf8_error()))
    }
}

impl fmt::Debug for RawParam<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

fn percent_decode(mut bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    while let Some((first, rest)) = bytes.split_first() {
        let byte = if *first == b'%' { rest.first_chunk().copied().and_then(hex_byte) } else { None };
        decoded.push(byte.unwrap_or(*first));
        bytes = rest.get(if byte.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    decoded
}

fn hex_byte([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

/// A param that is not UTF-8 once decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError(str::Utf8Error);

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("param is not valid UTF-8")
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
