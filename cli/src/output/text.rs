//! Words: counts, times, bytes that need not be text, and talk on stderr.

use std::borrow::Cow;
use std::fmt::{self, Display, Write as _};
use std::io::{self, Write as _};
use std::time::Duration;

use bakehouse_runtime::{Method, Methods};

/// Says a line on stderr. If nobody can be told, there is nobody to tell that.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// `1 route`, `2 routes`.
pub(crate) fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Whole microseconds.
pub(crate) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// A time in the unit that suits it.
pub(crate) struct Time(pub(crate) Duration);

impl Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0.as_micros();
        match micros {
            0..1_000 => write!(f, "{micros} us"),
            1_000..1_000_000 => write!(f, "{:.1} ms", self.0.as_secs_f64() * 1_000.0),
            _ => write!(f, "{:.1} s", self.0.as_secs_f64()),
        }
    }
}

/// Bytes as text; those that are not UTF-8 as `%XX`.
pub(crate) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => escaped(bytes, |_| false).into(),
    }
}

/// Bytes as text for a terminal: control characters, which it would obey, are `%XX` too.
pub(crate) fn shown(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(char::is_control) => text.into(),
        _ => escaped(bytes, char::is_control).into(),
    }
}

fn escaped(bytes: &[u8], is_unwanted: impl Fn(char) -> bool) -> String {
    let mut text = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if is_unwanted(c) { escape(c.encode_utf8(&mut [0; 4]).as_bytes(), &mut text) } else { text.push(c) }
        }
        escape(chunk.invalid(), &mut text);
    }
    text
}

fn escape(bytes: &[u8], text: &mut String) {
    for byte in bytes {
        // Writing to a string can't fail.
        let _ = write!(text, "%{byte:02X}");
    }
}

/// The names of methods; `*` alone for every method.
pub(crate) fn method_names(methods: Methods) -> Vec<&'static str> {
    if methods == Methods::ALL { vec![Method::OTHER.name()] } else { methods.iter().map(Method::name).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_text() {
        let cases: [(&[u8], &str, &str); 4] = [
            (b"/zoom", "/zoom", "/zoom"),
            ("/é".as_bytes(), "/é", "/é"),
            (b"/a\xFFb", "/a%FFb", "/a%FFb"),
            (b"/a\x1Bb", "/a\x1Bb", "/a%1Bb"),
        ];
        for (bytes, text, for_terminal) in cases {
            assert_eq!((&*text_of(bytes), &*shown(bytes)), (text, for_terminal));
        }
    }

    #[test]
    fn times_have_the_unit_that_suits_them() {
        let cases = [(7, "7 us"), (1_250, "1.2 ms"), (999_000, "999.0 ms"), (2_500_000, "2.5 s")];
        for (micros, expected) in cases {
            assert_eq!(Time(Duration::from_micros(micros)).to_string(), expected);
        }
    }
}
