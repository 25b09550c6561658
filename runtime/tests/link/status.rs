//! Comparing the public folder with a plan.

use std::fs;
use std::os::unix::fs::symlink;

use bakehouse_runtime::link::{Finding, LinkMode, LinkOptions, Place, Status, status};

use crate::site::{AUTO, COPY, Planned, Site, borrowed, file, folded, folder, lazy_zoom, text, unfolded, zoom};

/// The status, read without a trace.
fn status_in(site: &Site, plan: &[Planned], mode: Option<LinkMode>) -> Status {
    let (root, public, state) = (site.root(), site.public(), site.state());
    let before = site.everything();
    let status = status(&borrowed(plan), &Place { root: &root, public: &public, state: &state }, mode).unwrap();
    assert_eq!(site.everything(), before, "status writes nothing");
    assert!(status.unseen.is_empty(), "{status:?}");
    status
}

fn paths(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| text(&finding.path)).collect()
}

/// The lists as `ok missing foreign stale dangling`, each as its paths.
fn lists(status: &Status) -> [Vec<String>; 5] {
    let ok = status.ok.iter().map(|path| text(path)).collect();
    [ok, paths(&status.missing), paths(&status.foreign), paths(&status.stale), paths(&status.dangling)]
}

/// Checks which list has what.
fn check(site: &Site, plan: &[Planned], options: LinkOptions, expected: [&[&str]; 5]) {
    let status = status_in(site, plan, options.mode);
    assert_eq!(lists(&status), expected.map(|list| list.iter().map(ToString::to_string).collect::<Vec<_>>()));
    let is_fine = expected.iter().skip(1).all(|list| list.is_empty());
    assert_eq!(status.is_fine(), is_fine, "{status:?}");
}

#[test]
fn what_was_linked_is_ok() {
    for (plan, options) in [(folded(), AUTO), (unfolded(), AUTO), (folded(), COPY)] {
        let site = zoom();
        site.link(&plan, options);
        let places: Vec<String> = plan.iter().map(|planned| text(&planned.public)).collect();
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        check(&site, &plan, options, [&places, &[], &[], &[], &[]]);
    }
}

#[test]
fn without_a_public_folder_all_is_missing() {
    check(&zoom(), &folded(), AUTO, [&[], &["meet.svg", "zoom"], &[], &[], &[]]);
    check(&zoom(), &folded(), COPY, [&[], &["meet.svg", "zoom", "zoom/icon.svg", "zoom/img/1.png"], &[], &[], &[]]);
}

#[test]
fn lazy_entries_are_missing_only_in_part() {
    let site = zoom();
    let plan = lazy_zoom(&folded());
    site.link(&plan, LinkOptions { defer_lazy: true, ..COPY });
    assert_eq!(status_in(&site, &plan, COPY.mode).deferred, 1);
    check(&site, &plan, COPY, [&["meet.svg"], &[], &[], &[], &[]]);
    site.link(&plan, COPY);
    fs::remove_file(site.public().join("zoom/icon.svg")).unwrap();
    check(&site, &plan, COPY, [&["meet.svg"], &["zoom/icon.svg"], &[], &[], &[]]);
}

#[test]
fn what_bakehouse_did_not_make_is_foreign_where_it_is_in_the_way() {
    let site = zoom();
    fs::create_dir_all(site.public().join("zoom")).unwrap();
    fs::write(site.public().join("zoom/mine.txt"), "mine").unwrap();
    fs::write(site.public().join("other.txt"), "mine").unwrap();
    symlink("elsewhere", site.public().join("meet.svg")).unwrap();
    check(&site, &folded(), AUTO, [&[], &[], &["meet.svg", "zoom"], &[], &[]]);
    let status = status_in(&site, &folded(), None);
    assert_eq!(status.foreign[0].why, "a link to `elsewhere` is in the way");
}

