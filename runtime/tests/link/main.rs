//! Linking on real folders: what is made, what is refused, what is never touched.
#![cfg(unix)]

mod sequence;
mod site;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::Path;

use bakehouse_runtime::link::{LinkMode, LinkOptions, Outcome, Place, clean, link, state_dir};
use site::{Site, file, folder, in_mode, text};

const COPY: LinkOptions = mode(LinkMode::Copy);
const HARDLINK: LinkOptions = mode(LinkMode::Hardlink);
const AUTO: LinkOptions = mode(LinkMode::Auto);

const fn mode(mode: LinkMode) -> LinkOptions {
    LinkOptions { mode: Some(mode), require: false, dry_run: false, partial: false }
}

fn zoom() -> Site {
    Site::new(&[("zoom/static/icon.svg", "icon"), ("zoom/static/img/1.png", "one"), ("meet/logo.svg", "meet")])
}

fn folded() -> Vec<site::Planned> {
    vec![file("meet.svg", "meet/logo.svg"), folder("zoom", "zoom/static", &["icon.svg", "img/1.png"])]
}

fn unfolded() -> Vec<site::Planned> {
    vec![
        file("meet.svg", "meet/logo.svg"),
        file("zoom/icon.svg", "zoom/static/icon.svg"),
        file("zoom/img/1.png", "zoom/static/img/1.png"),
    ]
}

#[test]
fn every_mode_makes_what_the_plan_wants_and_a_second_run_finds_it_unchanged() {
    for plan in [folded(), unfolded()] {
        for mode in [LinkMode::Auto, LinkMode::Symlink, LinkMode::Hardlink, LinkMode::Copy] {
            let site = zoom();
            let report = site.settle(&in_mode(&plan, mode));
            assert_eq!((report.created, report.replaced, report.removed), (plan.len(), 0, 0), "{mode:?}");
        }
    }
}

#[test]
fn each_method_is_what_it_says() {
    let site = zoom();
    let plan = folded();
    site.settle(&plan);
    assert_eq!(site.read_link("zoom"), "../apps/zoom/static");
    assert_eq!(site.read_link("meet.svg"), "../apps/meet/logo.svg");

    let report = site.settle_with(&plan, HARDLINK);
    assert_eq!((report.methods.hardlink, report.replaced), (2, 2));
    assert_eq!(site.inode("zoom/icon.svg"), fs::metadata(site.root().join("zoom/static/icon.svg")).unwrap().ino());

    let report = site.settle_with(&plan, COPY);
    assert_eq!((report.methods.copy, report.replaced), (2, 2));
    assert_ne!(site.inode("zoom/icon.svg"), fs::metadata(site.root().join("zoom/static/icon.svg")).unwrap().ino());
    fs::write(site.public().join("zoom/icon.svg"), "changed").unwrap();
    assert_eq!(fs::read_to_string(site.root().join("zoom/static/icon.svg")).unwrap(), "icon");
}

#[test]
fn the_mode_can_change_between_any_two_runs() {
    let modes = [LinkMode::Auto, LinkMode::Hardlink, LinkMode::Copy, LinkMode::Symlink];
    for plan in [folded(), unfolded()] {
        for from in modes {
            for to in modes {
                let site = zoom();
                site.settle_with(&plan, mode(from));
                let before = site.tree();
                site.settle_with(&plan, mode(to));
                site.settle_with(&plan, mode(from));
                assert_eq!(site.tree(), before, "{from:?} -> {to:?}");
            }
        }
    }
}

#[test]
fn a_folder_folds_and_unfolds() {
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        site.settle_with(&folded(), options);
        site.settle_with(&unfolded(), options);
        site.settle_with(&folded(), options);
        let as_made_at_once = zoom();
        as_made_at_once.settle_with(&folded(), options);
        assert_eq!(site.tree(), as_made_at_once.tree());
    }
}

#[test]
fn a_file_becomes_a_folder_and_a_file_again() {
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        let as_file = [file("x", "meet/logo.svg")];
        let deeper = [file("x/y/z", "meet/logo.svg")];
        let as_folder = [folder("x", "zoom/static", &["icon.svg", "img/1.png"])];
        for plan in [as_file.as_slice(), &as_folder, &deeper, &as_folder, &as_file, &deeper, &as_file] {
            site.settle_with(plan, options);
        }
    }
}

