//! What fails, fails alone: with its cause, what to do, and a ledger that stays true.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use bakehouse_runtime::link::LinkOptions;

use crate::site::{AUTO, COPY, HARDLINK, Site, file, folded, folder, text, unfolded, zoom};

#[test]
fn a_source_that_is_missing_or_lies_behind_a_link_fails_alone() {
    type Break = fn(&Path);
    let cases: [(Break, &str); 4] = [
        (|root| fs::remove_file(root.join("meet/logo.svg")).unwrap(), "missing"),
        (
            |root| {
                fs::remove_file(root.join("meet/logo.svg")).unwrap();
                symlink("/etc/passwd", root.join("meet/logo.svg")).unwrap();
            },
            "is a link and not a file",
        ),
        (
            |root| {
                fs::rename(root.join("meet"), root.join("real")).unwrap();
                symlink("real", root.join("meet")).unwrap();
            },
            "behind `meet`",
        ),
        (
            |root| {
                fs::remove_file(root.join("meet/logo.svg")).unwrap();
                fs::create_dir(root.join("meet/logo.svg")).unwrap();
            },
            "is a folder and not a file",
        ),
    ];
    for (break_source, problem) in cases {
        for options in [AUTO, HARDLINK, COPY] {
            let site = zoom();
            break_source(&site.root());
            let report = site.link(&folded(), options);
            assert_eq!(report.failed.len(), 1, "{report:?}");
            assert!(report.failed[0].problem.contains(problem), "{}", report.failed[0].problem);
            assert!(!report.failed[0].help.is_empty());
            assert_eq!((text(&report.failed[0].path), report.created), ("meet.svg".to_owned(), 1));
            assert_eq!(site.read("zoom/icon.svg"), "icon");
            assert!(fs::symlink_metadata(site.public().join("meet.svg")).is_err());
        }
    }
}

#[test]
fn a_failed_entry_keeps_what_stands_and_its_place_in_the_ledger() {
    let site = zoom();
    site.settle(&folded());
    fs::remove_file(site.root().join("meet/logo.svg")).unwrap();
    assert_eq!(site.link(&folded(), LinkOptions::default()).failed.len(), 1);
    assert!(site.public().join("meet.svg").is_symlink());
    assert_eq!(site.clean(&[]).removed, 2);
}

#[test]
fn a_path_that_leads_out_is_refused() {
    let cases = [
        file("../out", "meet/logo.svg"),
        file("a/../../out", "meet/logo.svg"),
        file("/out", "meet/logo.svg"),
        file("a", "../secret"),
        folder("a/b", "zoom/static", &["../../../out"]),
        folder("a", "zoom", &["../../secret"]),
    ];
    for planned in cases {
        let site = zoom();
        fs::write(site.path().join("secret"), "secret").unwrap();
        let report = site.link(std::slice::from_ref(&planned), COPY);
        assert_eq!((report.failed.len(), report.created), (1, 0), "{planned:?}");
        assert_eq!(site.tree(), [""; 0]);
        assert!(!site.path().join("out").exists());
    }
}

#[test]
fn a_path_that_leads_out_is_refused_when_copies_stand_in_too() {
    let site = Site::new(&[]);
    let deep = vec![b"d".repeat(200); 25].join(&b'/');
    site.add_source(&[&deep, b"icon.svg".as_slice()].join(&b'/'), "icon");
    let report = site.link(&[folder("a/b", &deep, &["../../../out", "icon.svg"])], AUTO);
    assert_eq!((report.failed.len(), report.created), (1, 0));
    assert!(!site.path().join("out").exists());
    assert_eq!(site.read("a/b/icon.svg"), "icon");
}

#[test]
fn a_fallback_is_reported_with_its_cause_and_can_be_forbidden() {
    let Some(site) = Site::across_file_systems(&[("zoom/static/icon.svg", "icon"), ("meet/logo.svg", "meet")]) else {
        println!("skipped: /dev/shm is not there or not another file system");
        return;
    };
    let plan = [file("meet.svg", "meet/logo.svg"), folder("zoom", "zoom/static", &["icon.svg"])];
    let require = LinkOptions { require: true, ..HARDLINK };
    let report = site.link(&plan, require);
    assert_eq!((report.failed.len(), report.created), (2, 0));
    assert!(report.failed.iter().all(|failure| failure.error.is_some() && failure.help.contains("file system")));
    assert_eq!(site.tree(), [""; 0]);

    let report = site.settle_with(&plan, HARDLINK);
    assert_eq!((report.methods.copy, report.methods.hardlink), (2, 0));
    for entry in &report.entries {
        assert!(
            entry.reason.starts_with("copy: hardlink failed: ") && entry.reason.contains("os error 18"),
            "{entry:?}"
        );
    }
    // A stand-in is taken away by nothing but a link that could be made.
    assert_eq!(site.link(&plan, require).failed.len(), 2);
    assert_eq!(site.settle_with(&plan, HARDLINK).unchanged, 2);
    assert_eq!(site.settle_with(&plan, AUTO).replaced, 2);
    assert_eq!(site.settle_with(&plan, AUTO).methods.symlink, 2);
}

