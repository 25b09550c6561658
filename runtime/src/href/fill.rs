//! A pattern and the values of its params to an address that the pattern matches.

use std::borrow::Cow;
use std::fmt::Display;

use super::encode::{push_path, push_piece, push_segment};
use super::error::Kind;
use super::{Href, HrefError};
use crate::find::Params;
use crate::table::step::split_param;

/// The address that a pattern matches with these values of its params; values of other names are not looked at.
///
/// 1. A param is one segment, and a slash in its value is encoded; a catch-all keeps slashes.
/// 2. What is not unreserved (RFC 3986, section 2.3) is percent-encoded, and beside literal text in the same segment
///    whatever is not a letter or a digit.
/// 3. The pattern takes the values back out of the address, or there is none: a value may not be empty, nor be or contain a
///    segment `.` or `..`, which clients leave out of paths.
///
/// ```
/// use bakehouse_runtime::href::fill;
///
/// assert_eq!(fill("/users/{id}", &[("id", 7)]).unwrap().as_str(), "/users/7");
/// assert_eq!(fill("/{a}-{b}/{*rest}", &[("a", "x-y"), ("b", "z"), ("rest", "p/q r")]).unwrap().as_str(), "/x%2Dy-z/p/q%20r");
/// assert!(fill("/users/{id}", &[("id", "")]).unwrap_err().is_value());
/// ```
///
/// # Errors
/// If a param has no value, or one that could not be taken back.
pub fn fill<V: Display>(pattern: &str, params: &[(&str, V)]) -> Result<Href, HrefError> {
    let mut filling = Filling { pattern, params, href: String::with_capacity(pattern.len()), taken: Vec::new() };
    for (idx, segment) in pattern.split('/').enumerate() {
        if idx > 0 {
            filling.href.push('/');
        }
        filling.segment(segment)?;
    }
    filling.take_back()?;
    Ok(Href(Cow::Owned(filling.href)))
}

struct Filling<'a, V> {
    pattern: &'a str,
    params: &'a [(&'a str, V)],
    href: String,
    /// What was put in for each param, from the left: its name, its value, and where the encoded value is.
    taken: Vec<(&'a str, String, std::ops::Range<usize>)>,
}

impl<'a, V: Display> Filling<'a, V> {
    fn segment(&mut self, segment: &'a str) -> Result<(), HrefError> {
        let mut rest = segment;
        while let Some((before, name, behind)) = split(rest) {
            self.literal(before);
            let is_whole = rest.len() == segment.len() && before.is_empty() && behind.is_empty();
            self.param(name, is_whole)?;
            rest = behind;
        }
        self.literal(rest);
        Ok(())
    }

    /// Braces that are meant as themselves are doubled in a pattern. All else is written as paths have it.
    fn literal(&mut self, text: &str) {
        self.href.push_str(&text.replace("{{", "{").replace("}}", "}"));
    }

    fn param(&mut self, name: &'a str, is_whole: bool) -> Result<(), HrefError> {
        let (name, push): (_, fn(&mut String, &[u8])) = match name.strip_prefix('*') {
            Some(name) if is_whole => (name, push_path),
            _ if is_whole => (name, push_segment),
            _ => (name, push_piece),
        };
        let Some((_, value)) = self.params.iter().find(|(known, _)| *known == name) else {
            return Err(HrefError::new(Kind::MissingParam { pattern: self.pattern.to_owned(), name: name.to_owned() }));
        };
        let value = value.to_string();
        let start = self.href.len();
        push(&mut self.href, value.as_bytes());
        self.taken.push((name, value, start..self.href.len()));
        Ok(())
    }

    /// Checks that the pattern cuts the address as it was put together.
    fn take_back(&self) -> Result<(), HrefError> {
        let mut params = Params::of(self.pattern, self.href.as_bytes());
        for (name, value, range) in &self.taken {
            let encoded = self.href.get(range.clone()).unwrap_or_default();
            let same = params.next().is_some_and(|(known, raw)| known == *name && raw.raw() == encoded.as_bytes());
            if !same || encoded.is_empty() || self.has_dots(range) {
                let (pattern, name) = (self.pattern.to_owned(), (*name).to_owned());
                return Err(HrefError::new(Kind::Value { pattern, name, value: value.clone() }));
            }
        }
        Ok(())
    }

