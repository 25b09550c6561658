//! Something is in the way that Bakehouse did not make: it is told, with what it is, and nothing is written.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use bakehouse_links::{App, Asset, Site, Tree};

use crate::common::{BAKEHOUSE, CAL, MAIL, OFFICE, ZOOM, office};

/// Something that somebody put into a public folder.
type Put = fn(&Path);

fn file(at: &Path) {
    fs::write(at, "mine").unwrap();
}

fn folder(at: &Path) {
    fs::create_dir(at).unwrap();
}

fn folder_with_a_file(at: &Path) {
    folder(at);
    file(&at.join("mine"));
}

fn foreign_link(at: &Path) {
    symlink("/etc/hostname", at).unwrap();
}

fn link_to_a_folder(at: &Path) {
    symlink("/etc", at).unwrap();
}

fn dangling_link(at: &Path) {
    symlink("nowhere/at/all", at).unwrap();
}

fn link_to_itself(at: &Path) {
    symlink(at.file_name().unwrap(), at).unwrap();
}

fn socket(at: &Path) {
    drop(UnixListener::bind(at).unwrap());
}

fn pipe(at: &Path) {
    assert!(Command::new("mkfifo").arg(at).status().unwrap().success());
}

const ALL: [(&str, Put); 9] = [
    ("a file", file),
    ("a folder", folder),
    ("a folder", folder_with_a_file),
    ("a link to `/etc/hostname`", foreign_link),
    ("a link to `/etc`", link_to_a_folder),
    ("a link to `nowhere/at/all`", dangling_link),
    ("a link to ", link_to_itself),
    ("a socket", socket),
    ("a named pipe", pipe),
];

/// Puts something at `path` and links: a conflict that names both, and nothing is written.
#[track_caller]
fn check(site: &Site, path: &str, what: &str, put: Put) {
    let at = site.public().join(path);
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    put(&at);
    let before = site.everything();
    let run = site.link(&OFFICE);
    let told = format!("conflict: `{path}`: {what}");
    assert!(run.code == Some(1) && run.stderr.contains(&told), "`{told}` is not told: {run}");
    assert_eq!(run.count("conflicts"), 1, "{run}");
    assert!(run.stderr.contains("  help: "), "{run}");
    let difference = site.everything().difference(&before);
    assert!(difference.is_empty(), "something was written:\n{difference}{run}");
}

#[test]
fn it_is_in_the_place_of_a_linked_folder() {
    for (what, put) in ALL {
        check(&office(), "app-assets/zoom", what, put);
    }
}

#[test]
fn it_is_in_the_place_of_a_linked_file() {
    for (what, put) in ALL {
        check(&office(), "shared/icons/cal.svg", what, put);
    }
}

#[test]
fn it_is_in_the_place_of_a_copy() {
    for (what, put) in ALL {
        check(&office(), "real/copies/a.txt", what, put);
    }
}

#[test]
fn it_is_on_the_way() {
    // A folder on the way may be anybody's.
    for (what, put) in ALL.into_iter().filter(|(what, _)| *what != "a folder") {
        for path in ["app-assets", "a/b", "shared/icons", "real/copies"] {
            check(&office(), path, what, put);
        }
    }
}

/// A link that leads out stays what it is, however its target is written.
#[test]
fn a_link_on_the_way_is_not_followed_however_it_is_written() {
    for target in ["../outside", "../outside/", "../outside/.", "../outside/dir/..", ".", "..", "./", "/"] {
        let site = office();
        site.write("outside/dir/canary", "canary");
        fs::create_dir(site.public()).unwrap();
        symlink(target, site.public().join("shared")).unwrap();
        let before = site.everything();
        let run = site.link(&OFFICE);
        assert!(run.code == Some(1) && run.stderr.contains("conflict: `shared`: a link to"), "{target}: {run}");
        assert_eq!(site.everything().difference(&before), "", "{target}: {run}");
    }
}

