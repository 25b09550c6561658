//! A run killed at any system call: every asset that was there and is wanted still is, and the next run ends where a run
//! that was never killed ends.

use bakehouse_links::{Run, Site, Strace};

use crate::common::{Settled, State, assert_harmless, compare, is_true};
use crate::scenario::{Act, CLEANING, COLD, COPYING, FOLDING, Scenario, UNCHANGED, UNFOLDING, Which};

/// What became of a scenario.
#[derive(Debug, Default)]
struct Outcome {
    calls: usize,
    kills: usize,
    problems: Vec<String>,
}

/// What has to be true after a kill.
struct Expected {
    old: State,
    new: State,
    /// The plan of the next run.
    next: Which,
    /// How the site is after that.
    settled: Settled,
}

const SIGKILL: i32 = 9;

impl Expected {
    fn of(scenario: &Scenario, next: Which) -> Self {
        let site = scenario.site();
        let old = State::of(&site);
        Run::of(&mut scenario.command(&site)).fine();
        let new = State::of(&site);
        site.link_here(next.plan()).expect("a site can be linked");
        Self { old, new, next, settled: Settled::of(&site) }
    }

    /// What is wrong after a kill.
    fn problem(&self, site: &Site) -> Option<String> {
        if let Some(third) = State::of(site).third_state(&self.old, &self.new) {
            return Some(third);
        }
        if let Err(report) = site.link_here(self.next.plan()) {
            return Some(format!("the next run fails: {report}"));
        }
        compare(site, &self.settled).and_then(|()| is_true(site, self.next.plan())).err()
    }
}

/// Kills a run at each of its calls, links `next`, and compares. `None` where nothing can be traced.
fn carry_out(scenario: &Scenario, next: Which) -> Option<Outcome> {
    let first = scenario.site();
    let strace = Strace::new(first.dir())?;
    let (run, calls) = strace.calls(&scenario.command(&first));
    run.fine();
    let expected = Expected::of(scenario, next);
    let mut outcome = Outcome { calls: calls.len(), ..Outcome::default() };
    scenario.for_each(&calls, |site, call| {
        let killed = strace.kill(call, &scenario.command(site));
        outcome.kills += usize::from(killed.signal == Some(SIGKILL));
        outcome.problems.extend(expected.problem(site).map(|problem| format!("killed at {call}: {problem}")));
    });
    Some(outcome)
}

#[track_caller]
fn check(scenario: &Scenario, next: Which) {
    let Some(Outcome { calls, kills, problems }) = carry_out(scenario, next) else { return };
    let name = scenario.name;
    println!("{name}, then {next:?}: {calls} calls, {kills} kills");
    assert_eq!(calls, kills, "{name}: a kill for each call");
    assert_harmless(name, kills, &problems);
}

#[test]
fn a_cold_run() {
    check(&COLD, Which::Office);
}

#[test]
fn an_unchanged_run() {
    check(&UNCHANGED, Which::Office);
}

#[test]
fn an_unfolding_run() {
    check(&UNFOLDING, Which::Changed);
}

#[test]
fn a_folding_run() {
    check(&FOLDING, Which::Office);
}

#[test]
fn a_copying_run() {
    check(&COPYING, Which::Office);
}

#[test]
fn a_cleaning_run() {
    check(&CLEANING, Which::Office);
}

#[test]
fn a_cleaning_run_that_is_run_again() {
    check(&Scenario { name: "cleaning again", ..CLEANING }, Which::Changed);
}

#[test]
fn a_cold_run_before_a_changed_plan() {
    check(&COLD, Which::Changed);
}

#[test]
fn an_unfolding_run_before_the_plan_of_before() {
    check(&Scenario { act: Act::Link(Which::Changed), ..UNFOLDING }, Which::Office);
}
