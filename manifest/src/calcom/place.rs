//! What the name of a file means in cal.com's manifests and descriptions.

use std::borrow::Cow;

/// The file below the app's folder that `name` stands for in a manifest or in an `items` list; none if it is served by
/// somebody else.
///
/// cal.com serves an app's `static` folder at `/app-store/<folder>/` (once `/api/app-store/<folder>/`), and puts that
/// before names that do not have it; a slash or a `./` at the start changes nothing.
pub(super) fn named_file(folder: &str, name: &str) -> Option<String> {
    if is_url(name) {
        return None;
    }
    let path = name.trim_start_matches("./").trim_start_matches('/');
    if let Some(mounted) = path.strip_prefix("app-store/").or_else(|| path.strip_prefix("api/app-store/")) {
        return below_folder(folder, mounted).map(|rest| format!("static/{rest}"));
    }
    match path {
        "" => None,
        _ if path.starts_with("static/") => Some(path.to_owned()),
        _ => Some(format!("static/{path}")),
    }
}

/// The file below the app's folder that an image in a page's text shows. There, a slash at the start leads to the
/// site's own files, unless the app's folder follows.
pub(super) fn shown_file(folder: &str, source: &str) -> Option<String> {
    let path = source.split(['?', '#']).next().unwrap_or_default();
    let own = !path.starts_with('/') || path.starts_with("/app-store/") || path.starts_with("/api/app-store/");
    if own { named_file(folder, &percent_decoded(path)) } else { None }
}

/// The text that percent signs in an address stand for; as written where they stand for none.
fn percent_decoded(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut decoded = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let (byte, tail) = match (byte, tail) {
            (b'%', [high, low, tail @ ..]) => match hex_byte(*high, *low) {
                Some(decoded) => (decoded, tail),
                None => return Cow::Borrowed(path),
            },
            _ => (byte, tail),
        };
        decoded.push(byte);
        rest = tail;
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(path), Cow::Owned)
}

fn hex_byte(high: u8, low: u8) -> Option<u8> {
    let digit = |it: u8| char::from(it).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// The last part of a folder's path.
pub(super) fn last_part(folder: &str) -> &str {
    folder.rsplit_once('/').map_or(folder, |(_, last)| last)
}

/// The rest of a path below the public folder of apps, if it is in this app's place: its folder, or that folder's name.
fn below_folder<'a>(folder: &str, mounted: &'a str) -> Option<&'a str> {
    [folder, last_part(folder)].into_iter().find_map(|name| mounted.strip_prefix(name)?.strip_prefix('/'))
}

/// Whether a name says itself where it is: `https://...`, `//host/...`, `data:...`.
fn is_url(name: &str) -> bool {
    let scheme = name.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme =
        scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    is_scheme || name.starts_with("//")
}
