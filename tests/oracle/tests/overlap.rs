//! The bake refuses patterns that take paths from one another exactly if trying every short path finds such a path.

use bakehouse_oracle::find::{Route, Rules};
use bakehouse_oracle::generate::{name_params, rules};
use bakehouse_oracle::host::{App, WrittenRoute, bake, errors, told};
use bakehouse_oracle::overlap::{Overlap, OwnedRoute, conflicting, is_settled, overlaps, witnesses};
use bakehouse_oracle::property;
use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::{Method, Methods};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

const SLUGS: [&str; 3] = ["one", "two", "three"];
const SEGMENTS: &[&str] = &["", "a", "b", "a{}", "{}b", "{}a{}", "{}", "A", "A{}"];

#[test]
fn short_patterns_overlap_where_a_path_shows_it() {
    check(120, 3);
}

#[test]
fn longer_patterns_overlap_where_a_path_shows_it() {
    check(10, 4);
}

/// What random hosts showed, or seldom show.
#[test]
fn a_slash_at_the_end_is_left_out_of_the_comparison_alone() {
    let cases = [
        (TrailingSlash::Strict, "/p/a/", "/p/a", None),
        (TrailingSlash::Ignore, "/p/a/", "/p/a", Some("route-conflict")),
        (TrailingSlash::Redirect, "/p/{x}/", "/p/a", Some("route-overlap")),
        (TrailingSlash::Ignore, "/p/a/", "/p/a/{*rest}", None),
        // Two slashes are no slash at the end, but an empty segment, which a catch-all takes.
        (TrailingSlash::Ignore, "/p/a//", "/p/a/{*rest}", Some("route-overlap")),
        (TrailingSlash::Strict, "/p/a//", "/p/a/{*rest}", Some("route-overlap")),
        (TrailingSlash::Ignore, "/p/a//", "/p/a/", None),
    ];
    for (slash, one, two, expected) in cases {
        let route = |app, text: &str| owned((text.to_owned(), Methods::ALL, app, Vec::new(), false));
        let apps = apps(&[route(0, one), route(1, two)]);
        let found = errors(&bake(Rules { ignore_case: false, slash }, &apps).expect("a folder"));
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{slash:?} {one} {two}");
    }
}

fn check(cases: u32, n_segments: usize) {
    let witnesses = witnesses(n_segments);
    let hosts = rules().prop_flat_map(|rules| (Just(rules), routes(n_segments), any::<Settle>()));
    property(cases, &hosts, |(rules, routes, settle)| {
        let overlaps = overlaps(rules, &routes, &witnesses);
        let routes = settle.apply(routes, &overlaps);
        let compilation = bake(rules, &apps(&routes)).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let found = errors(&compilation);
        let told = format!("{}under {rules:?} of {:#?}", told(&compilation), list(&routes));
        prop_assert!(found.iter().all(|code| ["route-conflict", "route-overlap"].contains(code)), "{}", told);
        let conflict = conflicting(rules, &routes);
        prop_assert_eq!(found.contains(&"route-conflict"), conflict.is_some(), "{:?} {}", conflict, told);
        if conflict.is_none() {
            let taken = overlaps.iter().find(|overlap| !is_settled(overlap, &routes));
            let taken = taken.map(|it| (it.winner, it.loser, it.path.escape_ascii().to_string()));
            prop_assert_eq!(found.contains(&"route-overlap"), taken.is_some(), "{:?} {}", taken, told);
        }
        Ok(())
    });
}

/// What is done about the overlaps of a random host.
#[derive(Debug, Clone)]
enum Settle {
    /// The keys stay as random as they are.
    Random,
    /// Every overlap is settled, by `overrides` or by `yields`.
    All(u64),
    /// Every overlap is settled, and then one route loses its keys.
    AllBut(u64, Index),
}

impl Arbitrary for Settle {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        let all_but = (any::<u64>(), any::<Index>()).prop_map(|(by, at)| Self::AllBut(by, at));
        prop_oneof![Just(Self::Random), any::<u64>().prop_map(Self::All), all_but].boxed()
    }
}

impl Settle {
    fn apply(&self, mut routes: Vec<OwnedRoute>, overlaps: &[Overlap<'_>]) -> Vec<OwnedRoute> {
        let by = match self {
            Self::Random => return routes,
            Self::All(by) | Self::AllBut(by, _) => *by,
        };
        for route in &mut routes {
            (route.overrides, route.yields) = (Vec::new(), false);
        }
        for &Overlap { winner, loser, .. } in overlaps {
            if by >> (winner * 8 + loser) & 1 == 0 {
                let loser = routes[loser].app;
                routes[winner].overrides.push(loser);
            } else {
                routes[loser].yields = true;
            }
        }
        if let Self::AllBut(_, at) = self {
            let at = at.index(routes.len());
            let route = &mut routes[at];
            (route.overrides, route.yields) = (Vec::new(), false);
        }
        routes
    }
}

/// Two to six routes over two or three apps, from a few segments below `/p`.
fn routes(n_segments: usize) -> impl Strategy<Value = Vec<OwnedRoute>> {
    subsequence(SEGMENTS, 2..=4).prop_flat_map(move |segments| {
        let segments = vec(select(segments), 0..=n_segments);
        let is_catch_all = prop_oneof![4 => Just(false), 1 => Just(true)];
        let text = (segments, is_catch_all).prop_map(move |(mut segments, is_catch_all)| {
            if is_catch_all {
                segments.truncate(n_segments - 1);
                segments.push("{*}");
            }
            name_params(&segments.iter().fold("/p".to_owned(), |text, segment| format!("{text}/{segment}")), "p")
        });
        let methods = prop_oneof![
            6 => Just(Methods::ALL),
            1 => Just(Methods::from(Method::GET)),
            1 => Just(Methods::from(Method::HEAD)),
            1 => Just([Method::GET, Method::POST].into_iter().collect()),
        ];
        let route = (text, methods, 0..SLUGS.len(), subsequence(vec![0, 1, 2], 0..=2), any::<bool>());
        let route = route.prop_map(owned);
        // Of two patterns alone no other overlap hides what is said of theirs.
        prop_oneof![2 => vec(route.clone(), 2), 1 => vec(route, 3..=6)]
    })
}

fn owned((text, methods, app, overrides, yields): (String, Methods, usize, Vec<usize>, bool)) -> OwnedRoute {
    let overrides = overrides.into_iter().filter(|other| *other != app).collect();
    let route = Route::new(text, methods).expect("the templates are patterns");
    OwnedRoute { app, route, overrides, yields: yields && app == 0 }
}

fn apps(routes: &[OwnedRoute]) -> Vec<App> {
    let written = |it: &OwnedRoute| WrittenRoute {
        path: it.route.text.clone(),
        methods: it.route.methods,
        overrides: it.overrides.iter().map(|app| SLUGS[*app].to_owned()).collect(),
        yields: it.yields,
    };
    let of_app = |app: usize| routes.iter().filter(move |it| it.app == app).map(written).collect();
    SLUGS.iter().enumerate().map(|(app, slug)| App { slug: (*slug).to_owned(), routes: of_app(app) }).collect()
}

fn list(routes: &[OwnedRoute]) -> Vec<String> {
    let line = |it: &OwnedRoute| {
        let OwnedRoute { app, route, overrides, yields } = it;
        format!("{} {:?} of {app}, overrides {overrides:?}, yields {yields}", route.text, route.methods)
    };
    routes.iter().map(line).collect()
}
