//! The answers that most apps give: a page in the look that they share, or a whole body of some type.

use std::fmt::{self, Display, Formatter};

use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};

use crate::{Body, Response};

const STYLE: &str = include_str!("page.css");

/// What a page may do: nothing from elsewhere, no scripts, no frames. What somebody else wrote, and a page shows, can't
/// become more than text.
pub const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// A page with a heading, an icon and the shared style; `icon` is a path on this host, `body` the HTML below the heading.
///
/// The style knows plain HTML, `ul.list` and `.soft`. What an app puts into `body` that is not its own goes through
/// [`Escaped`].
///
/// ```
/// use bakehouse_sdk::page::{Escaped, page};
///
/// let answer = page("Guests", "/app-assets/guests/icon.svg", format_args!("<p>{}</p>", Escaped("<b> & Co")));
/// let text = str::from_utf8(answer.body().as_bytes().unwrap()).unwrap();
/// assert!(text.contains("<p>&lt;b&gt; &amp; Co</p>"));
/// ```
pub fn page(title: &str, icon: &str, body: impl Display) -> Response {
    let (title, icon) = (Escaped(title), Escaped(icon));
    let text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<link rel=\"icon\" href=\"{icon}\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n\
         <h1><img src=\"{icon}\" alt=\"\" width=\"40\" height=\"40\">{title}</h1>\n{body}</html>\n"
    );
    let mut response = answer("text/html; charset=utf-8", text);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    response
}

/// An answer of that media type, with the status 200.
///
/// # Panics
///
/// If the media type is not a header's value.
pub fn answer(media_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// Text as HTML text, or as the value of a quoted attribute.
#[derive(Debug, Clone, Copy)]
pub struct Escaped<'t>(pub &'t str);

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

    #[test]
    fn a_page_escapes_its_title_and_runs_no_scripts() {
        let response = page("a < b", "/a?b&c", "<p>c</p>\n");
        assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
        let text = str::from_utf8(response.body().as_bytes().unwrap()).unwrap();
        for part in ["<title>a &lt; b</title>", "src=\"/a?b&amp;c\"", "a &lt; b</h1>\n<p>c</p>\n</html>"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