#[test]
fn what_the_plan_adds_drops_and_renames_is_carried_out() {
    let site = zoom();
    site.settle(&unfolded());
    let renamed = [file("meet.svg", "meet/logo.svg"), file("zoom/new.svg", "zoom/static/icon.svg")];
    let report = site.settle(&renamed);
    assert_eq!((report.created, report.unchanged, report.removed), (1, 1, 2));
    assert_eq!(site.tree(), ["meet.svg", "zoom/", "zoom/new.svg"]);
    let report = site.settle(&[]);
    assert_eq!(report.removed, 2);
    assert_eq!(site.tree(), [""; 0]);
}

#[test]
fn a_part_of_the_plan_leaves_the_rest_alone() {
    let site = zoom();
    site.settle(&folded());
    let options = LinkOptions { partial: true, ..LinkOptions::default() };
    let report = site.link(&[file("zoom/icon.svg", "zoom/static/icon.svg")], options);
    assert!(report.is_fine(), "{report:?}");
    assert_eq!(site.tree(), ["meet.svg", "zoom/", "zoom/icon.svg"]);
    let report = site.link(&[], options);
    assert_eq!((report.removed, site.tree().len()), (0, 3));
    site.clean(&[]);
    assert_eq!(site.tree(), [""; 0]);
}

#[test]
fn names_may_be_any_bytes() {
    let long = "n".repeat(255);
    let names: [&[u8]; 7] = [b"a b", b"new\nline", b"\xff\xfe", b"100%41", b"0/0", b"-", long.as_bytes()];
    for options in [AUTO, HARDLINK, COPY] {
        let site = Site::new(&[]);
        for name in names {
            site.add_source(name, "bytes");
        }
        let mut plan: Vec<_> = names.iter().map(|name| file(name, name)).collect();
        plan.sort_by(|one, other| one.public.cmp(&other.public));
        site.settle_with(&plan, options);
        assert_eq!(site.clean(&[]).removed, names.len());
        assert_eq!(site.tree(), [""; 0]);
    }
}

#[test]
fn what_somebody_else_put_in_the_way_stops_everything_and_is_named() {
    type Put = fn(&Path);
    let cases: [(&str, Put, &str); 7] = [
        ("zoom", |path| fs::write(path, "mine").unwrap(), "a file"),
        ("zoom", |path| fs::create_dir(path).unwrap(), "a folder"),
        ("zoom", |path| symlink("../else", path).unwrap(), "a link to `../else`"),
        ("meet.svg", |path| fs::create_dir(path).unwrap(), "a folder"),
        ("meet.svg", |path| fs::write(path, "mine").unwrap(), "a file"),
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
    for (public, source) in
        [("../out", "meet/logo.svg"), ("a/../../out", "meet/logo.svg"), ("a", "../secret"), ("/out", "meet/logo.svg")]
    {
        let site = zoom();
        fs::write(site.path().join("secret"), "secret").unwrap();
        let report = site.link(&[file(public, source)], COPY);
        assert_eq!((report.failed.len(), report.created), (1, 0), "{public} {source}");
        assert!(!site.path().join("out").exists());
    }
}

#[test]
fn a_copy_never_goes_stale() {
    let site = zoom();
    for bytes in ["aaaa", "bbbb", "cccc", "dd", "eeee"] {
        // Written at once after the run before: size and time may well be the same.
        fs::write(site.root().join("meet/logo.svg"), bytes).unwrap();
        fs::write(site.root().join("zoom/static/img/1.png"), bytes).unwrap();
        site.settle_with(&folded(), COPY);
        assert_eq!((site.read("meet.svg").as_str(), site.read("zoom/img/1.png").as_str()), (bytes, bytes));
    }
}

#[test]
fn a_copy_sees_a_source_whose_time_was_set_back() {
    let site = zoom();
    let source = site.root().join("meet/logo.svg");
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    for bytes in ["aaaa", "bbbb"] {
        fs::write(&source, bytes).unwrap();
        fs::File::options().write(true).open(&source).unwrap().set_modified(time).unwrap();
        site.settle_with(&folded(), COPY);
        assert_eq!(site.read("meet.svg"), bytes);
    }
}

#[test]
fn a_copied_folder_follows_its_files() {
    for options in [HARDLINK, COPY] {
        let site = zoom();
        site.settle_with(&folded(), options);
        let fewer = [file("meet.svg", "meet/logo.svg"), folder("zoom", "zoom/static", &["icon.svg"])];
        let report = site.settle_with(&fewer, options);
        assert_eq!((report.unchanged, report.removed), (2, 1));
        assert_eq!(site.tree(), ["meet.svg", "zoom/", "zoom/icon.svg"]);
        let report = site.settle_with(&folded(), options);
        assert_eq!((report.unchanged, report.replaced), (1, 1));
    }
}

#[test]
fn a_copied_folder_without_files_is_an_empty_folder() {
    let site = zoom();
    fs::create_dir(site.root().join("zoom/empty")).unwrap();
    let plan = [folder("e", "zoom/empty", &[])];
    for options in [COPY, AUTO, HARDLINK] {
        site.settle_with(&plan, options);
    }
    assert_eq!(site.tree(), ["e/"]);
    site.clean(&[]);
    assert_eq!(site.tree(), [""; 0]);
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
fn permission_bits_come_along_with_a_copy() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = zoom();
    let source = site.root().join("meet/logo.svg");
    fs::set_permissions(&source, fs::Permissions::from_mode(0o4500)).unwrap();
    site.settle_with(&folded(), COPY);
    let mode = fs::metadata(site.public().join("meet.svg")).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o500);
}

