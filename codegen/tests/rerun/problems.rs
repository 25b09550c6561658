//! A mistake is one error of rustc with the lines of the manifest, and nothing else of the program is.

use super::project::{Build, Project};

const USE_ALL: &str = r#"
mod store {
    bakehouse_macros::apps!();
}

fn main() {
    println!("{} {} {:?}", store::TABLE.n_apps(), store::BASE, store::hello());
    println!("{}", store::REGISTRY.table().n_apps());
}
"#;

/// Checks that there are these errors and no others; each must have all its texts.
#[track_caller]
fn check(build: &Build, expected: &[&[&str]]) {
    let errors = build.errors();
    assert_eq!(errors.len(), expected.len(), "{errors:#?}\n{}", build.stderr);
    for (error, texts) in errors.iter().zip(expected) {
        for text in *texts {
            assert!(error.contains(text), "must have `{text}`, but was:\n{error}");
        }
    }
}

#[test]
fn one_error_a_mistake() {
    let project = Project::with_code("rerun-problems", USE_ALL);
    assert!(project.build().run().starts_with("2 "), "is right at first");

    project.write(
        "apps/plain/app.toml",
        "slug = \"plain\"\nname = \"Plain\"\nentri = \"plain::app\"\nuses = [\"helo\"]\n",
    );
    let entri = ["bakehouse[unknown-key]", "--> apps/plain/app.toml:3:1", "3 | entri = \"plain::app\"", "help: "];
    let helo = ["bakehouse[unknown-app]", "--> apps/plain/app.toml:4:9", "4 | uses = [\"helo\"]", "`hello`"];
    check(&project.build(), &[&entri, &helo]);

    // Its own manifest is broken, so that nobody knows whether it has code.
    project.write("apps/plain/app.toml", "slug = \"plain\"\nname = \"Plain\"\n");
    project.write("apps/hello/app.toml", "slug = \"hello\"\nname = \"Hello\"\nentry = hello::app\n");
    check(&project.build(), &[&["--> apps/hello/app.toml:3:9", "3 | entry = hello::app"]]);

    project.write("apps/hello/app.toml", "slug = \"hello\"\nname = \"Hello\"\nentry = \"hello::app\"\n");
    assert!(project.build().run().starts_with("2 "), "is right again");
}

#[test]
fn an_entry_that_is_no_constructor() {
    let project = Project::with_code("rerun-entries", USE_ALL);
    let cases: &[(&str, &[&str])] = &[
        ("hello::nothing", &["cannot find value `nothing`"]),
        ("hello::not_async", &["is not a future", "bakehouse_sdk::__private3::construct"]),
    ];
    for (entry, texts) in cases {
        project.write("apps/hello/app.toml", &format!("slug = \"hello\"\nname = \"Hello\"\nentry = \"{entry}\"\n"));
        let texts: Vec<&str> = texts.iter().copied().chain(["// `entry` at apps/hello/app.toml:3:9"]).collect();
        check(&project.build(), &[&texts]);
    }
    project.write("apps/hello/app.toml", "slug = \"hello\"\nname = \"Hello\"\nentry = \"helo::app\"\n");
    let helo = ["bakehouse[missing-dependency]", "--> apps/hello/app.toml:3:9", "did you mean `hello`?"];
    check(&project.build(), &[&helo]);
}

#[test]
fn two_apps_that_want_one_name() {
    let project = Project::with_code("rerun-names", USE_ALL);
    project.write("apps/a/app.toml", "slug = \"a-b\"\nname = \"A\"\nentry = \"hello::app\"\n");
    project.write("apps/b/app.toml", "slug = \"a.b\"\nname = \"B\"\nentry = \"hello::app\"\n");
    check(&project.build(), &[&["bakehouse[function-name]", "apps/a/app.toml:1:8", "apps/b/app.toml:1:8"]]);
}

#[test]
fn a_dialect_that_the_build_leaves_out() {
    let project = Project::new("rerun-dialect");
    project.write("apps.manifest.toml", "[host]\nname = \"calcom\"\ndialect = \"calcom\"\ncore = [\"zoom\"]\n");
    let dialect = ["bakehouse[wrong-dialect]", "--> apps.manifest.toml:3:11", "the feature `calcom`"];
    check(&project.build(), &[&dialect]);
}

#[test]
fn a_host_manifest_that_is_not_there() {
    let project = Project::new("rerun-no-manifest");
    project.write("build.rs", "fn main() { bakehouse_codegen::bake(\"app.manifest.toml\"); }\n");
    check(&project.build(), &[&["bakehouse[unreadable]", "app.manifest.toml"]]);
}

#[test]
fn a_build_script_that_does_not_bake() {
    let project = Project::new("rerun-no-bake");
    project.write("build.rs", "fn main() {}\n");
    let help = "call `bakehouse_codegen::bake(\"apps.manifest.toml\");` in the `main` function of `build.rs`";
    check(&project.build(), &[&["the build script of this package has not baked the apps", help, "src/main.rs:"]]);
}

#[test]
fn warnings_are_cargos() {
    let project = Project::new("rerun-warnings");
    project.write("apps.manifest.toml", "[host]\nname = \"test\"\napps = [\"*\", \"more/*\"]\n");
    let build = project.build();
    assert_eq!(build.apps(), ["hello: Hello"]);
    let warning = "warning: rerun-warnings@0.1.0: apps.manifest.toml:3:14: no folder matches `more/*`; ";
    assert!(build.stderr.contains(warning), "{}", build.stderr);
}
