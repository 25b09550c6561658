//! What Windows has of its own: links that are refused, names that it keeps, long paths, names that differ in case.

use std::fs;

use bakehouse_runtime::link::{LinkMethod, LinkOptions};

use crate::site::{AUTO, COPY, HARDLINK, Site, file, folded, folder, text, zoom};
use crate::system::makes_symlinks;

#[test]
fn what_becomes_of_a_link_that_is_refused_is_said_with_every_cause() {
    if makes_symlinks() {
        println!("skipped: no link is refused here");
        return;
    }
    let site = zoom();
    let report = site.settle(&folded());
    let reasons: Vec<_> = report.entries.iter().map(|entry| (entry.method, &*entry.reason)).collect();
    assert!(reasons[0].0 == LinkMethod::Copy && reasons[0].1.starts_with("copy: symlink failed: "), "{reasons:?}");
    match reasons[1] {
        (LinkMethod::Junction, reason) => assert!(reason.starts_with("junction: symlink failed: "), "{reason}"),
        (method, reason) => {
            assert_eq!(method, LinkMethod::Copy);
            assert!(reason.starts_with("copy: symlink failed: ") && reason.contains("; junction failed: "), "{reason}");
        }
    }
    assert_eq!(site.clean(&[]).kept, []);
    assert_eq!(site.tree(), [""; 0]);
}

#[test]
fn a_refused_link_is_a_failure_where_links_are_required() {
    if makes_symlinks() {
        println!("skipped: no link is refused here");
        return;
    }
    let site = zoom();
    let report = site.link(&folded(), LinkOptions { require: true, ..AUTO });
    assert_eq!((report.failed.len(), report.created), (2, 0), "{report:?}");
    assert_eq!(site.tree(), [""; 0]);
}

#[test]
fn a_name_that_other_programs_could_not_open_fails_alone() {
    for options in [AUTO, HARDLINK, COPY] {
        for (name, why) in [("aux.svg", "a device"), ("nul/a.svg", "a device"), ("logo.", "strips"), ("a?", "no name")]
        {
            let site = zoom();
            let report = site.link(&[file(name, "meet/logo.svg"), file("z", "meet/logo.svg")], options);
            assert_eq!((report.created, report.failed.len()), (1, 1), "{name}: {report:?}");
            let error = report.failed[0].error.as_ref().unwrap().to_string();
            assert!(error.contains(why), "{error}");
            assert_eq!(site.tree(), ["z"]);
        }
    }
}

#[test]
fn paths_may_be_longer_than_260_letters() {
    let deep = vec!["d".repeat(100); 5].join("/");
    for options in [AUTO, HARDLINK, COPY] {
        let site = Site::new(&[]);
        site.add_source(format!("{deep}/icon.svg").as_bytes(), "icon");
        let plan = [file(format!("{deep}/a.svg"), format!("{deep}/icon.svg")), folder("z", &deep, &["icon.svg"])];
        let report = site.link(&plan, options);
        assert!(report.is_fine(), "{report:?}");
        let public = site.public().canonicalize().unwrap();
        assert_eq!(fs::read_to_string(public.join(deep.replace('/', "\\")).join("a.svg")).unwrap(), "icon");
        let again = site.link(&plan, options);
        assert_eq!(again.unchanged, 2, "{again:?}");
        assert_eq!((site.clean(&[]).kept, site.tree()), (vec![], vec![]));
    }
}

#[test]
fn something_in_the_way_is_found_whatever_the_case_of_its_name() {
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        fs::create_dir(site.public()).unwrap();
        fs::write(site.public().join("MEET.svg"), "mine").unwrap();
        let report = site.link(&folded(), options);
        assert_eq!(report.conflicts.iter().map(|c| text(&c.path)).collect::<Vec<_>>(), ["meet.svg"]);
        assert_eq!(site.tree(), ["MEET.svg"]);
    }
}

#[test]
fn of_two_places_that_differ_in_case_only_one_is_made_and_the_other_told() {
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        let report = site.link(&[file("Icon.svg", "meet/logo.svg"), file("icon.svg", "zoom/static/icon.svg")], options);
        assert_eq!((report.created, report.failed.len()), (1, 1), "{report:?}");
        assert!(report.failed[0].problem.contains("also has `Icon.svg`"), "{report:?}");
        assert_eq!((site.tree(), site.read("icon.svg")), (vec!["Icon.svg".to_owned()], "meet".to_owned()));
    }
}

#[test]
fn a_place_whose_case_changes_keeps_what_was_made() {
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        let spelled = |path: &str| {
            [file(format!("{path}.svg"), "meet/logo.svg"), folder(path, "zoom/static", &["icon.svg", "img/1.png"])]
        };
        site.settle_with(&spelled("zoom"), options);
        let report = site.settle_with(&spelled("Zoom"), options);
        assert_eq!((report.unchanged, report.removed), (2, 0), "{report:?}");
        assert_eq!((site.clean(&[]).kept, site.tree()), (vec![], vec![]));
    }
}
