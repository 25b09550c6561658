//! The pictures that `[metadata]` names: `icon`, `logo`, `images` and `screenshots`.

use toml::de::DeValue;

use super::reader::{Value, spanned};
use super::table::Table;
use crate::{Reference, Spanned};

/// The keys whose values name pictures, and how messages name each.
const KEYS: [(&str, &str); 4] =
    [("icon", "`icon`"), ("logo", "`logo`"), ("images", "`images`"), ("screenshots", "`screenshots`")];

const EXTENSIONS: [&str; 8] = ["svg", "png", "jpg", "jpeg", "gif", "webp", "avif", "ico"];

/// The pictures that are files of the app. What else stands there is the app's own business.
pub(super) fn named(metadata: &Table<'_, '_>) -> Vec<Reference> {
    let mut references = Vec::new();
    for (key, what) in KEYS {
        match metadata.get(key).map(|value| (value, value.get_ref())) {
            Some((_, DeValue::Array(items))) => references.extend(items.iter().filter_map(|item| picture(what, item))),
            Some((value, _)) => references.extend(picture(what, value)),
            None => {}
        }
    }
    references
}

/// A path to a picture. A scheme says that somebody else serves it; a slash at the start leads to the public folder.
fn picture(what: &'static str, value: &Value<'_>) -> Option<Reference> {
    let DeValue::String(text) = value.get_ref() else { return None };
    let path = text.trim_start_matches("./").trim_start_matches('/');
    let is_address = text.contains([':', '?', '#', '\\']) || text.starts_with("//");
    let is_plain = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    let (_, extension) = path.rsplit_once('.')?;
    let is_picture = EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known));
    (is_picture && is_plain && !is_address).then(|| Reference {
        what,
        path: Spanned { value: path.to_owned(), span: spanned(text, value).span },
        named_in: String::new(),
        anywhere: true,
    })
}