    /// Whether a segment that the range has a part in is one which clients leave out. Beside literal text dots are
    /// encoded, which clients see through.
    fn has_dots(&self, range: &std::ops::Range<usize>) -> bool {
        let start = self.href.get(..range.start).and_then(|before| before.rfind('/')).map_or(0, |slash| slash + 1);
        let end =
            self.href.get(range.end..).and_then(|behind| behind.find('/')).map_or(self.href.len(), |n| range.end + n);
        let mut segments = self.href.get(start..end).unwrap_or_default().split('/');
        segments.any(|segment| matches!(segment.replace("%2E", ".").as_str(), "." | ".."))
    }
}

/// [`split_param`] of a text; it cuts at braces, so that each part is one.
fn split(segment: &str) -> Option<(&str, &str, &str)> {
    let (before, name, behind) = split_param(segment.as_bytes())?;
    let text = |bytes| std::str::from_utf8(bytes).ok();
    Some((text(before)?, text(name)?, text(behind)?))
}

#[cfg(test)]
mod tests {
    use super::fill;

    /// Names and values.
    type Given = &'static [(&'static str, &'static str)];

    #[test]
    fn values_are_encoded_as_their_place_needs() {
        let cases: &[(&str, Given, &str)] = &[
            ("/plain", &[], "/plain"),
            ("/", &[], "/"),
            ("/{id}", &[("id", "a b")], "/a%20b"),
            ("/{id}/x/", &[("id", "a/b?c#d%")], "/a%2Fb%3Fc%23d%25/x/"),
            ("/{id}", &[("id", "\u{e4}.~_-")], "/%C3%A4.~_-"),
            ("/x/{*rest}", &[("rest", "a/b c/")], "/x/a/b%20c/"),
            ("/{text}.svg", &[("text", "a.svg")], "/a%2Esvg.svg"),
            ("/{a}-{b}-{c}", &[("a", "1-2"), ("b", "3"), ("c", "4-")], "/1%2D2-3-4%2D"),
            ("/{base}...{head}", &[("base", "v1..v2"), ("head", "v3")], "/v1%2E%2Ev2...v3"),
            ("/{name}:cancel", &[("name", "a:cancel")], "/a%3Acancel:cancel"),
            ("/{{x}}/{id}", &[("id", "7")], "/{x}/7"),
            ("/a{{{id}}}", &[("id", "7")], "/a{7}"),
            ("/{booking-id}", &[("other", "x"), ("booking-id", "7")], "/7"),
        ];
        for (pattern, params, expected) in cases {
            assert_eq!(fill(pattern, params).expect("has an address").as_str(), *expected, "{pattern}");
        }
    }

    #[test]
    fn a_value_that_cannot_be_taken_back_gives_no_address() {
        let cases: &[(&str, Given)] = &[
            ("/{id}", &[("id", "")]),
            ("/{id}", &[("id", ".")]),
            ("/{id}/x", &[("id", "..")]),
            ("/{*rest}", &[("rest", "")]),
            ("/{*rest}", &[("rest", "a/../b")]),
            ("/{a}.{b}", &[("a", ""), ("b", "x")]),
            // Letters stay, so that what is between the params would be found too early.
            ("/{a}x{b}", &[("a", "1x2"), ("b", "3")]),
            (".{a}", &[("a", ".")]),
        ];
        for (pattern, params) in cases {
            let error = fill(pattern, params).expect_err(pattern);
            assert!(error.is_value(), "{pattern}: {error}");
        }
    }

    #[test]
    fn a_param_without_a_value_is_named() {
        let error = fill("/{a}/{b}", &[("a", "1")]).expect_err("has no `b`");
        assert_eq!(error.to_string(), "param `b` of `/{a}/{b}` has no value");
    }
}
