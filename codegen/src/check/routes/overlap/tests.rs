//! What a walk finds, held against trying every two patterns, and how what it costs grows with the number of patterns.

use std::cmp::Reverse;

use bakehouse_runtime::{Method, Methods};
use proptest::prelude::*;
use proptest::sample::select;

use super::claims::Claim;
use super::walk::{Found, MAX_WINNERS, walk_counted};
use crate::pattern::{Equality, Mixed, Pattern, Segment, Tree};

/// A pattern, the app it is of, and whether it yields.
type Route = (String, u32, bool);

fn claims(routes: &[Route]) -> Vec<Claim> {
    let claim =
        |(_, app, yields): &Route| Claim { app: *app, methods: Methods::ALL, yields: *yields, overrides: Vec::new() };
    routes.iter().map(claim).collect()
}

fn parse(routes: &[Route]) -> Vec<Pattern> {
    routes.iter().map(|(text, ..)| Pattern::parse(text).expect("a pattern")).collect()
}

fn run(routes: &[Route], claims: &[Claim]) -> (Found, u64) {
    let patterns = parse(routes);
    let tree = Tree::new(patterns.iter().enumerate(), Equality { ignore_case: false, ignore_slash: false });
    walk_counted(&tree, claims, &|_, _| true)
}

/// Routes of which the `i`-th is of app `i`.
fn each_its_own(n: usize, text: impl Fn(usize) -> String) -> Vec<Route> {
    (0..n).map(|i| (text(i), u32::try_from(i).expect("few"), false)).collect()
}

/// The routes of a set, and those of another set of other apps.
fn and(mut routes: Vec<Route>, others: Vec<Route>) -> Vec<Route> {
    let n = u32::try_from(routes.len()).expect("few");
    routes.extend(others.into_iter().map(|(text, app, yields)| (text, app + n, yields)));
    routes
}

fn of_one(routes: Vec<Route>, yields: bool) -> Vec<Route> {
    routes.into_iter().map(|(text, ..)| (text, 0, yields)).collect()
}

/// All patterns of so many segments that are `a` or a param each, told apart by their last segment.
fn alternations(n: usize) -> Vec<Route> {
    let n_bits = n.ilog2();
    let segment = |i: usize, bit: u32| if i >> bit & 1 == 0 { "/a".to_owned() } else { format!("/{{p{bit}}}") };
    each_its_own(n, |i| (0..n_bits).map(|bit| segment(i, bit)).collect::<String>() + &format!("/x{i}"))
}

