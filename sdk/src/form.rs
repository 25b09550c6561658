//! Who asks: a person with a browser, or a client that reads JSON (RFC 9110, section 12.5.1).

use http::HeaderMap;
use http::header::ACCEPT;

/// The form of an answer: an app that has both gives each client the one that it prefers, with `vary: accept`.
///
/// ```
/// use bakehouse_sdk::{Form, testing};
///
/// let request = testing::request("GET", "/guests");
/// assert_eq!(Form::wanted(request.headers()), Form::Json);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A page for a person.
    Page,
    /// JSON for a client.
    Json,
}

impl Form {
    /// The form that the `Accept` header prefers; JSON where it has no preference, as with `*/*`.
    pub fn wanted(headers: &HeaderMap) -> Self {
        let accept = Accept::of(headers);
        let json = accept.quality("application", "json").max(accept.quality("application", "problem+json"));
        if accept.quality("text", "html") > json { Self::Page } else { Self::Json }
    }
}

/// What the `Accept` header of a request says, for who has other forms than a page and JSON.
#[derive(Debug)]
pub struct Accept<'h> {
    ranges: Vec<Range<'h>>,
}

impl<'h> Accept<'h> {
    /// What these headers accept: nothing, if they do not say.
    pub fn of(headers: &'h HeaderMap) -> Self {
        let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
        Self { ranges: values.flat_map(|value| value.split(',')).filter_map(Range::parse).collect() }
    }

    /// The quality of a media type, in thousandths: the closest range counts, not the kindest.
    pub fn quality(&self, kind: &str, subkind: &str) -> u16 {
        let close = self.ranges.iter().filter_map(|range| Some((range.closeness(kind, subkind)?, range.quality)));
        close.max().map_or(0, |(_, quality)| quality)
    }
}

/// One media range of the header.
#[derive(Debug)]
struct Range<'h> {
    kind: &'h str,
    subkind: &'h str,
    /// In thousandths.
    quality: u16,
}

impl<'h> Range<'h> {
    fn parse(text: &'h str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subkind) = parts.next()?.split_once('/')?;
        let quality = parts.find_map(|param| param.strip_prefix("q=").or_else(|| param.strip_prefix("Q=")));
        Some(Self { kind, subkind, quality: quality.map_or(1000, thousandths) })
    }

    /// How closely the range names the media type: 2 for its name, 1 for `kind/*`, 0 for `*/*`.
    fn closeness(&self, kind: &str, subkind: &str) -> Option<u8> {
        match (self.kind, self.subkind) {
            ("*", "*") => Some(0),
            (own, "*") if own.eq_ignore_ascii_case(kind) => Some(1),
            (own, sub) if own.eq_ignore_ascii_case(kind) && sub.eq_ignore_ascii_case(subkind) => Some(2),
            _ => None,
        }
    }
}

/// A quality with at most three decimals; what is not one counts as none at all.
fn thousandths(text: &str) -> u16 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    match (whole, decimals.len()) {
        ("1", 0..=3) => 1000,
        ("0", 0..=3) => format!("{decimals:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_for_who_prefers_html() {
        for (accept, expected) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Form::Page),
            ("text/html", Form::Page),
            ("Text/HTML", Form::Page),
            ("text/*, application/json;q=0.5", Form::Page),
            ("text/html;q=0.9, */*;q=0.1", Form::Page),
            ("text/html;level=1;q=0.7, application/json;q=0.65", Form::Page),
            ("*/*", Form::Json),
            ("", Form::Json),
            ("application/json", Form::Json),
            ("application/problem+json, text/html;q=0.5", Form::Json),
            ("text/html;q=0, */*", Form::Json),
            ("text/html;q=0.5, application/json;q=0.501", Form::Json),
            ("text/html;q=x", Form::Json),
            ("text/html, application/json", Form::Json),
            ("image/*", Form::Json),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, accept.parse().expect("a header's value"))]);
            assert_eq!(Form::wanted(&headers), expected, "{accept}");
        }
        assert_eq!(Form::wanted(&HeaderMap::new()), Form::Json);
    }
}
