//! What the params of a pattern took of a path, cut only when somebody reads it.

use std::borrow::Cow;
use std::{fmt, str};

use super::segment::find_behind_param;
use crate::table::RouteRecord;

/// The params of a matched path, from the left: name and bytes. Nothing is cut before it is asked for.
#[derive(Clone)]
pub struct Params<'t, 'p> {
    /// What is left of the pattern, from a segment's beginning on; none behind its end.
    pattern: Option<&'t str>,
    /// What is left of the path.
    path: &'p [u8],
    /// What is left of the pattern's current segment and of the path's.
    segment: (&'t str, &'p [u8]),
    ignore_case: bool,
}

impl<'t> RouteRecord<'t> {
    /// The params of a path that this route matched; for another path they mean nothing.
    pub fn params<'p>(self, path: &'p [u8]) -> Params<'t, 'p> {
        Params::new(self.pattern(), path, self.table().ignores_case())
    }
}

impl<'t, 'p> Params<'t, 'p> {
    pub(crate) fn new(pattern: &'t str, path: &'p [u8], ignore_case: bool) -> Self {
        let path = path.strip_prefix(b"/").unwrap_or(path);
        Self { pattern: pattern.strip_prefix('/'), path, segment: ("", b""), ignore_case }
    }

    /// The params of a pattern in a path that it matches, case counting.
    pub fn of(pattern: &'t str, path: &'p [u8]) -> Self {
        Self::new(pattern, path, false)
    }

    /// What the param of that name took; none if the pattern has no such param.
    pub fn get(mut self, name: &str) -> Option<RawParam<'p>> {
        self.find(|(known, _)| *known == name).map(|(_, param)| param)
    }

    fn enter_segment(&mut self) -> Option<()> {
        let pattern = self.pattern?;
        let (segment, rest) = pattern.split_once('/').map_or((pattern, None), |(segment, rest)| (segment, Some(rest)));
        self.pattern = rest;
        if segment.starts_with("{*") {
            self.segment = (segment, self.path);
            return Some(());
        }
        let at = self.path.iter().position(|byte| *byte == b'/');
        let (taken, rest) = self.path.split_at(at.unwrap_or(self.path.len()));
        self.segment = (segment, taken);
        self.path = rest.get(1..).unwrap_or_default();
        Some(())
    }

    /// The next param of the current segment: the literal text before it is skipped, then it takes what it takes.
    fn next_in_segment(&mut self) -> Option<(&'t str, RawParam<'p>)> {
        let (pattern, bytes) = self.segment;
        let (before, name, behind) = split_param(pattern)?;
        let bytes = bytes.get(unescaped_len(before)..).unwrap_or_default();
        let len = match split_param(behind) {
            // Behind the last param of a segment there is only its suffix.
            None => bytes.len().saturating_sub(unescaped_len(behind)),
            Some((between, ..)) => {
                let between = unescape(between);
                find_behind_param(bytes, between.as_bytes(), self.ignore_case).unwrap_or(bytes.len())
            }
        };
        let (taken, rest) = bytes.split_at_checked(len).unwrap_or((bytes, b""));
        self.segment = (behind, rest);
        Some((name.strip_prefix('*').unwrap_or(name), RawParam(taken)))
    }
}

impl<'t, 'p> Iterator for Params<'t, 'p> {
    type Item = (&'t str, RawParam<'p>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(param) = self.next_in_segment() {
                return Some(param);
            }
            self.enter_segment()?;
        }
    }
}

impl fmt::Debug for Params<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

/// Splits a segment's pattern at its first param: the text before it, its name, the text behind it.
fn split_param(pattern: &str) -> Option<(&str, &str, &str)> {
    let mut at = 0;
    loop {
        at += pattern.get(at..)?.find('{')?;
        let behind = pattern.get(at + 1..)?;
        if !behind.starts_with('{') {
            let (name, rest) = behind.split_once('}')?;
            return Some((pattern.get(..at)?, name, rest));
        }
        at += 2;
    }
}

/// The length of literal text once doubled braces are single.
fn unescaped_len(text: &str) -> usize {
    text.len() - text.bytes().filter(|byte| matches!(byte, b'{' | b'}')).count() / 2
}

fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains(['{', '}']) {
        return text.into();
    }
    let mut unescaped = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        unescaped.push(c);
        if matches!(c, '{' | '}') {
            // Its twin.
            chars.next();
        }
    }
    unescaped.into()
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
