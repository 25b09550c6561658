//! Entries that are linked when somebody needs them.

use std::fs;

use bakehouse_runtime::link::LinkOptions;

use crate::site::{AUTO, COPY, HARDLINK, Planned, Site, file, folded, lazy_zoom, text, unfolded, zoom};
use crate::system::makes_symlinks;

fn deferring(options: LinkOptions) -> LinkOptions {
    LinkOptions { defer_lazy: true, ..options }
}

/// Links what was deferred, as a host does.
fn link_zoom(site: &Site, plan: &[Planned], options: LinkOptions) {
    let part: Vec<_> = plan.iter().filter(|planned| planned.is_zoom()).cloned().collect();
    let report = site.link(&part, LinkOptions { partial: true, ..options });
    assert_eq!((report.created, report.deferred), (part.len(), 0), "{report:?}");
}

#[test]
fn what_is_lazy_is_left_for_later_and_then_stays() {
    for options in [AUTO, HARDLINK, COPY] {
        for plan in [folded(), unfolded()].map(|plan| lazy_zoom(&plan)) {
            let site = zoom();
            let report = site.link(&plan, deferring(options));
            assert_eq!((report.planned, report.created, report.deferred), (plan.len(), 1, plan.len() - 1));
            assert_eq!(site.tree(), ["meet.svg"]);

            link_zoom(&site, &plan, options);
            let report = site.settle_with(&plan, deferring(options));
            assert_eq!((report.unchanged, report.deferred, report.removed), (plan.len(), 0, 0), "{report:?}");
            assert_eq!(site.read("zoom/icon.svg"), "icon");
        }
    }
}

#[test]
fn without_being_told_to_defer_everything_is_linked() {
    let report = zoom().settle(&lazy_zoom(&folded()));
    assert_eq!((report.created, report.deferred), (2, 0));
}

#[test]
fn one_that_is_there_is_kept_true() {
    if !makes_symlinks() {
        return;
    }
    let site = zoom();
    let plan = lazy_zoom(&folded());
    site.settle_with(&plan, COPY);
    fs::write(site.root().join("zoom/static/icon.svg"), "another icon").unwrap();
    fs::remove_file(site.public().join("zoom/img/1.png")).unwrap();
    let report = site.link(&plan, deferring(COPY));
    assert_eq!(
        (report.deferred, site.read("zoom/icon.svg"), site.read("zoom/img/1.png")),
        (0, "another icon".to_owned(), "one".to_owned())
    );
    let report = site.settle_with(&plan, deferring(AUTO));
    assert_eq!((report.replaced, site.read_link("zoom").as_str()), (2, "../apps/zoom/static"));
}

#[test]
fn what_the_plan_no_longer_has_goes_where_a_lazy_entry_is_to_come() {
    let site = zoom();
    site.settle(&[file("zoom", "meet/logo.svg")]);
    let report = site.link(&lazy_zoom(&unfolded()), deferring(AUTO));
    assert_eq!((report.removed, report.deferred, site.tree()), (1, 2, vec!["meet.svg".to_owned()]));
}

#[test]
fn something_in_the_way_of_a_lazy_entry_stops_everything() {
    for plan in [folded(), unfolded()] {
        let site = zoom();
        fs::create_dir(site.public()).unwrap();
        fs::write(site.public().join("zoom"), "mine").unwrap();
        let report = site.link(&lazy_zoom(&plan), deferring(AUTO));
        let conflicts: Vec<_> = report.conflicts.iter().map(|conflict| text(&conflict.path)).collect();
        assert_eq!((conflicts, site.tree()), (vec!["zoom".to_owned()], vec!["zoom".to_owned()]));
    }
}

#[test]
fn a_folder_that_somebody_else_made_is_not_taken_for_a_lazy_one() {
    let site = zoom();
    fs::create_dir_all(site.public().join("zoom")).unwrap();
    fs::write(site.public().join("zoom/mine.txt"), "mine").unwrap();
    let plan = lazy_zoom(&folded());
    assert_eq!(site.link(&plan, deferring(COPY)).deferred, 1);
    link_zoom(&site, &plan, COPY);
    assert_eq!(site.tree(), ["meet.svg", "zoom/", "zoom/icon.svg", "zoom/img/", "zoom/img/1.png", "zoom/mine.txt"]);
}

#[test]
fn a_source_that_is_gone_is_told_at_once() {
    let site = zoom();
    fs::remove_dir_all(site.root().join("zoom/static")).unwrap();
    let report = site.link(&lazy_zoom(&folded()), deferring(AUTO));
    assert_eq!((report.created, report.deferred, report.failed.len()), (1, 0, 1), "{report:?}");
}