/// A name, a set of about so many patterns, and how many take paths from the loser that most do.
type Set = (&'static str, fn(usize) -> Vec<Route>, usize);

fn sets() -> [Set; 17] {
    [
        ("a param, each its literal", |n| each_its_own(n, |i| format!("/{{a}}/x{i}")), 0),
        (
            "crossing, settled by `yields`",
            |n| {
                and(
                    of_one(each_its_own(n, |i| format!("/{{a}}/x{i}")), true),
                    each_its_own(n, |i| format!("/y{i}/{{b}}")),
                )
            },
            0,
        ),
        (
            "crossing, but for what follows",
            |n| and(each_its_own(n, |i| format!("/{{a}}/x{i}/u{i}")), each_its_own(n, |i| format!("/y{i}/{{b}}/v{i}"))),
            0,
        ),
        (
            "crossing, each loser taken from by each",
            |n| and(each_its_own(n, |i| format!("/{{a}}/x{i}")), each_its_own(n, |i| format!("/y{i}/{{b}}"))),
            MAX_WINNERS,
        ),
        ("verbs", |n| each_its_own(n, |i| format!("/{{name}}:verb{i}")), 0),
        (
            "verbs beside literals",
            |n| and(each_its_own(n, |i| format!("/{{name}}:verb{i}")), each_its_own(n, |i| format!("/x{i}:verb"))),
            0,
        ),
        (
            "verbs beside prefixes",
            |n| and(each_its_own(n, |i| format!("/{{name}}:verb{i}")), each_its_own(n, |i| format!("/v{i}-{{n}}!"))),
            0,
        ),
        (
            "verbs that cross prefixes",
            |n| and(each_its_own(n, |i| format!("/{{name}}:verb{i}")), each_its_own(n, |i| format!("/v{i}-{{n}}"))),
            MAX_WINNERS,
        ),
        (
            "verbs that cross prefixes, but for what follows",
            |n| {
                and(
                    each_its_own(n, |i| format!("/{{name}}:verb{i}/u{i}")),
                    each_its_own(n, |i| format!("/v{i}-{{n}}/w{i}")),
                )
            },
            0,
        ),
        ("verbs that differ in what lies between", |n| each_its_own(n, |i| format!("/v{{a}}-x{i}-{{b}}:verb/y{i}")), 0),
        (
            "verbs below a param and below literals",
            |n| {
                and(
                    each_its_own(n, |i| format!("/{{a}}/{{name}}:verb{i}")),
                    each_its_own(n, |i| format!("/x{i}/{{name}}:word{i}")),
                )
            },
            0,
        ),
        (
            "a catch-all that yields beside all",
            |n| and(vec![("/{*rest}".to_owned(), 0, true)], each_its_own(n, |i| format!("/x{i}/{{a}}/{{*more}}"))),
            0,
        ),
        (
            "a catch-all that all take from",
            |n| and(vec![("/{*rest}".to_owned(), 0, false)], each_its_own(n, |i| format!("/x{i}/{{a}}"))),
            MAX_WINNERS,
        ),
        ("catch-alls below own prefixes", |n| each_its_own(n, |i| format!("/x{i}/{{*rest}}")), 0),
        (
            "catch-alls that take from patterns below a param",
            |n| and(each_its_own(n, |i| format!("/x{i}/{{*rest}}")), each_its_own(n, |i| format!("/{{a}}/y{i}/{{b}}"))),
            MAX_WINNERS,
        ),
        (
            "catch-alls below prefixes that many patterns take from",
            |n| {
                and(
                    each_its_own(n, |i| format!("/{{a}}/x{i}/{{*rest}}")),
                    each_its_own(n, |i| format!("/y{i}/{{b}}/{{c}}")),
                )
            },
            MAX_WINNERS,
        ),
        ("literals of apps that share prefixes", |n| each_its_own(n, |i| format!("/a/{}/b/{}/x{i}", i % 7, i % 31)), 0),
    ]
}

#[test]
fn steps_grow_with_the_patterns() {
    for (name, set, most_of_a_loser) in sets() {
        let steps = [1_000, 2_000, 4_000].map(|n| {
            let routes = set(n);
            let (found, steps) = run(&routes, &claims(&routes));
            assert_eq!(found.too_long, None, "{name}");
            let mut losers: Vec<usize> = found.taken.iter().map(|(_, loser)| *loser).collect();
            losers.sort_unstable();
            let most = losers.chunk_by(|a, b| a == b).map(<[usize]>::len).max().unwrap_or(0);
            assert_eq!(most, most_of_a_loser, "{name}");
            assert!(steps < 200 * routes.len() as u64, "{name}: {steps} for {} patterns", routes.len());
            steps
        });
        assert!(steps.is_sorted_by(|few, many| many * 10 <= few * 22), "{name}: {steps:?}");
    }
}

#[test]
fn one_catch_all_that_every_pattern_overrides_costs_a_step_each() {
    let routes = and(vec![("/{*rest}".to_owned(), 0, false)], each_its_own(30_000, |i| format!("/x{i}/{{a}}/b")));
    let mut claims = claims(&routes);
    claims.iter_mut().skip(1).for_each(|claim| claim.overrides = vec![0]);
    let (found, steps) = run(&routes, &claims);
    assert_eq!((found.taken.len(), found.too_long), (0, None));
    assert!(steps < 10 * 30_000, "{steps}");
    // One that does not is found among them.
    claims[7].overrides.clear();
    assert_eq!(run(&routes, &claims).0.taken, [(7, 0)]);
}

#[test]
fn a_walk_that_would_not_end_in_time_names_where_it_is_longest() {
    let routes = alternations(1 << 13);
    let (found, steps) = run(&routes, &claims(&routes));
    assert_eq!(found.taken, []);
    assert!(found.too_long.is_some());
    assert!(steps < 1 << 23, "{steps}");
    let few = alternations(1 << 8);
    assert_eq!(run(&few, &claims(&few)).0.too_long, None);
}

/// Whether two patterns both match some path, segment by segment; a test's own way to say so.
fn meet(a: &[Segment], b: &[Segment]) -> bool {
    let begins_empty = |rest: &[Segment]| matches!(rest, [Segment::Literal(text)] if text.is_empty());
    match (a, b) {
        ([], []) => true,
        ([Segment::CatchAll(_)], rest) | (rest, [Segment::CatchAll(_)]) => !rest.is_empty() && !begins_empty(rest),
        ([first, a @ ..], [other, b @ ..]) => segments_meet(first, other) && meet(a, b),
        _ => false,
    }
}

fn segments_meet(a: &Segment, b: &Segment) -> bool {
    let texts = ["", "a", "b", "ab", "ba", "aa", "aab", "aba", "baa", "abab", "aabb", "abb", "aaaba"];
    let takes = |segment: &Segment, text: &str| segment.mismatch(text.as_bytes(), false).is_none();
    texts.iter().any(|text| takes(a, text) && takes(b, text))
}

/// Whether the first is preferred, by the first segment in which they differ.
fn is_preferred(a: &Pattern, b: &Pattern) -> bool {
    let rank = |segment: &Segment| match segment {
        Segment::Literal(_) => 0,
        Segment::Mixed(_) => 1,
        Segment::Param(_) => 2,
        Segment::CatchAll(_) => 3,
    };
    let orders = a.segments.iter().zip(&b.segments).map(|(a, b)| match (a, b) {
        (Segment::Mixed(a), Segment::Mixed(b)) => precedence(a).cmp(&precedence(b)),
        _ => rank(a).cmp(&rank(b)),
    });
    orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then).is_lt()
}

