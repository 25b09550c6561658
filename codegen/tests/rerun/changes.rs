//! A change of what is baked bakes again, and nothing else does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use super::project::Project;

/// Checks that the next build bakes, that the program then has these apps, and that it settles.
#[track_caller]
fn check(project: &Project, change: &str, apps: &[&str]) {
    let build = project.build();
    assert!(build.is_baked(), "{change} must bake:\n{}", build.stderr);
    assert_eq!(build.apps(), apps, "{change}");
    let build = project.build();
    assert!(build.is_fresh(), "nothing is to do after {change}:\n{}", build.stderr);
}

#[test]
fn each_change_of_an_app_bakes() {
    let project = Project::new("rerun-apps");
    check(&project, "the first build", &["hello: Hello"]);

    project.write("apps/bye/app.toml", "slug = \"bye\"\nname = \"Bye\"\n");
    check(&project, "a new app", &["bye: Bye", "hello: Hello"]);

    project.write("apps/bye/app.toml", "slug = \"bye\"\nname = \"Good bye\"\n");
    check(&project, "an edited manifest", &["bye: Good bye", "hello: Hello"]);

    fs::rename(project.folder.join("apps/bye"), project.folder.join("apps/_bye")).expect("renames a folder");
    check(&project, "an app renamed to what is left out", &["hello: Hello"]);

    fs::rename(project.folder.join("apps/_bye"), project.folder.join("apps/see-you")).expect("renames a folder");
    check(&project, "a renamed app", &["bye: Good bye", "hello: Hello"]);

    fs::remove_dir_all(project.folder.join("apps/see-you")).expect("removes a folder");
    check(&project, "a deleted app", &["hello: Hello"]);

    project.write("apps.manifest.toml", "[host]\nname = \"test\"\nexclude = [\"hello\"]\n");
    check(&project, "an edited host manifest", &[]);
}

/// Cargo can't watch for a file to appear, so that it bakes with each build until the profile is there.
#[test]
fn a_profile_bakes_when_it_is_recorded_and_when_it_changes() {
    let project = Project::new("rerun-profile");
    project.write("apps.manifest.toml", "[host]\nname = \"test\"\nprofile = \"used/profile.json\"\n");
    for _ in 0..2 {
        let build = project.build();
        assert!(build.is_baked() && build.success, "{}", build.stderr);
    }
    project.write("used/profile.json", "{\"version\":1,\"runs\":0,\"apps\":[]}\n");
    check(&project, "a new profile", &["hello: Hello"]);
    project.write("used/profile.json", "{\"version\":1,\"runs\":1,\"apps\":[]}\n");
    check(&project, "a changed profile", &["hello: Hello"]);
    project.write("used/profile.json", "{}\n");
    let build = project.build();
    assert!(build.errors().iter().any(|error| error.contains("bakehouse[profile-damaged]")), "{}", build.stderr);
}

fn written(out_dir: &Path) -> BTreeMap<String, SystemTime> {
    let entries = fs::read_dir(out_dir).expect("lists the folder").map(|entry| entry.expect("reads an entry"));
    let modified = entries.map(|entry| {
        let time = entry.metadata().and_then(|metadata| metadata.modified()).expect("has a time");
        (entry.file_name().to_string_lossy().into_owned(), time)
    });
    modified.collect()
}

#[test]
fn output_that_is_the_same_is_not_written_again() {
    let project = Project::new("rerun-assets");
    let before = written(&project.build().out_dir());
    assert_eq!(
        before.keys().map(String::as_str).collect::<Vec<_>>(),
        ["bakehouse.names", "bakehouse.table", "bakehouse_registry.rs", "bakehouse_table.rs"]
    );

    project.write("apps/hello/static/icon.svg", "<svg></svg>\n");
    let build = project.build();
    assert!(build.is_baked(), "an edited asset bakes:\n{}", build.stderr);
    assert_eq!(written(&build.out_dir()), before, "but gives the same table");
    assert!(project.build().is_fresh(), "and settles");

    project.write("apps/hello/app.toml", "slug = \"hello\"\nname = \"Hello, you\"\n");
    let after = written(&project.build().out_dir());
    assert_ne!(after["bakehouse.table"], before["bakehouse.table"], "another name is another table");
    assert_eq!(after["bakehouse_table.rs"], before["bakehouse_table.rs"], "with the same Rust");
}

#[test]
fn a_checkout_that_moved_knows_where_its_apps_are() {
    let mut project = Project::new("rerun-moved");
    assert!(project.build().run().contains(&format!("root: {}\n", project.folder.join("apps").display())));
    let place = project.folder.with_extension("elsewhere");
    if place.exists() {
        fs::remove_dir_all(&place).expect("removes what an earlier run left");
    }
    fs::rename(&project.folder, &place).expect("moves the checkout");
    project.folder = place;
    let build = project.build();
    assert!(build.run().contains(&format!("root: {}\n", project.folder.join("apps").display())));
    assert_eq!(build.apps(), ["hello: Hello"]);
}
