//! A naive matcher that follows the matching rules of routes literally, and hosts to hold the baked table against it.
//!
//! It shares nothing with the code under test but the names of methods: it has a parser of its own ([`pattern`]),
//! tries every pattern on every path ([`find`]) and, to see whether two patterns overlap, every short path ([`overlap`]).
//! [`generate`] has what both are asked and [`compare`] asks it. Where it and the table disagree, one of them is wrong about the rules.

pub mod compare;
pub mod find;
pub mod generate;
pub mod host;
pub mod overlap;
pub mod pattern;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

/// Runs a property test.
///
/// `cases` is how many cases it runs, unless `PROPTEST_CASES` says otherwise, which is for long runs.
///
/// # Panics
/// If a case fails, with what it says of itself once it is shrunk.
#[track_caller]
pub fn property<S: Strategy>(cases: u32, input: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|wanted| wanted.parse().ok()).unwrap_or(cases);
    // A failure is written down as a case of a table, so that no seed needs to be kept.
    let config = Config { cases, failure_persistence: None, max_shrink_time: 20_000, ..Config::default() };
    match TestRunner::new(config).run(input, test) {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(error) => panic!("{error}"),
    }
}
