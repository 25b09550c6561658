//! Templates of which very many, or very like ones, meet at one place.

use bakehouse_runtime::{Method, Methods};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use super::{Set, name_params, rules};

/// Lengths at which code that compares words at a time is most likely to be wrong. The last one is doubled at most, and twice in
/// a frame: a pattern may not be longer than that.
const LENGTHS: &[usize] = &[
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 23, 24, 25, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256,
    257, 258, 511, 512, 513, 1_000, 3_990,
];

/// Where a literal stands in a pattern.
const FRAMES: &[&str] = &["/@", "/@/x", "/{}/@", "/@/{}", "/@{}", "/{}@", "/{}@{}", "/x/@/y", "/@/{*}", "/@/", "/@/@"];

/// How a literal differs from another.
#[derive(Debug, Clone, Copy)]
enum Change {
    Byte(Index, u8),
    Longer(Index, u8),
    Shorter(Index),
    Case(Index),
    Doubled,
}

/// Literals that are nearly equal: in all but one byte, one byte of length, case, or what stands between their ends.
pub fn near_equal() -> impl Strategy<Value = Vec<String>> {
    let letter = || select(&b"abcxyzABX019-_.~"[..]);
    let base = select(LENGTHS).prop_flat_map(move |len| vec(letter(), len));
    let change = prop_oneof![
        4 => (any::<Index>(), letter()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        2 => (any::<Index>(), letter()).prop_map(|(at, byte)| Change::Longer(at, byte)),
        2 => any::<Index>().prop_map(Change::Shorter),
        1 => any::<Index>().prop_map(Change::Case),
        1 => Just(Change::Doubled),
    ];
    (base, vec((change, select(FRAMES)), 1..=40), subsequence(FRAMES, 1..=4)).prop_map(|(base, changes, frames)| {
        let itself = frames.into_iter().map(|frame| (base.clone(), frame));
        let others = changes.into_iter().map(|(change, frame)| (change.apply(base.clone()), frame));
        let shape = |(text, frame): (Vec<u8>, &str)| frame.replace('@', &String::from_utf8_lossy(&text));
        itself.chain(others).map(shape).collect()
    })
}

impl Change {
    fn apply(self, mut text: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Byte(at, byte) => {
                let at = at.index(text.len());
                text[at] = byte;
            }
            Self::Longer(at, byte) => text.insert(at.index(text.len() + 1), byte),
            Self::Shorter(at) => drop(text.remove(at.index(text.len()))),
            Self::Case(at) => {
                let at = at.index(text.len());
                text[at] ^= if text[at].is_ascii_alphabetic() { 0x20 } else { 0 };
            }
            Self::Doubled => text.extend_from_within(..),
        }
        text
    }
}

/// Hundreds of literals at one level, with params beside some of them and levels behind others.
pub fn siblings() -> impl Strategy<Value = Vec<String>> {
    let level = select(&["", "/x", "/{}", "/v{}", "/{}/x"][..]);
    let beside =
        subsequence(&["/{}", "/s{}", "/{}7", "/s1{}", "/s{}7", "/{}/x", "/{}/{}", "/{*}", "/s{}/x", "/"], 0..=5);
    let behind = subsequence(&["/x", "/{}", "/", "/{*}", "/s1"], 0..=3);
    (300..=2_000usize, 0..4usize, level, beside, behind).prop_map(|(n, style, level, beside, behind)| {
        let literals = (0..n).map(|idx| format!("{level}/{}", sibling(idx, style)));
        let deeper = behind.iter().flat_map(|behind| literals.clone().step_by(7).map(move |it| it + behind));
        let beside = beside.into_iter().map(|beside| format!("{level}{beside}"));
        literals.clone().chain(deeper).chain(beside).collect()
    })
}

/// The name of a sibling: short, of equal length, of many lengths, or long with its number in the middle.
fn sibling(idx: usize, style: usize) -> String {
    match style {
        0 => format!("s{idx}"),
        1 => format!("s{idx:07}"),
        2 => format!("s{}{idx}", "-".repeat(idx % 40)),
        _ => format!("same-start-{idx}-same-end"),
    }
}

/// Tens of segments with literal text around params at one level.
pub fn mixed() -> impl Strategy<Value = Vec<String>> {
    let shape = select(&[
        "{}:verb#",
        "verb#:{}",
        "v#{}",
        "{}v#",
        "{}.{}.json#",
        "{}.#",
        "a{}-#",
        "a#-{}",
        "a{}#b",
        "a#{}b",
        "{}#{}",
        "#{}#",
        "{}-{}#",
        "{}",
        "#",
        "v#",
    ]);
    let behind = prop_oneof![6 => Just(""), 1 => Just("/x"), 1 => Just("/{}"), 1 => Just("/{*}")];
    let shapes = vec((shape, behind), 1..=5);
    (select(&["", "/x", "/{}"][..]), shapes, 4..=30usize).prop_map(|(level, shapes, n)| {
        let numbered = |(shape, behind): (&str, &str)| {
            let template = format!("{level}/{shape}{behind}");
            (0..n).map(move |idx| template.replace('#', &idx.to_string())).collect::<Vec<_>>()
        };
        shapes.into_iter().flat_map(numbered).collect()
    })
}

/// Patterns that are equal but for their methods and the names of their params.
pub fn same_but_for_methods() -> impl Strategy<Value = Set> {
    let known: Vec<Method> = Method::names().iter().map(|name| Method::new(name)).collect();
    let methods = subsequence(known, 1..=5).prop_map(|methods| methods.into_iter().collect::<Methods>());
    let template =
        select(&["/a", "/a/{}", "/a/{}-{}", "/{}", "/a/", "/{}/{}", "/a/b", "/a/{*}", "/{*}", "/A/B", "/v{}/b"][..]);
    (rules(), vec((template, methods), 10..=80), any::<bool>()).prop_map(|(rules, written, has_all)| {
        let all = has_all.then_some(("/a/{}/b", Methods::ALL));
        let route = |(idx, (template, methods)): (usize, (&str, Methods))| {
            (name_params(template, &format!("of-{idx}-")), methods)
        };
        Set::new(rules, written.into_iter().chain(all).enumerate().map(route))
    })
}
