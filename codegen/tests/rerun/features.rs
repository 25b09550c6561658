//! A selection and the features that compile the apps' code must agree.

use super::project::{Build, PRINT_TABLE, Project};

/// The flags that the error says to build with.
#[track_caller]
fn proposed_flags(build: &Build, message: &str) -> String {
    let errors = build.errors();
    let [error] = errors.as_slice() else { panic!("must be one error, but was: {errors:#?}\n{}", build.stderr) };
    assert!(error.contains(&format!("bakehouse[feature-mismatch]: {message}\n")), "{error}");
    let (_, flags) = error.split_once("build with `").expect("proposes flags");
    flags.split_once('`').expect("ends the flags").0.to_owned()
}

#[test]
fn flags_of_a_mismatch_work() {
    let main = PRINT_TABLE.replace("apps!(table)", "apps!()");
    let project = Project::with_code("rerun-features", &main);
    project.write("apps.manifest.toml", "[host]\nname = \"test\"\n[select]\nbare = [\"plain\"]\ncoded = [\"hello\"]\n");
    assert_eq!(project.build().apps(), ["hello: Hello", "plain: Plain"]);

    let build = project.build_with("", Some("bare"));
    assert!(build.is_baked(), "another selection bakes:\n{}", build.stderr);
    let flags = proposed_flags(&build, "feature `hello` is on, but the selection `bare` leaves out the app `hello`");
    assert_eq!(flags, "--no-default-features --features other");
    assert_eq!(project.build_with(&flags, Some("bare")).apps(), ["plain: Plain"]);

    let build = project.build_with(&flags, Some("coded"));
    let flags = proposed_flags(&build, "feature `hello` is off, but the selection `coded` bakes the app `hello`");
    assert_eq!(flags, "--no-default-features --features hello,other");
    assert_eq!(project.build_with(&flags, Some("coded")).apps(), ["hello: Hello"]);

    let build = project.build_with("--no-default-features", None);
    let flags = proposed_flags(&build, "feature `hello` is off, but every app is baked where there is no selection");
    assert_eq!(flags, "--no-default-features --features hello");
    assert_eq!(project.build_with(&flags, None).apps(), ["hello: Hello", "plain: Plain"]);
}
