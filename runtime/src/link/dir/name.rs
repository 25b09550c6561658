//! Names that a file on Windows may have.

use std::io::{self, ErrorKind};

/// Says why Windows or the programs on it could not open `name`; gives it back if they can.
///
/// The linker takes names literally, so that it could make a `nul` or a `logo.` which nothing else can open or remove.
pub(super) fn usable(name: &str) -> io::Result<&str> {
    let why = if is_device(name) {
        "Windows keeps for a device"
    } else if name.ends_with(['.', ' ']) {
        "ends in a dot or a space, which Windows strips"
    } else if name.contains(|c: char| c.is_control() || r#"<>:"/\|?*"#.contains(c)) {
        "has a character in it that Windows allows in no name"
    } else {
        return Ok(name);
    };
    Err(io::Error::new(ErrorKind::InvalidFilename, format!("`{}` is a name that {why}", name.escape_debug())))
}

/// Whether a name, with whatever ending, means a device: `con`, `AUX.svg`, `com1`.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |port| stem.strip_prefix(port).is_some_and(|number| NUMBERS.contains(&number));
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") || numbered("COM") || numbered("LPT")
}

/// What may follow `COM` and `LPT`; Windows reads raised digits as digits.
const NUMBERS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_windows_can_not_open_are_refused_with_the_reason() {
        let cases = [
            ("nul", "a device"),
            ("AUX.svg", "a device"),
            ("aux .svg", "a device"),
            ("com1", "a device"),
            ("LPT².txt", "a device"),
            ("logo.", "strips"),
            ("logo ", "strips"),
            (".", "strips"),
            ("..", "strips"),
            ("a:b", "no name"),
            ("a\\b", "no name"),
            ("what?.svg", "no name"),
            ("a\nb", "no name"),
        ];
        for (name, expected) in cases {
            let error = usable(name).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidFilename, "{name:?}");
            assert!(error.to_string().contains(expected), "{name:?}: {error}");
        }
    }

    #[test]
    fn other_names_are_free() {
        for name in ["icon.svg", "console", "com", "com10", "null", ".nul", "a.con", "ä b", "…"] {
            assert_eq!(usable(name).unwrap(), name);
        }
    }
}
