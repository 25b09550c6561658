//! What every page has in common: the frame, the style, escaping.

use std::fmt::{self, Display, Formatter};

use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};

const STYLE: &str = include_str!("style.css");

/// Nothing from elsewhere, no scripts, no frames: what an app's manifest says can't become more than text.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// A page: its title and what stands in its body, which is HTML already.
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) body: String,
}

impl Page {
    /// The answer that shows the page.
    pub(crate) fn into_response(self, status: StatusCode) -> Response {
        let mut response = Response::new(Body::from(self.to_string()));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
        response
    }
}

impl Display for Page {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
            Escaped(&self.title),
            self.body
        )
    }
}

/// Text as HTML text, or as the value of a quoted attribute.
pub(super) struct Escaped<'t>(pub(super) &'t str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (plain, special) = rest.split_at(at);
            f.write_str(plain)?;
            f.write_str(entity(special))?;
            // All five are one byte long.
            rest = special.get(1..).unwrap_or_default();
        }
        f.write_str(rest)
    }
}

fn entity(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'&') => "&amp;",
        Some(b'<') => "&lt;",
        Some(b'>') => "&gt;",
        Some(b'"') => "&quot;",
        _ => "&#39;",
    }
}

/// An app's icon: its picture, or the first letter of its name on a colour of its own.
pub(super) struct Icon<'a> {
    pub(super) href: Option<&'a str>,
    pub(super) name: &'a str,
    pub(super) slug: &'a str,
}

impl Display for Icon<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(href) = self.href {
            return write!(f, "<img class=\"icon\" src=\"{}\" alt=\"\" loading=\"lazy\">", Escaped(href));
        }
        let letter = self.name.chars().find(|c| c.is_alphanumeric()).unwrap_or('?').to_uppercase().to_string();
        // The golden angle sets apart what hashes alike.
        let hue = self.slug.bytes().fold(0_u32, |hue, byte| (hue * 31 + u32::from(byte)) % 360) * 137 % 360;
        write!(f, "<span class=\"icon mono\" style=\"--h:{hue}\" aria-hidden=\"true\">{}</span>", Escaped(&letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        for (text, expected) in [
            ("", ""),
            ("plain \u{e4}", "plain \u{e4}"),
            ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
            ("\" onload=\"", "&quot; onload=&quot;"),
            ("a & b&", "a &amp; b&amp;"),
        ] {
            assert_eq!(Escaped(text).to_string(), expected);
        }
    }
}
