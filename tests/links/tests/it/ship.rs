//! Real files for shipping: killed at any system call about files or short of room, the folder is the old one or the new one, and the
//! next run makes it the new one.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use bakehouse_links::{Mount, Plan, Run, Site, Strace, Tree};
use tempfile::TempDir;

use crate::common::{BAKEHOUSE, CAL, MEET, REAL, assert_harmless};
use crate::scenario::{BATCH, in_memory, rest};

/// What is shipped first.
static OLD: LazyLock<Plan> = LazyLock::new(|| BAKEHOUSE.bake(&[CAL, MEET]));

/// What is shipped then.
static NEW: LazyLock<Plan> = LazyLock::new(|| BAKEHOUSE.bake(&[MEET, REAL]));

/// Files by path.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The command that ships `plan`.
fn ship(site: &Site, plan: &Plan) -> Command {
    ship_to(site, plan, "out")
}

/// The command that ships `plan` to a folder.
fn ship_to(site: &Site, plan: &Plan, folder: &str) -> Command {
    site.command(&["-m", &site.table(plan), "materialize", folder, "--root", "apps", "--dedupe", "--format", "json"])
}

/// `n` sites with two equal files, from which `before` was shipped. All at once, because a source is trusted to be settled
/// only after a while, and the calls of a run depend on that.
fn sites_after(before: Option<&Plan>, n: usize) -> Vec<Site> {
    let sites: Vec<Site> = (0..n).map(|_| BAKEHOUSE.site_in(&in_memory(), &[&OLD, &NEW])).collect();
    for site in &sites {
        site.write("apps/real/copies/b.txt", "copied a");
    }
    rest();
    if let Some(plan) = before {
        for site in &sites {
            Run::of(&mut ship(site, plan)).fine();
        }
        rest();
    }
    sites
}

fn shipped(site: &Site) -> Files {
    Tree::as_read(&site.path("out"))
}

/// What is wrong after a run that was disturbed, if a whole one makes `new` of `old`.
fn problem(site: &Site, old: &Files, new: &Files) -> Option<String> {
    let found = shipped(site);
    if found != *old && found != *new {
        return Some(format!("a third state: {:?}", found.keys()));
    }
    let run = Run::of(&mut ship(site, &NEW));
    let names = Tree::of(&site.path(".bakehouse")).0.into_keys().collect::<Vec<_>>();
    let is_clear = names == [PathBuf::from("out.ledger"), PathBuf::from("out.lock")];
    let is_fine = run.code == Some(0) && shipped(site) == *new && is_clear;
    (!is_fine).then(|| format!("the next run leaves {names:?}: {run}"))
}

#[track_caller]
fn check_kills(before: Option<&Plan>) {
    let first = sites_after(before, 1).remove(0);
    let old = shipped(&first);
    let Some(strace) = Strace::new(first.dir()) else { return };
    let (run, calls) = strace.calls(&ship(&first, &NEW));
    run.fine();
    let new = shipped(&first);
    assert!(old != new && !new.is_empty());
    let (mut kills, mut problems) = (0, Vec::new());
    // Before the table is read, nothing is known of what to do.
    let calls = calls.iter().skip_while(|call| !call.line.contains(".table"));
    let calls: Vec<_> = calls.filter(|call| call.is_about_files()).collect();
    for calls in calls.chunks(BATCH) {
        for (site, call) in sites_after(before, calls.len()).iter().zip(calls) {
            kills += usize::from(strace.kill(call, &ship(site, &NEW)).signal == Some(9));
            problems.extend(problem(site, &old, &new).map(|problem| format!("killed at {call}: {problem}")));
        }
    }
    println!("shipping: {} calls, {kills} kills", calls.len());
    assert_eq!(calls.len(), kills, "a kill for each call");
    assert_harmless("shipping", kills, &problems);
}

#[test]
fn a_kill_while_a_new_folder_is_written() {
    check_kills(None);
}

#[test]
fn a_kill_while_a_folder_is_replaced() {
    check_kills(Some(&OLD));
}

/// Until there is room for all of it, each run ends with a cause, and the folder is the old one.
#[test]
fn a_disk_that_is_full() {
    let folder = TempDir::new().expect("a temporary folder");
    let Some(disk) = Mount::new(&["-t", "tmpfs", "-o", "size=256k", "tmpfs"], folder.path()) else { return };
    let site = BAKEHOUSE.site(&[&OLD, &NEW]);
    let out = disk.path().join("out");
    let run = |plan| Run::of(&mut ship_to(&site, plan, &out.display().to_string()));
    run(&OLD).fine();
    let old = Tree::as_read(&out);
    let mut ends = Vec::new();
    for pages in (0..64).rev() {
        // As long as there is room for.
        let _ = fs::write(disk.path().join("filler"), vec![0; pages * 4096]);
        let run = run(&NEW);
        assert!(run.is_civil(), "{run}");
        assert_eq!(run.code == Some(0), Tree::as_read(&out) != old, "{run}");
        ends.push(run.code);
        if run.code == Some(0) {
            break;
        }
    }
    assert!(ends.len() > 1 && ends.last() == Some(&Some(0)), "{ends:?}");
    let names = Tree::of(&disk.path().join(".bakehouse")).0.into_keys().collect::<Vec<_>>();
    assert_eq!(names, [PathBuf::from("out.ledger"), PathBuf::from("out.lock")]);
    fs::remove_file(disk.path().join("filler")).expect("the filler is there");
    assert_eq!(run(&NEW).fine().count("replaced"), 0);
}