#[test]
fn what_the_plan_wants_otherwise_is_stale() {
    let site = zoom();
    site.link(&unfolded(), AUTO);
    let other = [file("meet.svg", "zoom/static/icon.svg"), file("zoom/icon.svg", "zoom/static/icon.svg")];
    check(&site, &other, AUTO, [&["zoom/icon.svg"], &[], &[], &["meet.svg", "zoom/img/1.png"], &[]]);
    let status = status_in(&site, &other, None);
    let whys: Vec<&str> = status.stale.iter().map(|finding| finding.why.as_str()).collect();
    let wanted = "it is a link to `../apps/meet/logo.svg`, and the plan wants a link to `../apps/zoom/static/icon.svg`";
    assert_eq!(whys, [wanted, "the plan no longer has it"]);
}

#[test]
fn links_in_a_folder_that_is_to_be_one_link_are_stale() {
    let site = zoom();
    site.link(&unfolded(), AUTO);
    check(&site, &folded(), AUTO, [&["meet.svg"], &[], &[], &["zoom"], &[]]);
}

#[test]
fn a_true_copy_in_the_place_of_a_link_is_ok_until_its_source_changes() {
    let site = zoom();
    site.link(&folded(), COPY);
    check(&site, &folded(), AUTO, [&["meet.svg", "zoom"], &[], &[], &[], &[]]);
    fs::write(site.root().join("zoom/static/icon.svg"), "another icon").unwrap();
    check(&site, &folded(), AUTO, [&["meet.svg"], &[], &[], &["zoom"], &[]]);
    check(&site, &folded(), COPY, [&["meet.svg"], &[], &[], &["zoom/icon.svg"], &[]]);
}

#[test]
fn a_folder_link_that_shows_what_nobody_planned_is_stale() {
    let site = zoom();
    site.link(&folded(), AUTO);
    fs::write(site.root().join("zoom/static/img/.secret"), "").unwrap();
    check(&site, &folded(), AUTO, [&["meet.svg"], &[], &[], &["zoom"], &[]]);
    let status = status_in(&site, &folded(), None);
    assert_eq!(status.stale[0].why, "it shows `img/.secret` too, which was not there at the bake; bake again");
    fs::rename(site.root().join("zoom/static/img/.secret"), site.root().join("zoom/static/img/1.png")).unwrap();
    fs::remove_file(site.root().join("zoom/static/icon.svg")).unwrap();
    let status = status_in(&site, &folded(), None);
    assert_eq!(
        status.stale[0].why,
        "`zoom/static`, which is linked as `zoom`, lacks 1 file of the bake; put back what is missing, or bake again"
    );
}

#[test]
fn a_link_whose_source_is_gone_dangles() {
    let site = zoom();
    let plan = [file("meet.svg", "meet/logo.svg"), folder("zoom", "zoom/static", &["icon.svg", "img/1.png"])];
    site.link(&plan, AUTO);
    fs::remove_file(site.root().join("meet/logo.svg")).unwrap();
    fs::remove_dir_all(site.root().join("zoom")).unwrap();
    check(&site, &plan, AUTO, [&[], &[], &[], &[], &["meet.svg", "zoom"]]);
    // Neither is there a plan that wants them.
    check(&site, &[], AUTO, [&[], &[], &[], &[], &["meet.svg", "zoom"]]);
    fs::remove_file(site.public().join("meet.svg")).unwrap();
    fs::remove_file(site.public().join("zoom")).unwrap();
    fs::write(site.public().join("zoom"), "mine").unwrap();
    check(&site, &plan, AUTO, [&[], &["meet.svg"], &["zoom"], &[], &[]]);
    let status = status_in(&site, &plan, None);
    assert_eq!(status.missing[0].why, "its source `meet/logo.svg` is missing");
    assert_eq!(status.foreign[0].why, "a file is in the way, and its source `zoom/static` is missing");
}

#[test]
fn a_link_to_a_lost_source_is_known_without_a_ledger() {
    let site = zoom();
    site.link(&folded(), AUTO);
    fs::remove_dir_all(site.state()).unwrap();
    fs::remove_file(site.root().join("meet/logo.svg")).unwrap();
    check(&site, &folded(), AUTO, [&["zoom"], &[], &[], &[], &["meet.svg"]]);
}
