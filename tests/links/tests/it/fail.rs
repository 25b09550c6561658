//! A system call that fails, whichever: a clear report, each path as before or as wanted, and the next run repairs it.

use bakehouse_links::{Call, Run, Site, Strace};

use crate::common::{Settled, State, assert_harmless, compare};
use crate::scenario::{Act, CLEANING, COLD, COPYING, FOLDING, Scenario, UNCHANGED, UNFOLDING};

const ERRORS: [&str; 5] = ["EIO", "ENOSPC", "EXDEV", "EACCES", "EMFILE"];

/// What a run may leave behind after a call failed.
struct Expected {
    old: State,
    new: State,
    /// How the site is when the plan was linked after that.
    settled: Settled,
}

impl Expected {
    fn of(scenario: &Scenario) -> Self {
        let site = scenario.site();
        let old = State::of(&site);
        Run::of(&mut scenario.command(&site)).fine();
        let new = State::of(&site);
        site.link_here(scenario.act.plan()).expect("a site can be linked");
        Self { old, new, settled: Settled::of(&site) }
    }

    /// What is wrong after `run`, in which a call failed.
    fn problem(&self, scenario: &Scenario, site: &Site, run: &Run) -> Option<String> {
        let (now, plan) = (State::of(site), scenario.act.plan());
        if !run.is_civil() {
            return Some(format!("it ends badly: {run}"));
        }
        if now.assets != self.new.assets && !says_so(scenario, run) {
            return Some(format!("it does not say that something is missing: {run}"));
        }
        if let Some(third) = now.third_state(&self.old, &self.new) {
            return Some(format!("{third}: {run}"));
        }
        if let Err(report) = site.link_here(plan) {
            return Some(format!("the next run fails: {report}\nafter {run}"));
        }
        compare(site, &self.settled).err().map(|difference| format!("{difference}\nafter {run}"))
    }
}

/// Whether a run says that not all was done. What `clean` had to keep does not make it fail.
fn says_so(scenario: &Scenario, run: &Run) -> bool {
    run.code != Some(0) || matches!(scenario.act, Act::Clean) && run.stderr.contains("kept: ")
}

/// The calls that the command makes for the run, from where it opens its table.
fn calls(scenario: &Scenario, site: &Site, strace: &Strace) -> Vec<Call> {
    let (run, calls) = strace.calls(&scenario.command(site));
    run.fine();
    calls.into_iter().skip_while(|call| !call.line.contains(".table")).filter(Call::is_about_files).collect()
}

/// Lets each call of a run fail once in each way, on a site for each. How many that were, and the problems.
fn carry_out(scenario: &Scenario) -> Option<(usize, Vec<String>)> {
    let first = scenario.site();
    let strace = Strace::new(first.dir())?;
    let calls = calls(scenario, &first, &strace);
    let cases: Vec<(&Call, &str)> = calls.iter().flat_map(|call| ERRORS.map(|error| (call, error))).collect();
    let expected = Expected::of(scenario);
    let mut problems = Vec::new();
    scenario.for_each(&cases, |site, (call, error)| {
        let run = strace.fail(call, error, &scenario.command(site));
        let problem = expected.problem(scenario, site, &run);
        problems.extend(problem.map(|problem| format!("{error} at {call}: {problem}")));
    });
    Some((cases.len(), problems))
}

#[track_caller]
fn check(scenario: &Scenario) {
    let Some((n, problems)) = carry_out(scenario) else { return };
    println!("{}: {n} errors injected", scenario.name);
    assert_harmless(scenario.name, n, &problems);
}

#[test]
fn in_a_cold_run() {
    check(&COLD);
}

#[test]
fn in_an_unchanged_run() {
    check(&UNCHANGED);
}

#[test]
fn in_an_unfolding_run() {
    check(&UNFOLDING);
}

#[test]
fn in_a_folding_run() {
    check(&FOLDING);
}

#[test]
fn in_a_copying_run() {
    check(&COPYING);
}

#[test]
fn in_a_cleaning_run() {
    check(&CLEANING);
}
