//! Cleaning takes away what was made, and nothing else, however often and in whatever state.

use std::fs;
use std::os::unix::fs::symlink;

use bakehouse_links::Tree;

use crate::common::{CHANGED, OFFICE, office};

#[test]
fn cleaning_twice_is_cleaning_once() {
    let site = office();
    site.link(&OFFICE).fine();
    assert_ne!(site.clean(&OFFICE).fine().count("removed"), 0);
    let before = site.everything();
    let again = site.clean(&OFFICE).fine();
    assert_eq!((again.count("removed"), again.count("kept"), again.stderr.as_str()), (0, 0, ""), "{again}");
    assert_eq!(site.everything().difference(&before), "");
}

#[test]
fn a_site_that_was_never_linked_is_clean() {
    let site = office();
    site.write("public/mine", "mine");
    let before = site.tree();
    let run = site.clean(&OFFICE).fine();
    assert_eq!((run.count("removed"), run.count("kept")), (0, 0), "{run}");
    assert_eq!(site.tree().difference(&before), "");
}

#[test]
fn a_public_folder_that_does_not_exist_is_clean() {
    let site = office();
    let before = site.everything();
    let run = site.clean(&OFFICE).fine();
    assert_eq!(run.count("removed"), 0, "{run}");
    assert_eq!(site.everything().without(".bakehouse").difference(&before), "");
}

#[test]
fn what_others_put_beside_the_links_stays() {
    let site = office();
    site.link(&OFFICE).fine();
    let mine = ["mine", "app-assets/mine", "shared/icons/mine", "real/copies/mine", "a/mine"];
    for path in mine {
        site.write(&format!("public/{path}"), "mine");
    }
    site.clean(&OFFICE).fine();
    assert_eq!(site.assets().keys().map(|path| path.display().to_string()).collect::<Vec<_>>(), {
        let mut mine = mine.map(str::to_owned);
        mine.sort();
        mine
    });
}

/// An own link whose source is gone is still own: it goes, or leads to where the source is now.
#[test]
fn an_own_dangling_link_is_replaced_and_cleaned() {
    let site = office();
    site.link(&OFFICE).fine();
    fs::remove_file(site.path("apps/meet/logo.svg")).unwrap();
    site.link(&CHANGED).fine();
    assert_eq!(fs::read_to_string(site.public().join("logos/meet/dark.svg")).unwrap(), "dark");

    let site = office();
    site.link(&OFFICE).fine();
    fs::remove_dir_all(site.apps()).unwrap();
    site.clean(&OFFICE).fine();
    assert_eq!(site.tree(), Tree::default());
}

/// The link's folder was swapped for a link that leads out, to a folder which looks the same.
#[test]
fn nothing_is_taken_away_behind_a_link() {
    for target in ["../outside", "../outside/", "../outside/.", "../outside/dir/.."] {
        let site = office();
        site.link(&OFFICE).fine();
        fs::create_dir(site.path("outside")).unwrap();
        fs::create_dir(site.path("outside/dir")).unwrap();
        fs::rename(site.public().join("shared/icons"), site.path("outside/icons")).unwrap();
        fs::remove_dir(site.public().join("shared")).unwrap();
        symlink(target, site.public().join("shared")).unwrap();
        let before = Tree::of(&site.path("outside"));
        let run = site.clean(&OFFICE).fine();
        assert_eq!(Tree::of(&site.path("outside")).difference(&before), "", "{target}: {run}");
        assert!(run.stderr.contains("kept: `shared"), "{target}: {run}");
    }
}

#[test]
fn one_app_is_cleaned_and_the_others_stay() {
    let site = office();
    site.link(&OFFICE).fine();
    let before = site.assets();
    let run = bakehouse_links::Run::of(site.clean_command(&OFFICE).arg("cal")).fine();
    assert_eq!(run.count("removed"), 1, "{run}");
    let gone: Vec<_> = before.keys().filter(|path| !site.assets().contains_key(*path)).cloned().collect();
    assert_eq!(gone, [std::path::Path::new("shared/icons/cal.svg")]);
    site.link(&OFFICE).fine();
    assert_eq!(site.assets(), before);
}