#[test]
fn a_dry_run_writes_nothing_and_says_what_a_real_one_does() {
    let dry = |options| LinkOptions { dry_run: true, ..options };
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        for plan in [folded(), unfolded(), vec![], folded()] {
            let before = site.everything();
            let foreseen = site.link(&plan, dry(options));
            assert_eq!(site.everything(), before);
            let real = site.settle_with(&plan, options);
            assert_eq!(
                (foreseen.created, foreseen.replaced, foreseen.removed, foreseen.unchanged, foreseen.methods),
                (real.created, real.replaced, real.removed, real.unchanged, real.methods)
            );
            assert_eq!(foreseen.entries, real.entries);
        }
    }
}

#[test]
fn a_ledger_that_was_cut_short_or_edited_is_said_and_never_trusted_to_delete() {
    type Damage = fn(&str) -> String;
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
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        site.settle_with(&unfolded(), options);
        fs::remove_file(site.ledger()).unwrap();
        let report = site.settle_with(&unfolded(), options);
        assert_eq!(report.unchanged, 3);
    }
}

#[test]
fn a_ledger_that_cannot_be_written_stops_the_run_before_the_first_change() {
    let site = zoom();
    fs::write(site.state(), "a file").unwrap();
    let error = site.try_link(&folded(), LinkOptions::default()).unwrap_err();
    assert!(error.to_string().contains("public.ledger"), "{error}");
    assert_eq!(site.tree(), [""; 0]);
}

#[test]
fn a_public_folder_that_cannot_be_made_is_an_error_with_its_path() {
    let site = zoom();
    let below_a_file = site.root().join("meet/logo.svg/public");
    let place = Place { root: &site.root(), public: &below_a_file, state: &site.state() };
    let error = link(&[], |_| "zoom", 0, &place, &LinkOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), format!("failed to make the public folder `{}`", below_a_file.display()));
    assert!(std::error::Error::source(&error).is_some() && !error.help().is_empty());

    let a_file = site.root().join("meet/logo.svg");
    let place = Place { public: &a_file, ..place };
    assert_eq!(link(&[], |_| "zoom", 0, &place, &LinkOptions::default()).unwrap_err().path(), a_file);
}

#[test]
fn a_missing_folder_of_the_apps_is_an_error() {
    let site = Site::new(&[]);
    fs::remove_dir(site.root()).unwrap();
    let error = site.try_link(&[], LinkOptions::default()).unwrap_err();
    assert!(error.to_string().starts_with("failed to open the folder of the apps"), "{error}");
    assert!(!site.public().exists());
}

#[test]
fn the_public_folder_may_be_a_link_to_somewhere_else() {
    let site = zoom();
    let elsewhere = site.path().join("var/www/deep");
    fs::create_dir_all(&elsewhere).unwrap();
    symlink(&elsewhere, site.public()).unwrap();
    site.settle(&unfolded());
    assert_eq!(fs::read_link(elsewhere.join("meet.svg")).unwrap(), Path::new("../../../apps/meet/logo.svg"));
    assert_eq!(state_dir(&site.public()), site.state());
}

