//! What names may look like, and stand-ins for those that do not, so that a wrong name is told once and not again in
//! every pattern and place that it is put into.

/// The longest slug, in bytes.
pub(crate) const MAX_SLUG_LEN: usize = 128;
/// The longest alias, in bytes.
pub(crate) const MAX_ALIAS_LEN: usize = 128;

/// Whether a text is `[a-z0-9]` runs joined by single `-`, `_` or `.`.
pub(crate) fn is_slug(text: &str) -> bool {
    let run = |run: &str| !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= MAX_SLUG_LEN && text.split(['-', '_', '.']).all(run)
}

/// The nearest text that is a slug: in lower case, with `-` for every run of other characters. Empty if nothing is left.
pub(crate) fn nearest_slug(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let runs = lower.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit()).filter(|run| !run.is_empty());
    let joined = runs.collect::<Vec<_>>().join("-");
    joined.get(..MAX_SLUG_LEN).unwrap_or(&joined).trim_end_matches('-').to_owned()
}

/// Whether a text is made of unreserved URL bytes (RFC 3986, section 2.3).
pub(crate) fn is_alias(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (1..=MAX_ALIAS_LEN).contains(&text.len()) && text.bytes().all(unreserved)
}

/// The slug as patterns and places have it: one that is not valid as the nearest that is.
pub(super) fn slug_in_paths(slug: &str) -> String {
    if is_slug(slug) {
        return slug.to_owned();
    }
    let near = nearest_slug(slug);
    if near.is_empty() { "app".to_owned() } else { near }
}

/// Whether a name stands in a text, and not as a part of a longer one.
pub(super) fn holds_name(text: &str, name: &str) -> bool {
    let goes_on =
        |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let byte_at = |at: usize| text.as_bytes().get(at).copied();
    text.match_indices(name)
        .any(|(start, _)| !goes_on(start.checked_sub(1).and_then(byte_at)) && !goes_on(byte_at(start + name.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_texts() {
        let cases = [
            ("aliases = [\"zoom\"", "zoom", true),
            ("zoom", "zoom", true),
            ("'zoomvideo'", "zoom", false),
            ("'my-zoom'", "zoom", false),
            ("'my-zoom', 'zoom'", "zoom", true),
        ];
        for (text, name, expected) in cases {
            assert_eq!(holds_name(text, name), expected, "{text}");
        }
    }

    #[test]
    fn slugs() {
        for slug in ["a", "0", "zoom", "google-calendar", "a_b.c-d", &"x".repeat(128)] {
            assert!(is_slug(slug), "{slug}");
            assert_eq!(nearest_slug(slug).len(), slug.len());
        }
        for text in ["", "-a", "a-", "a--b", "a-_b", "A", "zoöm", "a b", "a/b", "@host", &"x".repeat(129)] {
            assert!(!is_slug(text), "{text}");
            assert!(is_slug(&slug_in_paths(text)), "{text}");
        }
    }

    #[test]
    fn aliases() {
        for alias in ["a", "A-b.c_d~e", "-", &"x".repeat(128)] {
            assert!(is_alias(alias), "{alias}");
        }
        for text in ["", "a b", "a/b", "a%20b", "zoöm", "a{b}", &"x".repeat(129)] {
            assert!(!is_alias(text), "{text}");
        }
    }
}