#[test]
fn what_came_after_a_run_is_in_the_way_of_the_next() {
    for (what, put) in ALL {
        let site = office();
        site.link(&OFFICE).fine();
        for path in ["app-assets/zoom", "shared/icons/cal.svg"] {
            fs::remove_file(site.public().join(path)).unwrap();
            put(&site.public().join(path));
            let before = site.tree();
            let run = site.link(&OFFICE);
            assert!(run.code == Some(1) && run.stderr.contains(&format!("conflict: `{path}`: {what}")), "{run}");
            assert_eq!(site.tree().difference(&before), "", "{run}");
            // Nor is it cleaned away.
        }
        let run = site.clean(&OFFICE).fine();
        for path in ["app-assets/zoom", "shared/icons/cal.svg"] {
            assert!(fs::symlink_metadata(site.public().join(path)).is_ok(), "{run}");
            assert!(run.stderr.contains(&format!("kept: `{path}`")), "{run}");
        }
        assert!(
            site.assets().keys().all(|asset| asset.starts_with("app-assets/zoom") || asset.starts_with("shared/icons"))
        );
    }
}

/// Two apps of two hosts that share a public folder: each has a ledger of its own.
#[test]
fn another_hosts_link_is_in_the_way() {
    let (zoom, other) = (BAKEHOUSE.bake(&[ZOOM]), BAKEHOUSE.bake(&[App { slug: "other", ..ZOOM }]));
    let site = BAKEHOUSE.site(&[&zoom, &other]);
    site.link(&zoom).fine();
    let before = site.tree();
    let mut command = site.link_command(&other);
    fs::create_dir(site.path("state")).unwrap();
    let run = bakehouse_links::Run::of(command.args(["--state", "state"]));
    assert!(run.code == Some(1), "{run}");
    assert!(run.stderr.contains("conflict: `app-assets/zoom`: a link to `../../apps/zoom/static`"), "{run}");
    assert_eq!(site.tree().difference(&before), "");
}

#[test]
fn every_conflict_is_told_at_once() {
    let site = office();
    for path in ["app-assets/zoom", "shared/icons/cal.svg", "real/copies/a.txt", "logos/meet"] {
        site.write(&format!("public/{path}"), "mine");
    }
    let before = Tree::of(&site.public());
    let run = site.link(&OFFICE);
    assert_eq!((run.code, run.count("conflicts")), (Some(1), 4), "{run}");
    assert_eq!(site.tree().difference(&before), "");
}

/// An asset's place that differs in nothing but what is there already is taken over: a restart after the ledger was lost.
#[test]
fn the_very_link_that_is_wanted_is_no_conflict() {
    const APPS: [App; 2] = [CAL, MAIL];
    let plan = BAKEHOUSE.bake(&APPS);
    let site = BAKEHOUSE.site(&[&plan]);
    fs::create_dir_all(site.public().join("shared/icons")).unwrap();
    symlink("../../../apps/cal/icons/cal.svg", site.public().join("shared/icons/cal.svg")).unwrap();
    let run = site.link(&plan).fine();
    assert_eq!((run.count("created"), run.count("unchanged")), (1, 1), "{run}");
}

#[test]
fn a_folder_named_0_is_a_folder_like_any_other() {
    const ZERO: App =
        App { slug: "zero", assets: &[Asset::auto("0", "0")], files: &[("0/0/0", "zero"), ("0/1", "one")] };
    const MORE: App = App { slug: "more", assets: &[Asset::auto("0", "0/0")], files: &[("0/2", "two")] };
    let (plan, unfolded) = (BAKEHOUSE.bake(&[ZERO]), BAKEHOUSE.bake(&[ZERO, MORE]));
    let site = BAKEHOUSE.site(&[&plan, &unfolded]);
    for plan in [&plan, &unfolded, &plan, &unfolded] {
        site.link(plan).fine();
        assert_eq!(fs::read_to_string(site.public().join("0/0/0")).unwrap(), "zero");
    }
    site.clean(&plan).fine();
    assert_eq!(site.tree(), Tree::default());
}