/// Longer prefix first, then longer suffix, then byte order.
fn precedence(mixed: &Mixed) -> impl Ord + use<'_> {
    let len = |piece: Option<&String>| Reverse(piece.map_or(0, String::len));
    (len(mixed.pieces.first()), len(mixed.pieces.last()), &mixed.pieces)
}

fn every_two(patterns: &[Pattern], claims: &[Claim]) -> Vec<(usize, usize)> {
    let numbers = 0..patterns.len();
    let pairs = numbers.clone().flat_map(|winner| numbers.clone().map(move |loser| (winner, loser)));
    let is_taken = |&(winner, loser): &(usize, usize)| {
        let (w, l) = (&patterns[winner], &patterns[loser]);
        claims[winner].takes_from(&claims[loser]) && is_preferred(w, l) && meet(&w.segments, &l.segments)
    };
    pairs.filter(is_taken).collect()
}

fn routes() -> impl Strategy<Value = Vec<(String, Claim)>> {
    let segment = select(&["", "a", "b", "ab", "a{}", "{}b", "a{}b", "{}ab", "{}", "{}", "{}a{}", "{}b{}"][..]);
    let text = (proptest::collection::vec(segment, 1..=4), prop_oneof![4 => Just(""), 1 => Just("/{*rest}")]);
    let text = text.prop_map(|(segments, end)| {
        let mut parts = segments.join("/");
        for idx in 0.. {
            let Some(at) = parts.find("{}") else { break };
            parts.replace_range(at..at + 2, &format!("{{p{idx}}}"));
        }
        format!("/{parts}{end}")
    });
    let methods = prop_oneof![
        3 => Just(Methods::ALL),
        1 => Just(Methods::from(Method::GET)),
        1 => Just(Methods::from(Method::POST)),
    ];
    let overrides = proptest::sample::subsequence(vec![0, 1, 2, 3], 0..=2);
    let claim = (0..4_u32, methods, prop::bool::weighted(0.3), overrides)
        .prop_map(|(app, methods, yields, overrides)| Claim { app, methods, yields, overrides });
    proptest::collection::vec((text, claim), 2..=14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_walk_finds_what_trying_every_two_finds(all in routes()) {
        let (texts, claims): (Vec<Route>, Vec<Claim>) =
            all.into_iter().map(|(text, claim)| ((text, claim.app, claim.yields), claim)).unzip();
        let mut found = run(&texts, &claims).0.taken;
        found.sort_unstable();
        prop_assert_eq!(found, every_two(&parse(&texts), &claims), "{:#?}", texts);
    }
}
