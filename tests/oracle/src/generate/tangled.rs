//! Templates from few segments, so that patterns share prefixes and shapes.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

/// Segments of patterns; `{}` becomes a param with a name of its own.
const SEGMENTS: &[&str] = &[
    "a",
    "b",
    "ab",
    "aa",
    "aab",
    "v",
    "v1",
    "a-b",
    "x:cancel",
    "",
    ".",
    "..",
    "...",
    "%2F",
    "{{",
    "}}",
    "é",
    "A",
    "B",
    "v{}",
    "a{}",
    "{}b",
    "a{}b",
    "{}a{}",
    "{}-{}",
    "{}...{}",
    "{}:cancel",
    "{{{}}}",
    "{}.{}.{}",
    "{}--{}",
    "{}-.{}",
    "{}-{}.{}",
    "A{}",
    "{}%2F",
    "{}é",
    "aa{}",
    "{}",
    "{}",
    "{}",
];

/// Short patterns from a few segments.
pub fn tangled() -> impl Strategy<Value = Vec<String>> {
    subsequence(SEGMENTS, 1..=6).prop_flat_map(|segments| {
        let ending = prop_oneof![3 => Just(""), 1 => Just("/{*}"), 1 => Just("/")];
        let text = (vec(select(segments), 1..=5), ending);
        vec(text.prop_map(|(segments, ending)| format!("/{}{ending}", segments.join("/"))), 1..=24)
    })
}

/// Many patterns, so that much branches.
pub fn wide() -> impl Strategy<Value = Vec<String>> {
    let text = vec(select(SEGMENTS), 1..=3);
    vec(text.prop_map(|segments| format!("/{}", segments.join("/"))), 60..=160)
}

/// Literals and params by turns, where a matcher that tries every branch goes wrong most often.
pub fn alternating() -> impl Strategy<Value = Vec<String>> {
    let segments = vec(select(&["a", "{}", "a{}", "b"][..]), 6..=10);
    let text = (segments, any::<Index>(), prop_oneof![3 => Just(false), 1 => Just(true)]);
    vec(text, 2..=10).prop_map(|texts| {
        let shape = |(segments, cut, is_catch_all): (Vec<&str>, Index, bool)| {
            let segments = if is_catch_all { &segments[..=cut.index(segments.len())] } else { &segments[..] };
            let ending = if is_catch_all { "/{*}" } else { "" };
            ["/", &segments.join("/"), ending].concat()
        };
        texts.into_iter().map(shape).collect()
    })
}

/// Patterns of slashes, with little between them.
pub fn slashes() -> impl Strategy<Value = Vec<String>> {
    let segments = vec(select(&["", "", "", "{}", "a", "{}a"][..]), 1..=7);
    let text = (segments, prop_oneof![3 => Just(""), 1 => Just("/{*}")]);
    vec(text.prop_map(|(segments, ending)| format!("/{}{ending}", segments.join("/"))), 1..=20)
}

/// Segments of one byte, of every byte that a pattern may have, and with one such byte beside a param.
pub fn one_byte() -> impl Strategy<Value = Vec<String>> {
    let byte = (0..0x80u8).prop_map(char::from).prop_filter("it splits", |it| !"/?#".contains(*it));
    let byte = byte.prop_map(|it| if "{}".contains(it) { it.to_string().repeat(2) } else { it.to_string() });
    let frame = select(&["/@", "/@/@", "/x/@", "/{}/@", "/@{}", "/{}@", "/{}@{}", "/@/{*}", "/@/"][..]);
    let text = (byte, frame).prop_map(|(byte, frame)| frame.replace('@', &byte));
    (vec(text, 1..=200), any::<bool>()).prop_map(|(mut texts, has_param)| {
        texts.extend(has_param.then(|| "/{}".to_owned()));
        texts
    })
}
