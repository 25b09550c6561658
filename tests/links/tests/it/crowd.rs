//! Eight hosts at once: each ends well or says why, readers miss nothing, and the end is that of one host.

use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use bakehouse_links::{Plan, Reader, Run, Site};

use crate::common::{CHANGED, OFFICE, Settled, compare, is_true, office};
use crate::scenario::rest;

const HOSTS: usize = 8;

fn start(mut command: Command) -> (String, Child) {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    (format!("{command:?}"), command.spawn().expect("the command starts"))
}

fn end((typed, child): (String, Child)) -> Run {
    Run::new(typed, &child.wait_with_output().expect("a run ends"))
}

/// Runs all `commands` at once, each to its end.
fn at_once(commands: Vec<Command>) -> Vec<Run> {
    let started: Vec<_> = commands.into_iter().map(start).collect();
    started.into_iter().map(end).collect()
}

/// How a site is on which one host alone linked `plan`.
fn alone(plan: &Plan) -> Settled {
    let site = office();
    site.link(plan).fine();
    Settled::of(&site)
}

#[track_caller]
fn assert_civil(runs: &[Run]) {
    for run in runs {
        assert!(run.is_civil(), "{run}");
    }
}

#[track_caller]
fn assert_as_alone(site: &Site, plan: &Plan) {
    let result = compare(site, &alone(plan)).and_then(|()| is_true(site, plan));
    assert_eq!(result, Ok(()));
}

#[test]
fn link_a_cold_site() {
    for _ in 0..6 {
        let site = office();
        let runs = at_once((0..HOSTS).map(|_| site.link_command(&OFFICE)).collect());
        assert_civil(&runs);
        assert!(runs.iter().any(|run| run.code == Some(0)), "one of them links: {runs:#?}");
        site.link(&OFFICE).fine();
        assert_as_alone(&site, &OFFICE);
    }
}

#[test]
fn link_while_the_plan_changes() {
    let site = office();
    site.link(&CHANGED).fine();
    let changed = site.assets();
    site.link(&OFFICE).fine();
    let mut kept = site.assets();
    kept.retain(|path, bytes| changed.get(path) == Some(bytes));
    let reader = Reader::start(&site.public(), kept);
    for _ in 0..6 {
        let plans: [&Plan; 2] = [&OFFICE, &CHANGED];
        assert_civil(&at_once(plans.iter().cycle().take(HOSTS).map(|plan| site.link_command(plan)).collect()));
    }
    let rounds = reader.rounds();
    let misses = reader.stop();
    println!("the assets of both plans were read {rounds} times");
    site.link(&OFFICE).fine();
    assert_as_alone(&site, &OFFICE);
    assert!(misses.is_empty(), "a reader missed {misses:#?}");
}

#[test]
fn link_and_clean() {
    let site = office();
    for _ in 0..6 {
        let command =
            |n: usize| if n.is_multiple_of(2) { site.link_command(&OFFICE) } else { site.clean_command(&OFFICE) };
        assert_civil(&at_once((0..HOSTS).map(command).collect()));
    }
    site.link(&OFFICE).fine();
    assert_as_alone(&site, &OFFICE);
    site.clean(&OFFICE).fine();
    assert_eq!(site.assets().len(), 0, "{:#?}", site.tree());
}

/// A host that is stuck in its turn keeps nobody from starting who has nothing to change; who has waits for it.
#[test]
fn link_beside_a_host_that_is_stuck() {
    let site = office();
    // Once more when the sources are settled, which is noted.
    for _ in 0..2 {
        site.link(&OFFICE).fine();
        rest();
    }
    let before = site.everything();
    let lock = File::options().write(true).open(site.path(".bakehouse/public.lock")).unwrap();
    lock.lock().unwrap();
    let run = site.link(&OFFICE).fine();
    assert_eq!(run.count("unchanged"), run.count("planned"), "{run}");

    let waiting = [start(site.link_command(&CHANGED)), start(site.link_command(&CHANGED))];
    // However long they are given, they change nothing.
    thread::sleep(Duration::from_millis(100));
    assert_eq!(site.everything().difference(&before), "", "somebody did not wait");
    lock.unlock().unwrap();
    for run in waiting.map(end) {
        run.fine();
    }
    assert_as_alone(&site, &CHANGED);
}
