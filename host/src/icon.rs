//! Which of an app's assets is its icon.

use bakehouse_runtime::link::{LinkKind, PlannedLink};
use bakehouse_runtime::table::AppRecord;
use serde_json::Value;

/// The kinds of picture that every browser shows, best first: a drawing is sharp at any size.
const KINDS: [&str; 6] = ["svg", "png", "webp", "avif", "jpg", "jpeg"];

/// The public path of the app's icon: the file that its metadata names as `icon` or `logo`, else a picture that is
/// called so.
pub(crate) fn choose(app: AppRecord<'_>) -> Option<Vec<u8>> {
    let named = named(app.metadata());
    let ranked =
        app.links().flat_map(|link| places(&link)).filter_map(|place| Some((rank(&place, named.as_deref())?, place)));
    ranked.min().map(|(_, place)| place)
}

/// The name of the file that the metadata (a JSON object) gives as the app's picture. Foreign manifests put a path
/// before it that means something in their own host only.
fn named(metadata: &str) -> Option<String> {
    let metadata: Value = serde_json::from_str(metadata).ok()?;
    let path = ["icon", "logo"].iter().find_map(|key| metadata.get(key)?.as_str())?;
    path.rsplit('/').next().map(str::to_owned)
}

/// The public paths of the files behind a link.
fn places(link: &PlannedLink<'_>) -> Vec<Vec<u8>> {
    match link.kind {
        LinkKind::File => vec![link.public.to_vec()],
        LinkKind::Folder => link.files.iter().map(|file| [link.public, file].join(&b'/')).collect(),
    }
}

/// How well a file does as an icon, less being better; none if it does not do.
fn rank(place: &[u8], named: Option<&str>) -> Option<(bool, usize, usize, usize)> {
    let name = std::str::from_utf8(place.rsplit(|byte| *byte == b'/').next()?).ok()?;
    let (stem, extension) = name.rsplit_once('.')?;
    let kind = KINDS.iter().position(|kind| extension.eq_ignore_ascii_case(kind))?;
    let is_named = Some(name) == named;
    let stem = ["icon", "logo"].iter().position(|word| stem.starts_with(word));
    let depth = place.split(|byte| *byte == b'/').count();
    (is_named || stem.is_some()).then_some((!is_named, stem.unwrap_or(2), kind, depth))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_icon_ranks_first() {
        let named = Some("badge.png");
        let best_first = ["a/badge.png", "a/icon.svg", "a/b/icon.svg", "a/icon.png", "a/icon-dark.webp", "a/logo.svg"];
        assert!(best_first.is_sorted_by_key(|place| rank(place.as_bytes(), named).expect("it is an icon")));
        for place in ["a/1.jpg", "a/icon.txt", "a/icon", "icons/photo.png"] {
            assert_eq!(rank(place.as_bytes(), named), None, "{place}");
        }
    }

    #[test]
    fn the_picture_that_metadata_names() {
        for (metadata, expected) in [
            ("{}", None),
            (r#"{"icon": "a.svg", "logo": "b.svg"}"#, Some("a.svg")),
            (r#"{"logo": "/api/app-store/zoom/icon.svg"}"#, Some("icon.svg")),
            (r#"{"logo": 1}"#, None),
        ] {
            assert_eq!(named(metadata).as_deref(), expected, "{metadata}");
        }
    }
}
