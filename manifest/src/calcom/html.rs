//! Images in raw HTML inside Markdown: just enough of HTML to find `<img src>`, comments left out.

use std::ops::Range;

/// The places of all `src` values of `<img>` tags in `html`, without quotes.
pub(super) fn image_sources(html: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = html.get(at..).and_then(|rest| rest.find('<')) {
        at += open;
        let rest = html.get(at..).unwrap_or_default();
        if rest.starts_with("<!--") {
            at += rest.find("-->").unwrap_or(rest.len());
        } else if is_image(rest) {
            let (source, len) = source_of(rest);
            found.extend(source.map(|range| at + range.start..at + range.end));
            at += len;
        } else {
            at += 1;
        }
    }
    found
}

fn is_image(tag: &str) -> bool {
    tag.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("<img"))
        && tag[4..].starts_with(|c: char| c.is_ascii_whitespace() || c == '/')
}

/// The place of the first `src` value in a tag, and the tag's length up to where reading stopped.
fn source_of(tag: &str) -> (Option<Range<usize>>, usize) {
    let mut at = "<img".len();
    loop {
        at = skip(tag, at, |c| c.is_ascii_whitespace() || c == '/');
        let name_end = skip(tag, at, |c| !c.is_ascii_whitespace() && !matches!(c, '=' | '>' | '/'));
        let equals = skip(tag, name_end, |c| c.is_ascii_whitespace());
        let name = &tag[at..name_end];
        if !tag[equals..].starts_with('=') {
            if name.is_empty() {
                return (None, at);
            }
            at = name_end;
            continue;
        }
        let value = skip(tag, equals + 1, |c| c.is_ascii_whitespace());
        let (range, after) = value_at(tag, value);
        if name.eq_ignore_ascii_case("src") {
            return (Some(range), after);
        }
        at = after;
    }
}

/// The place of an attribute's value that begins at `start`, without quotes, and the place after it.
fn value_at(tag: &str, start: usize) -> (Range<usize>, usize) {
    if let Some(quote @ ('"' | '\'')) = tag[start..].chars().next() {
        let end = skip(tag, start + 1, |c| c != quote);
        return (start + 1..end, (end + 1).min(tag.len()));
    }
    let end = skip(tag, start, |c| !c.is_ascii_whitespace() && c != '>');
    (start..end, end)
}

/// The first place from `at` on whose character is not `skipped`.
fn skip(text: &str, at: usize, skipped: impl Fn(char) -> bool) -> usize {
    text[at..].find(|c| !skipped(c)).map_or(text.len(), |len| at + len)
}
