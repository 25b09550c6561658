//! Real files for shipping.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use bakehouse_runtime::link::{
    LinkError, LinkOptions, MaterializeOptions, Place, Report, link, materialize, state_dir,
};

use crate::site::{Planned, Site, borrowed, file, folded, folder, lazy_zoom, text, zoom};

const PLAIN: MaterializeOptions = MaterializeOptions { dedupe: false };
const DEDUPE: MaterializeOptions = MaterializeOptions { dedupe: true };

fn out(site: &Site) -> PathBuf {
    site.path().join("out")
}

fn try_materialize(site: &Site, plan: &[Planned], options: MaterializeOptions) -> Result<Report, LinkError> {
    materialize_observed(site, plan, options, &mut || {})
}

/// Materializes, and calls `meanwhile` while the files are made.
fn materialize_observed(
    site: &Site,
    plan: &[Planned],
    options: MaterializeOptions,
    meanwhile: &mut dyn FnMut(),
) -> Result<Report, LinkError> {
    let (root, out) = (site.root(), out(site));
    let state = state_dir(&out);
    materialize(
        &borrowed(plan),
        |_| "zoom",
        7,
        &Place { root: &root, public: &out, state: &state },
        options,
        &mut |_| meanwhile(),
    )
}

/// Materializes, and checks that the folder then has the planned files, whole and of their own, and nothing else.
fn check(site: &Site, plan: &[Planned], options: MaterializeOptions) -> Report {
    let report = try_materialize(site, plan, options).unwrap();
    assert!(report.is_fine() && report.notes.is_empty(), "{report:?}");
    let mut wanted = BTreeSet::new();
    for planned in borrowed(plan) {
        let files = if planned.files.is_empty() {
            vec![String::new()]
        } else {
            planned.files.iter().map(|it| text(it)).collect()
        };
        for file in files {
            let path = |base: &[u8]| [text(base), file.clone()].join("/").trim_end_matches('/').to_owned();
            let (public, source) = (path(planned.public), site.root().join(path(planned.source)));
            assert_eq!(fs::read(out(site).join(&public)).unwrap(), fs::read(&source).unwrap(), "{public}");
            wanted.insert(public);
        }
    }
    assert_eq!(files_in(&out(site)), wanted);
    assert_eq!(names_in(&state_dir(&out(site))), ["out.ledger", "out.lock"], "no stage is left");
    report
}

