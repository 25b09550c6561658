//! What a plan becomes, in every mode, and what becomes of it when it changes.

use std::fs;

use bakehouse_runtime::link::{LinkMode, LinkOptions, Outcome, Phase, Place, Progress, link_observed};

use crate::site::{AUTO, COPY, HARDLINK, Site, borrowed, file, folded, folder, in_mode, mode, text, unfolded, zoom};
use crate::system::{inode, makes_symlinks, modes};

#[test]
fn every_mode_makes_what_the_plan_wants_and_a_second_run_finds_it_unchanged() {
    for plan in [folded(), unfolded()] {
        for mode in modes() {
            let site = zoom();
            let report = site.settle(&in_mode(&plan, mode));
            assert_eq!((report.created, report.replaced, report.removed), (plan.len(), 0, 0), "{mode:?}");
        }
    }
}

#[test]
fn each_method_is_what_it_says() {
    if !makes_symlinks() {
        return;
    }
    let site = zoom();
    let plan = folded();
    site.settle(&plan);
    assert_eq!(site.read_link("zoom"), "../apps/zoom/static");
    assert_eq!(site.read_link("meet.svg"), "../apps/meet/logo.svg");

    let report = site.settle_with(&plan, HARDLINK);
    assert_eq!((report.methods.hardlink, report.replaced), (2, 2));
    assert_eq!(site.inode("zoom/icon.svg"), inode(&site.root().join("zoom/static/icon.svg")));

    let report = site.settle_with(&plan, COPY);
    assert_eq!((report.methods.copy, report.replaced), (2, 2));
    assert_ne!(site.inode("zoom/icon.svg"), inode(&site.root().join("zoom/static/icon.svg")));
    fs::write(site.public().join("zoom/icon.svg"), "changed").unwrap();
    assert_eq!(fs::read_to_string(site.root().join("zoom/static/icon.svg")).unwrap(), "icon");
}

#[test]
fn the_mode_can_change_between_any_two_runs() {
    for plan in [folded(), unfolded()] {
        for from in modes() {
            for to in modes() {
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
    if !makes_symlinks() {
        return;
    }
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
    let mut names: Vec<&[u8]> = vec![b"a b", b"100%41", b"0/0", b"-", long.as_bytes()];
    if cfg!(unix) {
        names.extend([b"new\nline".as_slice(), b"\xff\xfe"]);
    }
    for options in [AUTO, HARDLINK, COPY] {
        let site = Site::new(&[]);
        for name in &names {
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
fn an_entry_says_what_became_of_it() {
    if !makes_symlinks() {
        return;
    }
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
            if options == AUTO && !makes_symlinks() {
                continue; // that a link will be refused can't be foreseen
            }
            assert_eq!(
                (foreseen.created, foreseen.replaced, foreseen.removed, foreseen.unchanged, foreseen.methods),
                (real.created, real.replaced, real.removed, real.unchanged, real.methods)
            );
            assert_eq!(foreseen.entries, real.entries);
        }
    }
}

#[test]
fn who_waits_is_told_how_far_a_run_has_come() {
    let site = zoom();
    let (root, public, state) = (site.root(), site.public(), site.state());
    let place = Place { root: &root, public: &public, state: &state };
    let mut told = Vec::new();
    let observe = &mut |progress: Progress| told.push((progress.phase, progress.done, progress.total));
    link_observed(&borrowed(&folded()), |_| "zoom", 7, &place, &AUTO, observe).unwrap();
    let expected = [Phase::Looking, Phase::Making].map(|phase| [(phase, 0, 2), (phase, 1, 2)]);
    assert_eq!(told, expected.concat());
}
