//! What somebody else made is never touched: it is named, and nothing is written.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use bakehouse_runtime::link::LinkOptions;

use crate::site::{AUTO, COPY, HARDLINK, file, folded, text, unfolded, zoom};

#[test]
fn what_somebody_else_put_in_the_way_stops_everything_and_is_named() {
    type Put = fn(&Path);
    let cases: [(&str, Put, &str); 8] = [
        (
            "meet.svg",
            |path| symlink("../apps/zoom/static/icon.svg", path).unwrap(),
            "a link to `../apps/zoom/static/icon.svg`, into the folder of app `zoom`",
        ),
        ("zoom", |path| fs::write(path, "mine").unwrap(), "a file of 4 bytes"),
        ("zoom", |path| fs::create_dir(path).unwrap(), "a folder"),
        ("zoom", |path| symlink("../else", path).unwrap(), "a link to `../else`"),
        ("meet.svg", |path| fs::create_dir(path).unwrap(), "a folder"),
        ("meet.svg", |path| fs::write(path, "mine").unwrap(), "a file of 4 bytes"),
        ("meet.svg", |path| symlink("/etc/passwd", path).unwrap(), "a link to `/etc/passwd`"),
        ("zoom", |path| drop(std::os::unix::net::UnixListener::bind(path).unwrap()), "a socket"),
    ];
    for (path, put, found) in cases {
        for options in [AUTO, HARDLINK, COPY] {
            if found == "a folder" && path == "zoom" && options != AUTO {
                continue; // a real folder is what is wanted there
            }
            let site = zoom();
            fs::create_dir(site.public()).unwrap();
            put(&site.public().join(path));
            let before = site.everything();
            let report = site.link(&folded(), options);
            let conflicts: Vec<_> = report.conflicts.iter().map(|c| (text(&c.path), c.found.clone())).collect();
            assert_eq!(conflicts, [(path.to_owned(), found.to_owned())], "{options:?}");
            assert!(!report.conflicts[0].help.is_empty());
            assert_eq!((report.planned, report.created, report.entries.len()), (2, 0, 0));
            assert_eq!(site.everything(), before);
        }
    }
}

#[test]
fn every_conflict_is_found_in_one_run_and_each_once() {
    let site = zoom();
    fs::create_dir(site.public()).unwrap();
    symlink("/tmp", site.public().join("zoom")).unwrap();
    fs::write(site.public().join("meet.svg"), "mine").unwrap();
    let report = site.link(&unfolded(), LinkOptions::default());
    let paths: Vec<_> = report.conflicts.iter().map(|conflict| text(&conflict.path)).collect();
    assert_eq!(paths, ["meet.svg", "zoom"]);
    assert_eq!(report.conflicts[1].found, "a link to `/tmp`");
}

#[test]
fn a_foreign_link_on_the_way_is_never_followed() {
    let site = zoom();
    let outside = site.path().join("outside");
    fs::create_dir_all(outside.join("img")).unwrap();
    fs::create_dir(site.public()).unwrap();
    symlink(&outside, site.public().join("zoom")).unwrap();
    for options in [AUTO, HARDLINK, COPY] {
        for plan in [folded(), unfolded()] {
            assert_eq!(site.link(&plan, options).conflicts.len(), 1);
        }
    }
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    assert_eq!(fs::read_dir(outside.join("img")).unwrap().count(), 0);
}

#[test]
fn a_folder_swapped_for_a_link_after_linking_is_not_followed_either() {
    let site = zoom();
    site.settle(&unfolded());
    let outside = site.path().join("outside");
    fs::rename(site.public().join("zoom"), &outside).unwrap();
    symlink(&outside, site.public().join("zoom")).unwrap();
    assert_eq!(text(&site.link(&unfolded(), LinkOptions::default()).conflicts[0].path), "zoom");

    // Nothing is wanted there any more: what is behind the link stays, and the report says so.
    let report = site.link(&[file("meet.svg", "meet/logo.svg")], LinkOptions::default());
    assert_eq!((report.removed, report.kept.len()), (0, 2), "{report:?}");
    assert!(outside.join("icon.svg").is_symlink() && outside.join("img/1.png").is_symlink());
}

#[test]
fn a_link_to_the_very_source_is_taken_over() {
    let site = zoom();
    fs::create_dir(site.public()).unwrap();
    symlink("../apps/zoom/static", site.public().join("zoom")).unwrap();
    let report = site.settle(&folded());
    assert_eq!((report.created, report.unchanged), (1, 1));
}

#[test]
fn an_own_link_that_dangles_is_replaced() {
    let site = zoom();
    site.settle(&[file("a", "meet/logo.svg")]);
    fs::remove_file(site.root().join("meet/logo.svg")).unwrap();
    assert!(site.public().join("a").is_symlink());
    let report = site.settle(&[file("a", "zoom/static/icon.svg")]);
    assert_eq!(report.replaced, 1);
}

#[test]
fn an_own_folder_that_somebody_put_a_file_into_is_not_folded() {
    let site = zoom();
    site.settle(&unfolded());
    fs::write(site.public().join("zoom/img/mine.png"), "mine").unwrap();
    let report = site.link(&folded(), LinkOptions::default());
    assert_eq!(report.conflicts.len(), 1);
    assert_eq!(report.conflicts[0].found, "a folder that holds `zoom/img/mine.png`, which Bakehouse did not make");
    fs::remove_file(site.public().join("zoom/img/mine.png")).unwrap();
    site.settle(&folded());
}

#[test]
fn a_copy_that_somebody_changed_is_in_the_way() {
    let site = zoom();
    site.settle_with(&folded(), COPY);
    fs::write(site.public().join("meet.svg"), "mine").unwrap(); // as long as the source
    let report = site.link(&folded(), COPY);
    assert_eq!(report.conflicts.len(), 1);
    assert_eq!(site.read("meet.svg"), "mine");
}

#[test]
fn whose_it_is_is_told_if_it_is_not_the_public_folder_s_owner() {
    let site = zoom();
    fs::create_dir(site.public()).unwrap();
    fs::write(site.public().join("meet.svg"), "m").unwrap();
    if std::os::unix::fs::chown(site.public().join("meet.svg"), Some(12345), None).is_err() {
        println!("skipped: this user may not give files away");
        return;
    }
    let report = site.link(&folded(), AUTO);
    assert_eq!(report.conflicts[0].found, "a file of 1 byte that belongs to user 12345");
}