/// The files below a folder, all of them real ones.
fn files_in(folder: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            let metadata = fs::symlink_metadata(&path).unwrap();
            assert!(!metadata.is_symlink(), "{}", path.display());
            if metadata.is_dir() {
                open.push(path);
            } else {
                files.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    files
}

fn names_in(folder: &Path) -> Vec<String> {
    let names =
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// All that there is, but for what shows that a run took its turn.
fn untouched(site: &Site) -> Vec<String> {
    let is_kept = |line: &String| !line.contains(".bakehouse ") && !line.contains("out.lock ");
    site.everything().into_iter().filter(is_kept).collect()
}

fn inode(site: &Site, path: &str) -> u64 {
    fs::metadata(out(site).join(path)).unwrap().ino()
}

#[test]
fn every_planned_asset_becomes_a_file_and_nothing_else_does() {
    let site = zoom();
    site.add_source(b"zoom/static/.unplanned", "no");
    let report = check(&site, &lazy_zoom(&folded()), PLAIN);
    assert_eq!((report.planned, report.created, report.methods.copy), (2, 2, 2), "{report:?}");
}

#[test]
fn an_empty_folder_is_as_good_as_a_new_one() {
    let site = zoom();
    fs::create_dir(out(&site)).unwrap();
    assert_eq!(check(&site, &folded(), PLAIN).created, 2);
}

#[test]
fn a_file_has_the_time_and_the_permissions_of_its_source() {
    let site = zoom();
    let source = site.root().join("meet/logo.svg");
    fs::set_permissions(&source, fs::Permissions::from_mode(0o600)).unwrap();
    check(&site, &folded(), PLAIN);
    let (made, source) = (fs::metadata(out(&site).join("meet.svg")).unwrap(), fs::metadata(source).unwrap());
    assert_eq!((made.mode(), made.mtime(), made.mtime_nsec()), (source.mode(), source.mtime(), 0));
}

#[test]
fn a_second_run_writes_what_is_planned_by_then() {
    let site = zoom();
    check(&site, &folded(), PLAIN);
    let report = check(&site, &folded(), PLAIN);
    assert_eq!((report.unchanged, report.removed), (2, 0), "{report:?}");

    fs::write(site.root().join("meet/logo.svg"), "MEET").unwrap();
    let plan = [file("meet.svg", "meet/logo.svg"), folder("zoom", "zoom/static/img", &["1.png"])];
    let report = check(&site, &plan, PLAIN);
    assert_eq!((report.replaced, report.created, report.removed), (1, 1, 2), "{report:?}");

    let report = check(&site, &[file("zoom", "meet/logo.svg")], PLAIN);
    assert_eq!((report.replaced, report.removed), (1, 2), "{report:?}");
    check(&site, &[], PLAIN);
}

#[test]
fn equal_files_are_written_once_if_that_is_asked_for() {
    let site = zoom();
    for (path, bytes) in [("meet/again.svg", "meet"), ("meet/same-size.svg", "MEET"), ("zoom/static/img/2.png", "meet")]
    {
        site.add_source(path.as_bytes(), bytes);
    }
    let plan = [
        file("again.svg", "meet/again.svg"),
        file("meet.svg", "meet/logo.svg"),
        file("same-size.svg", "meet/same-size.svg"),
        folder("zoom", "zoom/static/img", &["1.png", "2.png"]),
    ];
    let report = check(&site, &plan, DEDUPE);
    assert_eq!((report.methods.copy, report.methods.hardlink), (3, 1), "{report:?}");
    let reasons: Vec<&str> = report.entries.iter().map(|entry| &*entry.reason).collect();
    let partly = "copy, but 1 of 2 files are hard links of equal ones";
    assert_eq!(reasons, ["copy", "hardlink: equal to what another path has", "copy", partly]);
    let first = inode(&site, "again.svg");
    assert_eq!([inode(&site, "meet.svg"), inode(&site, "zoom/2.png")], [first; 2]);
    assert_ne!(inode(&site, "same-size.svg"), first);
    assert_ne!(fs::metadata(site.root().join("meet/logo.svg")).unwrap().ino(), first, "no source is linked");

    // It is known again, and told apart once more.
    assert_eq!(check(&site, &plan, DEDUPE).unchanged, 4);
    assert_eq!(check(&site, &plan, PLAIN).methods.hardlink, 0);
    assert_ne!(inode(&site, "meet.svg"), inode(&site, "again.svg"));
}

#[test]
fn a_folder_with_something_foreign_is_left_as_it_is() {
    type Disturb = fn(&Path);
    let cases: [(&str, &str, Disturb); 5] = [
        ("mine.txt", "a file", |out| fs::write(out.join("mine.txt"), "mine").unwrap()),
        ("zoom/img/mine", "a folder", |out| fs::create_dir(out.join("zoom/img/mine")).unwrap()),
        ("zoom/icon.svg", "a file that was changed since it was written", |out| {
            fs::write(out.join("zoom/icon.svg"), "ICON").unwrap();
        }),
        ("zoom", "a link to `elsewhere`", |out| {
            fs::remove_dir_all(out.join("zoom")).unwrap();
            symlink("elsewhere", out.join("zoom")).unwrap();
        }),
        ("a", "a file", |out| {
            fs::write(out.join("zoom/b"), "").unwrap();
            fs::write(out.join("a"), "").unwrap();
        }),
    ];
    for (path, found, disturb) in cases {
        let site = zoom();
        check(&site, &folded(), PLAIN);
        disturb(&out(&site));
        let before = untouched(&site);
        let report = try_materialize(&site, &folded(), PLAIN).unwrap();
        assert_eq!((text(&report.conflicts[0].path).as_str(), report.conflicts[0].found.as_str()), (path, found));
        assert_eq!((report.created, report.unchanged, untouched(&site)), (0, 0, before));
    }
}

#[test]
fn what_is_not_there_any_more_is_no_obstacle() {
    let site = zoom();
    check(&site, &folded(), PLAIN);
    fs::remove_file(out(&site).join("zoom/icon.svg")).unwrap();
    check(&site, &folded(), PLAIN);
    fs::remove_dir_all(out(&site)).unwrap();
    check(&site, &folded(), PLAIN);
}

#[test]
fn without_a_ledger_only_an_empty_folder_will_do() {
    let site = zoom();
    check(&site, &folded(), PLAIN);
    fs::write(state_dir(&out(&site)).join("out.ledger"), "bakehouse-ledger 1\n").unwrap();
    let report = try_materialize(&site, &folded(), PLAIN).unwrap();
    assert_eq!((report.conflicts.len(), report.notes.len()), (1, 1), "{report:?}");
}

#[test]
fn a_link_and_a_file_are_refused() {
    let site = zoom();
    fs::create_dir(site.path().join("real")).unwrap();
    symlink("real", out(&site)).unwrap();
    let error = try_materialize(&site, &folded(), PLAIN).unwrap_err();
    assert!(error.to_string().starts_with("failed to materialize into `"), "{error}");
    fs::remove_file(out(&site)).unwrap();
    fs::write(out(&site), "").unwrap();
    try_materialize(&site, &folded(), PLAIN).unwrap_err();
    assert!(!state_dir(&out(&site)).exists() && names_in(&site.path().join("real")).is_empty());
}

#[test]
fn a_missing_source_changes_nothing() {
    for materialized_before in [false, true] {
        let site = zoom();
        if materialized_before {
            check(&site, &folded(), PLAIN);
        }
        fs::remove_file(site.root().join("meet/logo.svg")).unwrap();
        let before = untouched(&site);
        let report = try_materialize(&site, &folded(), PLAIN).unwrap();
        assert_eq!((report.failed.len(), report.created, report.entries.len()), (1, 0, 0), "{report:?}");
        assert!(untouched(&site) == before && !state_dir(&out(&site)).join("out.stage").exists());
    }
}

#[test]
fn what_a_killed_run_leaves_is_taken_up() {
    let site = zoom();
    check(&site, &folded(), PLAIN);
    let (ledger, stage) = (state_dir(&out(&site)).join("out.ledger"), state_dir(&out(&site)).join("out.stage"));
    // Killed while the stage was filled.
    fs::create_dir_all(stage.join("tree/zoom")).unwrap();
    fs::write(stage.join("tree/zoom/half"), "ha").unwrap();
    check(&site, &folded(), PLAIN);
    // Killed when the tree was in its place and its ledger was not.
    let old = fs::read(&ledger).unwrap();
    fs::write(site.root().join("meet/logo.svg"), "another").unwrap();
    check(&site, &folded(), PLAIN);
    // That run's last step is undone: until then, its ledger is the next one.
    fs::rename(&ledger, ledger.with_extension("next")).unwrap();
    fs::write(&ledger, old).unwrap();
    assert_eq!(check(&site, &folded(), PLAIN).unchanged, 2);
}

#[test]
fn a_host_knows_the_files_as_copies() {
    let site = zoom();
    for options in [PLAIN, DEDUPE] {
        check(&site, &folded(), options);
        let (root, out) = (site.root(), out(&site));
        let state = state_dir(&out);
        let place = Place { root: &root, public: &out, state: &state };
        let run = |options| link(&borrowed(&folded()), |_| "zoom", 7, &place, &options).unwrap();
        let report = run(crate::site::COPY);
        assert_eq!((report.unchanged, report.conflicts.len()), (2, 0), "{report:?}");
        let report = run(LinkOptions::default());
        assert_eq!((report.replaced, report.conflicts.len()), (2, 0), "{report:?}");
        // Links of Bakehouse's own are replaced by files again.
        check(&site, &folded(), options);
    }
}

#[test]
fn what_somebody_puts_there_meanwhile_stays_as_does_the_rest() {
    for exists in [true, false] {
        let site = zoom();
        if exists {
            check(&site, &folded(), PLAIN);
        }
        let put = &mut || {
            fs::create_dir_all(out(&site)).unwrap();
            fs::write(out(&site).join("mine.txt"), "mine").unwrap();
        };
        let report = materialize_observed(&site, &[file("a.svg", "meet/logo.svg")], PLAIN, put).unwrap();
        assert_eq!((report.conflicts.len(), report.created, report.replaced), (1, 0, 0), "{report:?}");
        let before: &[&str] =
            if exists { &["meet.svg", "mine.txt", "zoom/icon.svg", "zoom/img/1.png"] } else { &["mine.txt"] };
        assert_eq!(files_in(&out(&site)).into_iter().collect::<Vec<_>>(), before);
        // Once it is away, nothing is left of that.
        fs::remove_file(out(&site).join("mine.txt")).unwrap();
        check(&site, &folded(), PLAIN);
    }
}