#[test]
fn the_folder_of_the_apps_may_be_a_link_too() {
    let site = zoom();
    fs::rename(site.root(), site.path().join("checkout")).unwrap();
    symlink("checkout", site.root()).unwrap();
    site.settle(&folded());
    assert_eq!(site.read_link("zoom"), "../checkout/zoom/static");
}

#[test]
fn a_moved_public_folder_keeps_its_ledger() {
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
    assert_eq!(link(&site::borrowed(&plan), |_| "meet", 0, &place, &LinkOptions::default()).unwrap().created, 1);
    assert_eq!(site.settle(&folded()).unchanged, 2);
    assert_eq!(clean(&place, &[]).unwrap().removed, 1);
    assert_eq!(site.settle(&folded()).unchanged, 2);
    assert_eq!(place.state, site.state());
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
fn clean_takes_away_what_was_made_and_nothing_else() {
    for options in [AUTO, HARDLINK, COPY] {
        for plan in [folded(), unfolded()] {
            let site = zoom();
            fs::create_dir(site.public()).unwrap();
            fs::write(site.public().join("index.html"), "mine").unwrap();
            site.settle_with(&plan, options);
            let cleaned = site.clean(&[]);
            assert!(cleaned.kept.is_empty() && cleaned.removed >= 2);
            assert_eq!(site.tree(), ["index.html"]);
            assert!(!site.state().exists());
            assert_eq!(site.clean(&[]).removed, 0);
            assert_eq!(fs::read_to_string(site.root().join("zoom/static/icon.svg")).unwrap(), "icon");
        }
    }
}

#[test]
fn clean_keeps_what_somebody_changed() {
    for options in [AUTO, HARDLINK, COPY] {
        let site = zoom();
        site.settle_with(&unfolded(), options);
        let icon = site.public().join("zoom/icon.svg");
        fs::remove_file(&icon).unwrap();
        fs::write(&icon, "mine").unwrap();
        let cleaned = site.clean(&[]);
        let kept: Vec<_> = cleaned.kept.iter().map(|kept| text(&kept.path)).collect();
        assert_eq!((cleaned.removed, kept.as_slice()), (2, ["zoom/icon.svg".to_owned()].as_slice()));
        assert!(cleaned.kept[0].why.contains("a file"), "{:?}", cleaned.kept);
        assert_eq!(site.tree(), ["zoom/", "zoom/icon.svg"]);

        let again = site.clean(&[]);
        assert_eq!((again.removed, site.read("zoom/icon.svg").as_str()), (0, "mine"));
        fs::remove_file(&icon).unwrap();
        site.clean(&[]);
        assert_eq!(site.tree(), [""; 0]);
        assert!(!site.state().exists());
    }
}

#[test]
fn a_hard_link_edited_in_place_still_is_one() {
    let site = zoom();
    site.settle_with(&folded(), HARDLINK);
    fs::write(site.public().join("meet.svg"), "edited through it").unwrap();
    assert_eq!(site.settle_with(&folded(), HARDLINK).unchanged, 2);
    assert_eq!(site.clean(&[]).removed, 3);
    assert_eq!(fs::read_to_string(site.root().join("meet/logo.svg")).unwrap(), "edited through it");
}

#[test]
fn clean_can_be_told_which_apps() {
    let site = zoom();
    site.settle(&unfolded());
    assert_eq!(site.clean(&["zoom"]).removed, 2);
    assert_eq!(site.tree(), ["meet.svg"]);
    assert_eq!(site.clean(&["nobody"]).removed, 0);
    assert_eq!(site.clean(&["meet", "zoom"]).removed, 1);
}

#[test]
fn an_entry_says_what_became_of_it() {
    let site = zoom();
    let report = site.link(&in_mode(&folded(), LinkMode::Copy), LinkOptions::default());
    let entry = &report.entries[1];
    assert_eq!(
        (text(&entry.path).as_str(), &*entry.reason, entry.outcome),
        ("zoom", "copy: asked for", Outcome::Created)
    );
    let report = site.link(&folded(), LinkOptions::default());
    assert_eq!((&*report.entries[1].reason, report.entries[1].outcome), ("symlink", Outcome::Replaced));
}
