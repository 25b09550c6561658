//! The plan changes between runs: readers miss nothing that both plans have, nothing is written through a link, and the
//! end is that of a site which never knew another plan.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bakehouse_links::{App, Asset, Plan, Reader, Run, Site, Strace, Tree};

use crate::common::{
    BAKEHOUSE, CAL, CHANGED, DEEP, MAIL, MEET, MEET_AS_FOLDER, OFFICE, PACK, REAL, Settled, ZOOM, compare, is_true,
    office,
};

/// How often a site goes there and back while a reader watches.
const ROUNDS: usize = 6;

/// Goes from one plan to the other and back, some times, and compares each end.
#[track_caller]
fn there_and_back(one: &Plan, other: &Plan) {
    let site = BAKEHOUSE.site(&[one, other]);
    let sources = Tree::of(&site.apps());
    let ends = [one, other].map(|plan| alone(one, other, plan));
    site.link(other).fine();
    let then = site.assets();
    site.link(one).fine();
    let mut kept = site.assets();
    kept.retain(|path, bytes| then.get(path) == Some(bytes));
    let reader = Reader::start(&site.public(), kept);
    for _ in 0..ROUNDS {
        for (plan, end) in [other, one].into_iter().zip(ends.iter().rev()) {
            site.link(plan).fine();
            assert_eq!(compare(&site, end).and_then(|()| is_true(&site, plan)), Ok(()));
        }
    }
    let misses = reader.stop();
    assert!(misses.is_empty(), "a reader missed {misses:#?}");
    let written = Tree::of(&site.apps()).difference(&sources);
    assert!(written.is_empty(), "a source was changed:\n{written}");
}

/// How a site with the sources of both is after `plan` alone.
fn alone(one: &Plan, other: &Plan, plan: &Plan) -> Settled {
    let site = BAKEHOUSE.site(&[one, other]);
    site.link(plan).fine();
    Settled::of(&site)
}

#[test]
fn an_app_comes_and_goes() {
    there_and_back(&BAKEHOUSE.bake(&[ZOOM, CAL]), &BAKEHOUSE.bake(&[ZOOM, CAL, MEET, REAL]));
}

/// Calls that open, list or read: of what is vouched for, only its times are looked at.
const CLOSE_LOOKS: [&str; 4] = ["openat", "openat2", "readlink", "readlinkat"];

#[test]
fn what_has_rested_is_not_looked_at_again_when_an_app_comes() {
    let (one, other) = (BAKEHOUSE.bake(&[ZOOM, CAL]), BAKEHOUSE.bake(&[ZOOM, CAL, DEEP]));
    let site = BAKEHOUSE.site(&[&one, &other]);
    let Some(strace) = Strace::new(site.dir()) else { return };
    // Each run that finds all in place takes a stamp once everything has rested.
    while !site.ledger().with_extension("stamp").exists() {
        site.link(&one).fine();
    }
    let (run, calls) = strace.calls(&site.link_command(&other));
    assert_eq!((run.count("created"), run.count("unchanged")), (1, 2));
    let closer = calls.iter().filter(|call| CLOSE_LOOKS.contains(&call.name.as_str()));
    let lines: Vec<&str> = closer.map(|call| call.line.as_str()).collect();
    assert!(lines.iter().any(|line| line.contains("deep/static")), "{lines:#?}");
    let seen_again: Vec<_> = lines.iter().filter(|line| line.contains("zoom") || line.contains("cal")).collect();
    assert!(seen_again.is_empty(), "{seen_again:#?}");
}

#[test]
fn an_app_is_renamed() {
    const RENAMED: App = App { slug: "caldav", assets: CAL.assets, files: CAL.files };
    there_and_back(&BAKEHOUSE.bake(&[ZOOM, CAL]), &BAKEHOUSE.bake(&[ZOOM, RENAMED]));
}

#[test]
fn a_place_goes_from_one_app_to_another() {
    const TAKER: App =
        App { slug: "taker", files: &[("static/icon.svg", "taken"), ("static/img/1.png", "taken")], ..ZOOM };
    there_and_back(&BAKEHOUSE.bake(&[ZOOM, CAL]), &BAKEHOUSE.bake(&[TAKER, CAL]));
}

#[test]
fn an_app_moves_its_assets() {
    const MOVED: App = App { assets: &[Asset::auto("static", "moved/zoom")], ..ZOOM };
    there_and_back(&BAKEHOUSE.bake(&[ZOOM, CAL]), &BAKEHOUSE.bake(&[MOVED, CAL]));
}

#[test]
fn a_folder_unfolds_for_a_second_app_and_folds_again() {
    there_and_back(&BAKEHOUSE.bake(&[ZOOM, CAL]), &BAKEHOUSE.bake(&[ZOOM, PACK, CAL]));
    there_and_back(&BAKEHOUSE.bake(&[CAL]), &BAKEHOUSE.bake(&[CAL, MAIL]));
}

