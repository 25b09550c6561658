//! Profiles: what was written is read back, runs add up, and what is no profile is told with its place.

use bakehouse_manifest::profile::{AppUse, Profile, Reason};
use proptest::prelude::*;

fn reasons() -> impl Strategy<Value = Reason> {
    let named = (0..4usize, "\\PC{0,8}").prop_map(|(kind, of)| match kind {
        0 => Reason::Preload(of),
        1 => Reason::Required(of),
        2 => Reason::Route(of),
        _ => Reason::Used(of),
    });
    prop_oneof![named, Just(Reason::Call), Just(Reason::Start), Just(Reason::WarmUp)]
}

fn profiles() -> impl Strategy<Value = Profile> {
    let why = prop::collection::vec((reasons(), 0..1000u64), 0..5);
    let app = ("[a-c]{1,2}", prop::array::uniform6(0..u64::MAX / 8), why).prop_map(|(slug, numbers, why)| {
        let [runs, early_runs, first_use_us, hits, loads, load_us] = numbers;
        let mut app = AppUse { slug, runs, early_runs, first_use_us, hits, loads, load_us, why: Vec::new() };
        for (why, loads) in why {
            app.count(why, loads);
        }
        app
    });
    (0..1000u64, prop::collection::vec(app, 0..6)).prop_map(|(runs, apps)| {
        let mut profile = Profile { runs, apps: Vec::new() };
        for app in apps {
            profile.add(Profile { runs: 0, apps: vec![app] });
        }
        profile
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(profile in profiles()) {
        prop_assert_eq!(Profile::parse(&profile.to_json()), Ok(profile.clone()));
        prop_assert!(profile.apps.is_sorted_by(|a, b| a.slug < b.slug));
    }

    #[test]
    fn runs_add_up_in_any_order(one in profiles(), other in profiles()) {
        let add = |mut one: Profile, other: Profile| {
            one.add(other);
            one
        };
        prop_assert_eq!(add(one.clone(), other.clone()), add(other, one));
    }

    #[test]
    fn no_text_makes_it_panic(profile in profiles(), at in any::<prop::sample::Index>(), put in "\\PC{0,3}") {
        let mut text = profile.to_json();
        let at = at.index(text.len());
        if text.is_char_boundary(at) {
            text.insert_str(at, &put);
        }
        let _ = Profile::parse(&text);
        let _ = Profile::parse(text.get(..at).unwrap_or_default());
    }
}

#[test]
fn a_profile_is_an_app_a_line() {
    let mut profile = Profile { runs: 12, apps: Vec::new() };
    profile.app("zoom").count(Reason::Used("a \"b\"".to_owned()), 1);
    profile.app("zoom").count(Reason::Route("/zoom/{id}".to_owned()), 10);
    profile.app("jitsi").hits = 3;
    let expected = r#"{"version":1,"runs":12,"apps":[
{"slug":"jitsi","runs":0,"early_runs":0,"first_use_us":0,"hits":3,"loads":0,"load_us":0,"why":[]},
{"slug":"zoom","runs":0,"early_runs":0,"first_use_us":0,"hits":0,"loads":0,"load_us":0,"why":[{"why":"route","of":"/zoom/{id}","loads":10},{"why":"used","of":"a \"b\"","loads":1}]}]}
"#;
    assert_eq!(profile.to_json(), expected);
    assert_eq!(profile.app("zoom").needed_loads(), 11);
}

#[test]
fn what_is_no_profile_is_told_with_its_place() {
    let cases = [
        ("", "must be a JSON object", 0),
        ("[1]", "must be a JSON object", 0),
        ("{\"version\":1,}", "not JSON: ", 12),
        ("{\"version\":2}", "must be of version 1, but is of version 2", 0),
        ("{\"version\":\"1\"}", "`version` must be a whole number of 64 bits", 11),
        ("{\"version\":1,\"runs\":-1}", "`runs` must be a whole number of 64 bits", 20),
        ("{\"version\":1,\"runs\":1}", "`apps` is missing", 0),
        ("{\"version\":1,\"runs\":1,\"apps\":[7]}", "`apps` must be a list of objects", 30),
        ("{\"version\":1,\"runs\":1,\"apps\":[{\"slug\":7}]}", "`slug` must be a string", 38),
    ];
    for (text, message, at) in cases {
        let error = Profile::parse(text).expect_err(text);
        assert!(error.to_string().starts_with(message), "{text}: {error}");
        assert_eq!(error.span().start, at, "{text}: {error}");
    }
}
