//! The profile: what `serve --profile` leaves behind, and what `check` makes of it.

use insta::assert_snapshot;

use crate::common::Host;
use crate::serve::{Serving, end};

#[test]
#[cfg(unix)]
fn runs_are_counted_in_one_file() {
    let host = Host::office();
    for runs in 1..=3 {
        let (serving, _) = Serving::ready(&host, &["--profile", "profile.json"], &[]);
        end(serving);
        let text = std::fs::read_to_string(host.path("profile.json")).expect("a profile");
        // Nothing is ever loaded of apps without code.
        assert_eq!(text, format!("{{\"version\":1,\"runs\":{runs},\"apps\":[]}}\n"));
    }
    let names = std::fs::read_dir(host.dir()).expect("the host's folder");
    let names = names.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
    assert!(names.into_iter().all(|name| !name.contains("stage")), "nothing is left behind");
}

#[test]
fn what_is_no_profile_is_left_alone() {
    let host = Host::office();
    host.write("notes.txt", "not JSON");
    let run = host.run(&["serve", "--addr", "127.0.0.1:0", "--profile", "notes.txt"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run}");
    assert!(run.stderr.starts_with("error: `notes.txt` is no profile\n  caused by: not JSON: "), "{run}");
    assert_eq!(std::fs::read_to_string(host.path("notes.txt")).expect("a file"), "not JSON");
    let run = host.run(&["serve", "--addr", "127.0.0.1:0", "--profile", "nowhere/profile.json"]);
    assert!(run.code == Some(1) && run.stderr.starts_with("error: failed to write `nowhere/profile.json`"), "{run}");
}

const PROFILE: &str = r#"{"version":1,"runs":4,"apps":[
{"slug":"calendar","runs":4,"early_runs":4,"first_use_us":400,"hits":90,"loads":4,"load_us":40,"why":[{"why":"used","of":"meet","loads":4}]},
{"slug":"gone","runs":1,"early_runs":0,"first_use_us":400,"hits":0,"loads":1,"load_us":4,"why":[{"why":"call","loads":1}]},
{"slug":"meet","runs":4,"early_runs":0,"first_use_us":400,"hits":30,"loads":4,"load_us":40,"why":[{"why":"route","of":"/meet/{room}.ics","loads":4}]}]}"#;

#[test]
fn check_proposes_what_a_profile_shows() {
    let host = Host::new(&[
        ("apps.manifest.toml", "[host]\nname = \"office\"\nprofile = \"profile.json\"\n"),
        ("apps/calendar/app.toml", "slug = \"calendar\"\nname = \"Calendar\"\nentry = \"calendar::app\"\n"),
        (
            "apps/meet/app.toml",
            "slug = \"meet\"\nname = \"Meet\"\nentry = \"meet::app\"\nuses = [\"calendar\"]\n\
             [[route]]\npath = \"/meet/{room}.ics\"\n",
        ),
        ("profile.json", PROFILE),
    ]);
    assert_snapshot!(host.transcript(&["check", "check --format json", "check --verbose"]));
    std::fs::remove_file(host.path("profile.json")).expect("the profile can be removed");
    assert_snapshot!(host.transcript(&["check", "check --verbose"]));
}
