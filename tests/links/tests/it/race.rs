//! Somebody changes things while a run goes on: nothing outside is touched, and nothing stale is taken for new.

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use bakehouse_links::{Plan, Run, Site, Tree};

use crate::common::{BAKEHOUSE, CHANGED, OFFICE, REAL, office};
use crate::scenario::in_memory;

/// How many runs there are while the other side swaps.
const RUNS: usize = 60;

/// Swaps `name` in the public folder for a link to `target` and back, until `ends`.
fn swap(site: &Site, name: &str, target: &str, ends: &AtomicBool) {
    let (place, aside, link) = (site.public().join(name), site.path("aside"), site.path("link"));
    symlink(target, &link).unwrap();
    while !ends.load(Ordering::Relaxed) {
        // A run may have put a folder in the place meanwhile; then it is that folder that goes aside.
        if fs::rename(&place, &aside).is_ok() {
            let _ = fs::rename(&link, &place);
            thread::yield_now();
            let _ = fs::rename(&place, &link);
            let _ = fs::rename(&aside, &place);
        }
    }
}

/// Runs `run` some times while `name` is swapped for a link to a folder outside, which must stay as it is.
#[track_caller]
fn check(name: &str, run: impl Fn(&Site, usize) -> Run) {
    let site = office();
    site.link(&OFFICE).fine();
    // As the public folder is, so that a run which follows the link finds what it looks for.
    let copied =
        std::process::Command::new("cp").arg("-a").arg(site.public().join(name)).arg(site.path("outside")).status();
    assert!(copied.unwrap().success());
    site.write("outside/canary", "canary");
    let before = (Tree::of(&site.path("outside")), Tree::of(&site.apps()));
    let ends = AtomicBool::new(false);
    thread::scope(|scope| {
        let swapping = scope.spawn(|| swap(&site, name, &site.path("outside").display().to_string(), &ends));
        let runs: Vec<Run> = (0..RUNS).map(|n| run(&site, n)).collect();
        ends.store(true, Ordering::Relaxed);
        swapping.join().unwrap();
        for run in runs {
            assert!(run.is_civil(), "{run}");
        }
    });
    assert_eq!(Tree::of(&site.path("outside")).difference(&before.0), "", "something outside was touched");
    assert_eq!(Tree::of(&site.apps()).difference(&before.1), "", "a source was touched");
}

#[test]
fn a_folder_is_swapped_for_a_link_while_links_are_made_and_taken_away() {
    for name in ["shared", "real"] {
        check(name, |site, n| if n % 2 == 0 { site.clean(&OFFICE) } else { site.link(&OFFICE) });
    }
}

#[test]
fn a_folder_is_swapped_for_a_link_while_plans_change() {
    for name in ["app-assets", "logos"] {
        let plans: [&Plan; 2] = [&CHANGED, &OFFICE];
        check(name, |site, n| site.link(plans[n % 2]));
    }
}

/// Times of files are those of a clock that ticks every few milliseconds: a source that is written right after it was
/// copied, with as many bytes, may look as if it were not.
fn replace_within_a_tick(site: &Site, plan: &Plan) {
    let source = site.path("apps/real/copies/a.txt");
    for round in 0..100 {
        let text = format!("text {round:03}");
        if round % 2 == 0 {
            fs::write(&source, &text).unwrap();
        } else {
            // Another file in its place, as editors do.
            fs::write(site.path("new"), &text).unwrap();
            fs::rename(site.path("new"), &source).unwrap();
        }
        let run = site.link(plan).fine();
        let copy = fs::read_to_string(site.public().join("real/copies/a.txt")).unwrap();
        assert_eq!(copy, text, "{run}");
    }
}

#[test]
fn a_source_is_replaced_within_a_tick_of_the_clock() {
    let plan = BAKEHOUSE.bake(&[REAL]);
    replace_within_a_tick(&BAKEHOUSE.site(&[&plan]), &plan);
    replace_within_a_tick(&BAKEHOUSE.site_in(&in_memory(), &[&plan]), &plan);
}

/// The same of what was linked: somebody replaces it by something else right after.
#[test]
fn a_link_is_replaced_within_a_tick_of_the_clock() {
    let site = office();
    site.link(&OFFICE).fine();
    for round in 0..50 {
        let (place, other) = (site.public().join("shared/icons/cal.svg"), site.path("other"));
        symlink(format!("mine-{round}"), &other).unwrap();
        fs::rename(&other, &place).unwrap();
        let run = site.link(&OFFICE);
        assert!(run.code == Some(1) && run.stderr.contains(&format!("a link to `mine-{round}`")), "{run}");
        fs::remove_file(&place).unwrap();
        assert_eq!(site.link(&OFFICE).fine().count("created"), 1);
    }
}

/// Nor does a run that finds everything unchanged take what was there a moment ago for what is there.
#[test]
fn a_link_that_is_removed_within_a_tick_of_the_clock_is_made_again() {
    let site = office();
    for path in ["shared/icons/cal.svg", "app-assets/zoom", "a/b/c", "real/copies/b.txt", "real/hard/h.txt"]
        .iter()
        .cycle()
        .take(50)
    {
        site.link(&OFFICE).fine();
        fs::remove_file(site.public().join(path)).unwrap();
        let run = site.link(&OFFICE).fine();
        assert!(fs::symlink_metadata(site.public().join(path)).is_ok(), "`{path}` is missing: {run}");
    }
}

/// What is looked at again because a stamp of a moment ago says nothing: a file that turns up behind a folder link would be
/// published though no bake has seen it, and a link whose source goes would lead nowhere.
fn change_sources_within_a_tick(site: &Site) {
    let (new, gone) = (site.path("apps/zoom/static/img/new.png"), site.path("apps/cal/icons/cal.svg"));
    for _ in 0..30 {
        site.link(&OFFICE).fine();
        fs::write(&new, "new").unwrap();
        let run = site.link(&OFFICE).fine();
        assert!(!site.public().join("app-assets/zoom/img/new.png").exists(), "{run}");
        fs::remove_file(&new).unwrap();
        site.link(&OFFICE).fine();
        fs::remove_file(&gone).unwrap();
        let run = site.link(&OFFICE);
        assert!(run.code == Some(1) && run.stderr.contains("failed: `shared/icons/cal.svg`"), "{run}");
        fs::write(&gone, "cal").unwrap();
    }
}

#[test]
fn a_source_comes_or_goes_within_a_tick_of_the_clock() {
    change_sources_within_a_tick(&office());
    change_sources_within_a_tick(&BAKEHOUSE.site_in(&in_memory(), &[&OFFICE]));
}