#[test]
fn a_copy_stands_in_for_a_symlink_that_the_system_refuses() {
    // The target of a symlink has 4095 bytes at most; a source opened name by name may lie deeper.
    let site = Site::new(&[]);
    let deep = vec![b"d".repeat(200); 25].join(&b'/');
    site.add_source(&[&deep, b"icon.svg".as_slice()].join(&b'/'), "icon");
    let plan = [file("a.svg", [&deep, b"icon.svg".as_slice()].join(&b'/')), folder("z", &deep, &["icon.svg"])];
    let forbidden = site.link(&plan, LinkOptions { require: true, ..AUTO });
    assert_eq!(forbidden.failed.len(), 2, "{forbidden:?}");
    assert_eq!(site.tree(), [""; 0]);

    let report = site.link(&plan, AUTO);
    assert_eq!((report.methods.copy, report.created), (2, 2), "{report:?}");
    assert!(report.entries[1].reason.starts_with("copy: symlink failed: File name too long (os error 36); "));
    assert_eq!(site.read("z/icon.svg"), "icon");
    let report = site.link(&plan, AUTO);
    assert_eq!((report.unchanged, report.methods.copy), (2, 2), "{report:?}");
    assert_eq!(site.clean(&[]).removed, 2);
    assert_eq!(site.tree(), [""; 0]);
}

#[test]
fn a_folder_of_copies_takes_the_place_of_an_own_link_when_no_new_link_can_be_made() {
    let site = zoom();
    let deep = vec![b"d".repeat(200); 25].join(&b'/');
    site.add_source(&[&deep, b"icon.svg".as_slice()].join(&b'/'), "deep");
    site.link(&folded(), AUTO);
    let plan = [folder("zoom", &deep, &["icon.svg"])];
    let report = site.link(&plan, AUTO);
    assert_eq!((report.replaced, report.removed, report.methods.copy), (1, 1, 1), "{report:?}");
    assert_eq!(site.tree(), ["zoom/", "zoom/icon.svg"]);
    assert_eq!(site.read("zoom/icon.svg"), "deep");
    // And a link takes the place of the copies once one can be made.
    assert_eq!(site.link(&folded(), AUTO).replaced, 1);
    assert_eq!(site.tree(), ["meet.svg", "zoom"]);
}

#[test]
fn a_name_that_is_too_long_fails_alone_in_every_mode() {
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        let report = site.link(&[file("a", "meet/logo.svg"), file("n".repeat(256), "meet/logo.svg")], options);
        assert_eq!((report.created, report.failed.len()), (1, 1));
        assert_eq!(report.failed[0].help, "shorten or change the name");
        assert_eq!(site.tree(), ["a"]);
    }
}

#[test]
fn nothing_is_left_behind_by_what_failed() {
    let site = zoom();
    fs::write(site.root().join("zoom/static/icon.svg"), "").unwrap();
    fs::remove_dir_all(site.root().join("zoom/static/img")).unwrap();
    for options in [AUTO, HARDLINK, COPY] {
        let report = site.link(&[file("deep/down/a", "zoom/static/img/1.png")], options);
        assert_eq!(report.failed.len(), 1);
        assert_eq!(site.tree(), [""; 0]);
    }
}

#[test]
fn a_folder_that_may_not_be_written_is_named_with_its_owner_and_mode() {
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        fs::create_dir_all(site.public().join("closed")).unwrap();
        fs::set_permissions(site.public().join("closed"), fs::Permissions::from_mode(0o555)).unwrap();
        let report = site.link(&[file("closed/a", "meet/logo.svg"), file("open/a", "meet/logo.svg")], options);
        assert_eq!(site.read("open/a"), "meet");
        // A mode does not bind the superuser.
        let Some(failure) = report.failed.first() else {
            assert_eq!(site.read("closed/a"), "meet");
            continue;
        };
        assert_eq!((text(&failure.path).as_str(), report.created), ("closed/a", 1));
        assert!(failure.help.contains("`closed`, which belongs to user "), "{}", failure.help);
        assert!(failure.help.contains(" and has mode 555"), "{}", failure.help);
        assert_eq!(failure.error.as_ref().map(std::io::Error::kind), Some(ErrorKind::PermissionDenied));
    }
}

/// A plan that names a place twice is one way to have a part that can't be made.
#[test]
fn what_is_replaced_stays_when_what_takes_its_place_lacks_something() {
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        site.settle_with(&[file("a", "meet/logo.svg")], options);
        let twice = [file("a", "zoom/static/img/1.png"), file("a", "zoom/static/icon.svg")];
        let report = site.link(&twice, options);
        assert_eq!((report.replaced, report.failed.len()), (0, 2), "{report:?}");
        assert_eq!(report.failed[0].help, "run again: somebody changed the public folder meanwhile");
        assert_eq!((site.read("a").as_str(), site.tree()), ("meet", vec!["a".to_owned()]));
        assert_eq!(site.clean(&[]).removed, 1);
    }
}

#[test]
fn a_folder_link_stays_while_a_link_for_one_of_its_files_cannot_be_made() {
    let site = zoom();
    site.settle(&folded());
    fs::remove_file(site.root().join("zoom/static/img/1.png")).unwrap();
    let report = site.link(&unfolded(), AUTO);
    let failed: Vec<_> = report.failed.iter().map(|failure| text(&failure.path)).collect();
    assert_eq!((failed, report.removed), (vec!["zoom/img/1.png".to_owned(), "zoom".to_owned()], 0), "{report:?}");
    assert_eq!((site.read("zoom/icon.svg"), site.read_link("zoom")), ("icon".into(), "../apps/zoom/static".into()));
    fs::write(site.root().join("zoom/static/img/1.png"), "one").unwrap();
    assert_eq!(site.settle(&unfolded()).removed, 1);
}
