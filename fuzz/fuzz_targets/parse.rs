//! Any text as every kind of manifest: what is read and what is wrong has a place in the text.

#![no_main]

use bakehouse_manifest::profile::Profile;
use bakehouse_manifest::{Problem, calcom, native};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (host, problems) = native::parse_host(text);
    assert_placed(text, &problems);
    for app in host.host.core {
        assert!(text.get(app.span.start..app.span.end).is_some(), "{app:?}");
    }
    let (app, problems) = native::parse_app(text);
    assert_placed(text, &problems);
    for reference in app.references {
        assert!(text.get(reference.path.span.start..reference.path.span.end).is_some(), "{reference:?}");
    }
    // The text as both the manifest and the description.
    let (app, problems, described) = calcom::parse_app("zoom", "config.json", text, Some(text), true);
    assert_placed(text, &problems);
    assert_placed(text, &described);
    assert_placed(text, &app.tolerated);
    if let Err(error) = Profile::parse(text) {
        assert!(text.get(error.span().start..error.span().end).is_some(), "{error}");
    }
});

fn assert_placed(text: &str, problems: &[Problem]) {
    for problem in problems {
        assert!(text.get(problem.span.start..problem.span.end).is_some(), "{problem:?}");
    }
}
