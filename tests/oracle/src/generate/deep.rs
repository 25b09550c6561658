//! Templates of many segments, which differ late or at every level.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Twenty levels and more, at each of which patterns go on with a literal and with a param.
pub fn alternation() -> impl Strategy<Value = Vec<String>> {
    (20..=60usize).prop_flat_map(|depth| {
        // A level whose bit is set is a literal.
        let levels = prop_oneof![
            3 => any::<u64>(),
            2 => (0..=depth).prop_map(low_bits),
            2 => (0..=depth).prop_map(|at| !low_bits(at)),
            1 => (0..depth).prop_map(|at| 1 << at),
            1 => (0..depth).prop_map(|at| !(1 << at)),
            1 => select(vec![0, u64::MAX, 0x5555_5555_5555_5555, 0xaaaa_aaaa_aaaa_aaaa]),
        ];
        let param = prop_oneof![5 => Just("{}"), 1 => Just("a{}"), 1 => Just("{}a")];
        let ending = prop_oneof![4 => Just(""), 1 => Just("/x"), 1 => Just("/{*}"), 1 => Just("/"), 1 => Just("/{}")];
        vec((levels, param, ending), 2..=24).prop_map(move |texts| {
            let shape = |(levels, param, ending): (u64, &str, &str)| {
                let segments =
                    (0..depth).map(|level| ["/", if levels >> level & 1 == 1 { "a" } else { param }].concat());
                segments.collect::<String>() + ending
            };
            texts.into_iter().map(shape).collect()
        })
    })
}

fn low_bits(n: usize) -> u64 {
    (1 << n) - 1
}

/// One way down with a catch-all at each of its levels, and ways that leave it.
pub fn spine() -> impl Strategy<Value = Vec<String>> {
    let spine = vec(select(&["a", "a", "{}", "a{}", "{}-{}", "", "b"][..]), 1..=24);
    let aside = (any::<Index>(), select(&["a", "b", "{}", "{}a", "", "a{}"][..]), any::<bool>());
    (spine, prop_oneof![Just(u32::MAX), any::<u32>()], vec(aside, 0..=12)).prop_map(|(spine, levels, asides)| {
        let down_to = |level: usize| spine[..level].iter().fold(String::new(), |text, it| text + "/" + it);
        let catch_alls = (0..=spine.len()).filter(|level| levels >> level & 1 == 1);
        let asides = asides.into_iter().map(|(level, segment, is_catch_all)| {
            let ending = if is_catch_all { "/{*}" } else { "" };
            [&down_to(level.index(spine.len() + 1)), "/", segment, ending].concat()
        });
        catch_alls.map(|level| down_to(level) + "/{*}").chain(asides).chain([down_to(spine.len())]).collect()
    })
}

/// Sixty segments and more that differ in a few places.
pub fn longest() -> impl Strategy<Value = Vec<String>> {
    let change = (any::<Index>(), select(&["a", "{}", "b{}", "", "{}-{}", "S"][..]));
    let text = (select(&[59, 60, 62, 63, 64][..]), vec(change, 0..=3), any::<bool>());
    vec(text, 1..=8).prop_map(|patterns| {
        let shape = |(n_segments, changes, is_catch_all): (usize, Vec<(Index, &'static str)>, bool)| {
            let mut segments: Vec<&str> = (0..n_segments).map(|idx| if idx % 20 == 7 { "{}" } else { "s" }).collect();
            for (at, segment) in changes {
                segments[at.index(n_segments)] = segment;
            }
            if is_catch_all {
                segments[n_segments - 1] = "{*}";
            }
            format!("/{}", segments.join("/"))
        };
        patterns.into_iter().map(shape).collect()
    })
}

/// What comes behind a prefix that patterns share.
const LATE: &[&str] = &[
    "", "/", "a", "b", "A", "aa", "ab", "ba", "/a", "/b", "/ab", "/{}", "{}", "a{}", "{}a", "{}b", "b{}", "-{}",
    "-{}b", "/{*}", "/a/{}", "/{}/a", "/{}/b", "/a/{*}", "/a{}/b", "/{}a/b", "//", "/a/", "/{}-{}", "{}-{}",
];

/// Prefixes of up to some hundred bytes that patterns share, and a few bytes behind them.
pub fn shared_prefixes() -> impl Strategy<Value = Vec<String>> {
    let segment = prop_oneof![
        4 => (select(&["x", "ab", "aA", "a-"][..]), 1..=200usize).prop_map(|(text, n)| text.repeat(n)),
        1 => Just("{}".to_owned()),
        1 => (1..=40usize).prop_map(|n| "x".repeat(n) + "{}"),
    ];
    let prefix = vec(segment, 1..=4).prop_map(|segments| format!("/{}", segments.join("/")));
    let late = vec(select(LATE), 2..=20);
    // Where there are two prefixes, one has a byte more in front of its end.
    (prefix, late.clone(), late, any::<bool>()).prop_map(|(prefix, late, later, is_alone)| {
        let longer = prefix.clone() + "x";
        let later = later.iter().filter(|_| !is_alone).map(|late| longer.clone() + late);
        late.iter().map(|late| prefix.clone() + late).chain(later).collect()
    })
}