#[test]
fn a_file_becomes_a_folder_and_a_file_again() {
    there_and_back(&BAKEHOUSE.bake(&[MEET, CAL]), &BAKEHOUSE.bake(&[MEET_AS_FOLDER, CAL]));
}

#[test]
fn an_asset_is_another_source_of_the_same_app() {
    const OTHER: App = App {
        assets: &[Asset::auto("other", "app-assets/zoom")],
        files: &[("other/icon.svg", "another icon"), ("other/img/1.png", "another one")],
        ..ZOOM
    };
    there_and_back(&BAKEHOUSE.bake(&[ZOOM, CAL]), &BAKEHOUSE.bake(&[OTHER, CAL]));
}

#[test]
fn everything_changes() {
    there_and_back(&OFFICE, &CHANGED);
}

fn by(site: &Site, mode: &str) -> Command {
    let mut command = site.link_command(&OFFICE);
    command.args(["--mode", mode]);
    command
}

/// What a reader finds is the same in every mode, at any moment.
#[test]
fn the_mode_is_switched() {
    let site = office();
    site.link(&OFFICE).fine();
    let (sources, assets) = (Tree::of(&site.apps()), site.assets());
    let reader = Reader::start(&site.public(), assets.clone());
    for mode in ["copy", "symlink", "hardlink", "copy", "hardlink", "auto", "copy", "auto", "hardlink", "symlink"] {
        let run = Run::of(&mut by(&site, mode)).fine();
        assert_eq!(site.assets(), assets, "{run}");
        let fresh = office();
        Run::of(&mut by(&fresh, mode)).fine();
        assert_eq!(site.everything().difference(&fresh.everything()), "", "{run}");
        let again = Run::of(&mut by(&site, mode)).fine();
        assert_eq!(again.count("unchanged"), again.count("planned"), "{again}");
    }
    let misses = reader.stop();
    assert!(misses.is_empty(), "a reader missed {misses:#?}");
    assert_eq!(Tree::of(&site.apps()).difference(&sources), "");
}

/// As in a binary whose app folders change under it. A file that no bake has seen is not published, so that the folder it
/// is in is no folder to be linked whole; readers miss nothing meanwhile.
#[test]
fn a_source_file_comes_is_baked_and_goes() {
    let more =
        ["zoom/static/new.svg", "cal/icons/new.svg", "real/copies/new.txt"].map(|path| (PathBuf::from(path), "new"));
    let baked = BAKEHOUSE.bake_with(&[ZOOM, MEET, CAL, MAIL, DEEP, REAL], &more);
    let site = BAKEHOUSE.site(&[&OFFICE, &baked]);
    let remove = || more.iter().for_each(|(path, _)| fs::remove_file(site.apps().join(path)).unwrap());
    remove();
    site.link(&OFFICE).fine();
    let (before, everything) = (site.assets(), site.everything());
    let reader = Reader::start(&site.public(), before.clone());
    for _ in 0..ROUNDS {
        for (path, text) in &more {
            fs::write(site.apps().join(path), text).unwrap();
        }
        let run = site.link(&OFFICE).fine();
        assert_eq!(site.assets(), before, "{run}");
        let run = site.link(&baked).fine();
        let new: Vec<PathBuf> = site.assets().into_keys().filter(|path| !before.contains_key(path)).collect();
        let expected = ["app-assets/zoom/new.svg", "real/copies/new.txt", "shared/icons/new.svg"].map(PathBuf::from);
        assert_eq!(new, expected, "{run}");
        site.link(&OFFICE).fine();
        remove();
        let run = site.link(&OFFICE).fine();
        assert_eq!(site.everything().difference(&everything), "", "{run}");
    }
    let misses = reader.stop();
    assert!(misses.is_empty(), "a reader missed {misses:#?}");
}

#[test]
fn a_source_file_that_is_gone_is_told_and_nothing_else_suffers() {
    let site = office();
    site.link(&OFFICE).fine();
    let before = site.assets();
    for (source, public) in [("cal/icons/cal.svg", "shared/icons/cal.svg"), ("real/copies/a.txt", "real/copies/a.txt")]
    {
        let (bytes, path) = (fs::read(site.apps().join(source)).unwrap(), site.apps().join(source));
        fs::remove_file(&path).unwrap();
        let run = site.link(&OFFICE);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains(public), "{run}");
        let others = |assets: BTreeMap<PathBuf, Vec<u8>>| -> Vec<_> {
            assets.into_iter().filter(|(path, _)| path != Path::new(public)).collect()
        };
        assert_eq!(others(site.assets()), others(before.clone()), "{run}");
        fs::write(&path, bytes).unwrap();
        site.link(&OFFICE).fine();
        assert_eq!(site.assets(), before);
    }
}
