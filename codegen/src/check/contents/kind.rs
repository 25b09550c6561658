//! What kind of file some first bytes begin.

/// The kinds that can be told by their first bytes, by the extensions that promise them.
const KINDS: &[(&str, &[&str])] = &[
    ("PNG", &["png", "apng"]),
    ("JPEG", &["jpg", "jpeg"]),
    ("GIF", &["gif"]),
    ("WebP", &["webp"]),
    ("AVIF", &["avif"]),
    ("ICO", &["ico"]),
    ("SVG", &["svg"]),
    ("PDF", &["pdf"]),
    ("WOFF", &["woff"]),
    ("WOFF2", &["woff2"]),
    ("MP3", &["mp3"]),
    ("WAV", &["wav"]),
    ("Ogg", &["ogg", "oga", "opus"]),
    ("MP4", &["mp4", "m4a"]),
    ("WebM", &["webm"]),
];

/// How many first bytes are looked at.
pub(super) const N_BYTES: usize = 64;

/// The kind that an extension promises; none for one that promises nothing that could be told.
pub(super) fn promised(extension: &str) -> Option<&'static str> {
    let is_extension = |known: &&&str| extension.eq_ignore_ascii_case(known);
    KINDS.iter().find(|(_, extensions)| extensions.iter().any(|known| is_extension(&known))).map(|(kind, _)| *kind)
}

/// The extension that a kind mostly has.
pub(super) fn extension(kind: &str) -> Option<&'static str> {
    KINDS.iter().find(|(known, _)| *known == kind)?.1.iter().find(|extension| **extension != "apng").copied()
}

/// The kind of file that the bytes begin; none if they are not the beginning of any that is known here.
pub(super) fn found(bytes: &[u8]) -> Option<&'static str> {
    let signatures: [(&[u8], &str); 13] = [
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"GIF87a", "GIF"),
        (b"GIF89a", "GIF"),
        (b"\0\0\x01\0", "ICO"),
        (b"%PDF-", "PDF"),
        (b"wOFF", "WOFF"),
        (b"wOF2", "WOFF2"),
        (b"ID3", "MP3"),
        (b"OggS", "Ogg"),
        (b"\x1a\x45\xdf\xa3", "WebM"),
        (b"\x1f\x8b", "gzip"),
        (b"version https://git-lfs", "a Git LFS pointer"),
    ];
    let signed = signatures.iter().find(|(signature, _)| bytes.starts_with(signature)).map(|(_, kind)| *kind);
    signed.or_else(|| boxed(bytes)).or_else(|| is_mp3_frame(bytes).then_some("MP3")).or_else(|| markup(bytes))
}

/// Kinds whose name stands behind a length or the name of a container.
fn boxed(bytes: &[u8]) -> Option<&'static str> {
    match (bytes.get(..4)?, bytes.get(4..8)?, bytes.get(8..12)?) {
        (b"RIFF", _, b"WEBP") => Some("WebP"),
        (b"RIFF", _, b"WAVE") => Some("WAV"),
        (_, b"ftyp", b"avif" | b"avis" | b"mif1" | b"msf1") => Some("AVIF"),
        (_, b"ftyp", _) => Some("MP4"),
        _ => None,
    }
}

/// An MP3 without a tag begins with the eleven set bits of a frame, of layer III.
fn is_mp3_frame(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, second, ..] if second & 0xe6 == 0xe2)
}

/// A drawing may have a declaration, comments and a document type before it; other markup is told from it by its name.
fn markup(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if begins(b"<!doctype html") || begins(b"<html") {
        Some("HTML")
    } else {
        // UTF-16, with its mark, is left to whoever reads the file.
        (text.starts_with(b"<") || bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")).then_some("SVG")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell_the_kind() {
        let cases: [(&[u8], Option<&str>); 14] = [
            (b"\x89PNG\r\n\x1a\n\0", Some("PNG")),
            (b"\xff\xd8\xff\xe0", Some("JPEG")),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some("WebP")),
            (b"RIFF\x10\0\0\0WAVEfmt ", Some("WAV")),
            (b"\0\0\0\x1cftypavif", Some("AVIF")),
            (b"\0\0\0\x1cftypisom", Some("MP4")),
            (b"\xff\xfb\x90", Some("MP3")),
            (b"\xff\xf3\x90", Some("MP3")),
            (b"\xef\xbb\xbf\n <?xml version", Some("SVG")),
            (b"<!-- a -->", Some("SVG")),
            (b"<!DOCTYPE html>", Some("HTML")),
            (b"version https://git-lfs.github.com/spec/v1", Some("a Git LFS pointer")),
            (b"", None),
            (b"404 not found", None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(found(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn extensions_promise_kinds() {
        assert_eq!([promised("JPEG"), promised("svg"), promised("txt")], [Some("JPEG"), Some("SVG"), None]);
        assert_eq!([extension("PNG"), extension("HTML")], [Some("png"), None]);
    }
}
