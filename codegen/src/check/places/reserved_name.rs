//! `reserved-name`: no folder of an app and no place in the public folder has a name that Windows keeps for itself or
//! can't write. Such a tree can't be checked out there, nor be linked.

use std::collections::HashSet;

use crate::diagnostics::Diagnostic;
use crate::model::{App, Model};
use crate::plan::links::{Placement, parts};
use crate::source::Place;

pub(super) fn check(model: &Model, placements: &[Placement<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let mut told: HashSet<(usize, &[u8])> = HashSet::new();
    let mut tell = |idx: usize, app: &App, path: &str, part, why, place: Place| {
        if told.insert((idx, part)) {
            let name = String::from_utf8_lossy(part).escape_debug().to_string();
            let message = format!("the name `{name}` in `{path}` of app `{}` {why}", app.slug.value);
            diagnostics.push(Diagnostic::warning("reserved-name", place, message).help("give it another name"));
        }
    };
    for (idx, app) in model.apps.iter().enumerate() {
        if let Some((part, why)) = unusable_part(app.folder.as_bytes()) {
            tell(idx, app, &app.folder, part, why, app.slug.place);
        }
    }
    for placement in placements {
        let Some(app) = model.apps.get(placement.app) else { continue };
        // A single file may have another name where it lies.
        for path in [&placement.public, &placement.source] {
            if let Some((part, why)) = unusable_part(path) {
                let path = String::from_utf8_lossy(path).escape_debug().to_string();
                tell(placement.app, app, &path, part, why, placement.place());
            }
        }
    }
}

fn unusable_part(path: &[u8]) -> Option<(&[u8], &'static str)> {
    parts(path).find_map(|part| Some((part, why_unusable(part)?)))
}

/// Why Windows could not have a file of that name.
fn why_unusable(name: &[u8]) -> Option<&'static str> {
    if is_device(name) {
        Some("is one that Windows keeps for a device")
    } else if matches!(name.last(), Some(b'.' | b' ')) {
        Some("ends in a dot or a space, which Windows strips")
    } else if name.iter().any(|byte| matches!(byte, 0..=31 | b'<' | b'>' | b':' | b'"' | b'\\' | b'|' | b'?' | b'*')) {
        Some("has a character that Windows allows in no name")
    } else {
        None
    }
}

/// Whether a name, with whatever ending, means a device: `con`, `AUX.svg`, `com1`.
fn is_device(name: &[u8]) -> bool {
    let stem = name.split(|byte| *byte == b'.').next().unwrap_or_default().trim_ascii_end();
    match stem.len() {
        3 => ["con", "prn", "aux", "nul"].iter().any(|device| stem.eq_ignore_ascii_case(device.as_bytes())),
        4 => {
            let (port, number) = stem.split_at(3);
            number[0].is_ascii_digit() && (port.eq_ignore_ascii_case(b"com") || port.eq_ignore_ascii_case(b"lpt"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_windows_has_other_uses_for() {
        let unusable =
            ["con", "AUX.svg", "nul .tar.gz", "Com1", "lpt0.txt", "logo.", "logo ", "a:b", "a?", "a\nb", "a\\b"];
        for name in unusable {
            assert!(why_unusable(name.as_bytes()).is_some(), "{name}");
        }
        for name in ["icon.svg", "console", "com", "comx", "auxiliary.png", ".nul", "a b", "com10", "会"] {
            assert_eq!(why_unusable(name.as_bytes()), None, "{name}");
        }
    }
}
