//! What a killed run left is taken up, whatever the plan is by then.

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use bakehouse_runtime::link::LinkOptions;

use crate::site::{AUTO, COPY, HARDLINK, Planned, Site, file, folded, text, unfolded, zoom};

/// A site as a run leaves it that is killed when its changes are made, but not its ledger: `then` after `first`.
fn killed(first: &[Planned], then: &[Planned], options: LinkOptions) -> (Site, PathBuf) {
    killed_at(zoom(), first, then, options)
}

fn killed_at(site: Site, first: &[Planned], then: &[Planned], options: LinkOptions) -> (Site, PathBuf) {
    site.link(first, options);
    let before = fs::read(site.ledger()).unwrap();
    site.link(then, options);
    // The stage is in the ledger as it was written before the first change.
    let next = fs::read_to_string(site.ledger()).unwrap();
    let stage = next.lines().find_map(|line| line.strip_prefix("stage "));
    let stage = site.public().join(stage.unwrap_or(".bakehouse-0"));
    let next = if next.contains("\nstage ") { next } else { with_stage(&next) };
    fs::write(site.ledger().with_extension("next"), next).unwrap();
    fs::write(site.ledger(), before).unwrap();
    (site, stage)
}

/// A ledger that was written again in the end, as it was before, but for the marks of copies.
fn with_stage(ledger: &str) -> String {
    let (body, _) = ledger.trim_end().rsplit_once('\n').unwrap();
    let mut lines: Vec<&str> = body.lines().collect();
    lines.insert(3, "stage .bakehouse-0");
    let text = lines.join("\n") + "\n";
    let hash = xxhash_rust::xxh3::xxh3_64(text.as_bytes());
    format!("{text}end {} {hash:016x}\n", lines.len() - 4)
}

fn plans() -> [Vec<Planned>; 4] {
    [folded(), unfolded(), vec![file("zoom/icon.svg", "meet/logo.svg")], vec![]]
}

#[test]
fn any_plan_ends_as_if_nobody_had_been_killed() {
    for options in [AUTO, HARDLINK, COPY] {
        for first in plans() {
            for then in plans() {
                for last in plans() {
                    let (site, _) = killed(&first, &then, options);
                    let report = site.settle_with(&last, options);
                    assert!(report.notes.is_empty() && report.kept.is_empty(), "{report:?}");
                    let alone = zoom();
                    alone.settle_with(&last, options);
                    assert_eq!(site.tree(), alone.tree());
                    assert!(!site.ledger().with_extension("next").exists());
                }
            }
        }
    }
}

#[test]
fn of_which_source_a_copy_is_is_told_by_its_bytes() {
    let [one, other] = [unfolded(), vec![file("zoom/icon.svg", "meet/logo.svg")]];
    for (first, then) in [(&one, &other), (&other, &one)] {
        for last in [first, then] {
            let site = zoom();
            for source in ["zoom/static/icon.svg", "meet/logo.svg"] {
                let file = fs::File::options().write(true).open(site.root().join(source)).unwrap();
                file.set_modified(UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap();
            }
            // Longer than a source's change keeps it from being trusted to show the next one.
            thread::sleep(Duration::from_millis(50));
            let (site, _) = killed_at(site, first, then, COPY);
            site.settle_with(last, COPY);
        }
    }
}

#[test]
fn cleaning_takes_away_what_it_made() {
    for options in [AUTO, HARDLINK, COPY] {
        for (first, then) in [(vec![], unfolded()), (folded(), unfolded()), (unfolded(), folded())] {
            let (site, stage) = killed(&first, &then, options);
            fs::create_dir_all(stage.join("zoom")).unwrap();
            site.clean(&[]);
            assert_eq!((site.tree(), site.state().exists()), (Vec::new(), false));
        }
    }
}

#[test]
#[cfg(unix)]
fn a_stage_goes_with_what_was_made_or_replaced() {
    let (site, stage) = killed(&folded(), &unfolded(), AUTO);
    // What was replaced, what was about to be put in place, and half a copy.
    fs::create_dir_all(stage.join("zoom/img")).unwrap();
    symlink("../../../apps/zoom/static/img/1.png", stage.join("zoom/img/1.png")).unwrap();
    symlink("../apps/meet/logo.svg", stage.join("meet.svg")).unwrap();
    fs::write(stage.join(format!("{}.part", stage.file_name().unwrap().to_str().unwrap())), "ha").unwrap();
    let report = site.settle(&unfolded());
    assert!(!stage.exists() && report.notes.is_empty(), "{report:?}");

    let (site, stage) = killed(&folded(), &unfolded(), AUTO);
    fs::create_dir(&stage).unwrap();
    symlink("../apps/zoom/static", stage.join("zoom")).unwrap();
    site.settle(&unfolded());
    assert!(!stage.exists());
}

#[test]
#[cfg(unix)]
fn what_somebody_else_had_put_in_the_way_goes_back_from_the_stage() {
    // The run exchanged the link with what had come in the link's place, and was killed before it looked at that.
    let (site, stage) = killed(&[file("a", "meet/logo.svg")], &[file("a", "zoom/static/icon.svg")], AUTO);
    fs::create_dir(&stage).unwrap();
    fs::write(stage.join("a"), "mine").unwrap();
    let report = site.link(&[file("a", "zoom/static/icon.svg")], AUTO);
    assert_eq!((report.conflicts.len(), site.read("a").as_str(), stage.exists()), (1, "mine", false), "{report:?}");
}

#[test]
fn what_has_no_place_to_go_back_to_stays_and_is_told_of() {
    let (site, stage) = killed(&folded(), &folded(), AUTO);
    fs::create_dir(&stage).unwrap();
    fs::write(stage.join("meet.svg"), "mine").unwrap();
    fs::remove_file(site.public().join("meet.svg")).unwrap();
    fs::write(site.public().join("meet.svg"), "mine too").unwrap();
    let report = site.link(&folded(), AUTO);
    assert_eq!(fs::read_to_string(stage.join("meet.svg")).unwrap(), "mine");
    assert!(report.notes[0].contains("holds something that Bakehouse did not make"), "{report:?}");
    assert_eq!((text(&report.conflicts[0].path).as_str(), site.read("meet.svg").as_str()), ("meet.svg", "mine too"));
}

#[test]
fn a_next_ledger_that_is_half_written_was_before_the_first_change() {
    let site = zoom();
    site.settle(&folded());
    fs::write(site.ledger().with_extension("next"), "bakehouse-ledger 1\npublic /").unwrap();
    let report = site.link(&folded(), AUTO);
    assert!(report.notes.len() == 1 && report.notes[0].contains("it was cut short"), "{report:?}");
    assert_eq!(site.settle(&folded()).unchanged, 2);
}
