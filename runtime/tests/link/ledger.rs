//! The ledger is never trusted further than it can be checked.

use std::fs;

use bakehouse_runtime::link::{LinkMode, LinkOptions, Place, clean, link, state_dir};

use crate::site::{borrowed, file, folded, mode, unfolded, zoom};
use crate::system::{makes_symlinks, modes};

#[test]
fn a_ledger_that_was_cut_short_or_edited_is_said_and_never_trusted_to_delete() {
    type Damage = fn(&str) -> String;
    if !makes_symlinks() {
        return;
    }
    let damages: [(Damage, &str); 4] = [
        (|text| text[..text.len() / 2].to_owned(), "cut short"),
        (|text| text.replace("meet.svg", "mine.svg"), "altered"),
        (|_| String::new(), "not a ledger of this version"),
        (|text| text.replacen(" 1\n", " 7\n", 1), "not a ledger of this version"),
    ];
    for (damage, why) in damages {
        let site = zoom();
        site.settle(&unfolded());
        let text = fs::read_to_string(site.ledger()).unwrap();
        fs::write(site.ledger(), damage(&text)).unwrap();

        assert_eq!(site.clean(&[]).removed, 0);
        let report = site.link(&unfolded()[..1], LinkOptions::default());
        assert_eq!((report.unchanged, report.removed), (1, 0));
        assert!(report.notes.len() == 1 && report.notes[0].contains(why), "{:?}", report.notes);
        assert_eq!(site.read("zoom/icon.svg"), "icon");

        // It is rebuilt from what is there, and whole again.
        assert_eq!(site.link(&unfolded(), LinkOptions::default()).notes, [""; 0]);
        assert_eq!(site.clean(&[]).removed, 3);
    }
}

#[test]
fn a_lost_ledger_is_rebuilt_in_every_mode() {
    // A copy that only stands in for a symlink is somebody's file without a ledger.
    for mode in modes().into_iter().filter(|mode| *mode != LinkMode::Auto || makes_symlinks()) {
        let options = self::mode(mode);
        let site = zoom();
        site.settle_with(&unfolded(), options);
        fs::remove_file(site.ledger()).unwrap();
        let report = site.settle_with(&unfolded(), options);
        assert_eq!((report.unchanged, report.notes.len()), (3, 1));
        assert!(report.notes[0].starts_with("there is no ledger `"), "{report:?}");
    }
}

#[test]
fn a_ledger_that_cannot_be_written_stops_the_run_before_the_first_change() {
    let site = zoom();
    fs::write(site.state(), "a file").unwrap();
    let error = site.try_link(&folded(), LinkOptions::default()).unwrap_err();
    // Systems differ in which of the files in it is the first that they refuse.
    assert!(error.path().starts_with(site.state()), "{error}");
    assert_eq!(site.tree(), [""; 0]);
}

#[test]
fn a_moved_public_folder_keeps_its_ledger() {
    if !makes_symlinks() {
        return;
    }
    let site = zoom();
    site.settle(&folded());
    let moved = site.path().join("moved");
    fs::create_dir(&moved).unwrap();
    for name in ["apps", "public", ".bakehouse"] {
        fs::rename(site.path().join(name), moved.join(name)).unwrap();
    }
    let place = Place { root: &moved.join("apps"), public: &moved.join("public"), state: &moved.join(".bakehouse") };
    let report = link(&[], |_| "zoom", 0, &place, &LinkOptions::default()).unwrap();
    assert_eq!((report.removed, report.notes.len()), (2, 1));
}

#[test]
fn two_public_folders_side_by_side_know_nothing_of_each_other() {
    let site = zoom();
    let other = site.path().join("other");
    let place = Place { root: &site.root(), public: &other, state: &state_dir(&other) };
    site.settle(&folded());
    let plan = [file("only", "meet/logo.svg")];
    assert_eq!(link(&borrowed(&plan), |_| "meet", 0, &place, &LinkOptions::default()).unwrap().created, 1);
    assert_eq!(site.settle(&folded()).unchanged, 2);
    assert_eq!(clean(&place, &[]).unwrap().removed, 1);
    assert_eq!(site.settle(&folded()).unchanged, 2);
    assert_eq!(place.state, site.state());
}

#[test]
fn public_folders_of_one_name_may_share_a_state_folder() {
    let site = zoom();
    let (root, state) = (site.root(), site.path().join("state"));
    let publics = ["one/public", "two/public", "public"].map(|path| site.path().join(path));
    let place_of = |public| Place { root: &root, public, state: &state };
    for public in &publics {
        let report = link(&borrowed(&unfolded()), |_| "zoom", 0, &place_of(public), &LinkOptions::default()).unwrap();
        assert_eq!((report.created, report.notes.len()), (3, 0));
    }
    for public in &publics {
        assert_eq!(clean(&place_of(public), &[]).unwrap().removed, 3, "{}", public.display());
    }
    assert_eq!(fs::read_dir(&state).unwrap().count(), 0);
}

#[test]
fn a_ledger_is_found_again_however_its_folders_are_written() {
    let site = zoom();
    site.settle(&unfolded());
    let roundabout = |name: &str| site.path().join("apps/../.").join(name);
    let place = Place { root: &site.root(), public: &roundabout("public"), state: &roundabout(".bakehouse") };
    assert_eq!(clean(&place, &[]).unwrap().removed, 3);
}

#[test]
fn a_ledger_in_the_public_folder_is_refused() {
    let site = zoom();
    for state in [site.public(), site.public().join("deep/state"), site.path().join("apps/../public/state")] {
        let place = Place { root: &site.root(), public: &site.public(), state: &state };
        for dry_run in [true, false] {
            let options = LinkOptions { dry_run, ..LinkOptions::default() };
            let error = link(&borrowed(&unfolded()), |_| "zoom", 0, &place, &options).unwrap_err();
            assert!(error.to_string().starts_with("failed to keep the ledger in `"), "{error}");
            assert!(error.help().contains("outside of the public folder"));
        }
        assert!(clean(&place, &[]).is_err());
        assert_eq!(site.tree(), [""; 0]);
    }
}

#[test]
fn a_file_that_is_no_ledger_is_never_replaced_by_one() {
    let site = zoom();
    fs::create_dir(site.state()).unwrap();
    fs::write(site.ledger(), "2026-01-01 * books\n").unwrap();
    let error = site.try_link(&folded(), LinkOptions::default()).unwrap_err();
    assert!(error.to_string().starts_with("failed to read the ledger"), "{error}");
    assert_eq!((fs::read_to_string(site.ledger()).unwrap().as_str(), site.tree().len()), ("2026-01-01 * books\n", 0));

    for torn in ["", "bakehouse-led", "\0\0\0"] {
        fs::write(site.ledger(), torn).unwrap();
        assert_eq!(site.link(&folded(), LinkOptions::default()).notes.len(), 1, "{torn:?}");
    }
}
