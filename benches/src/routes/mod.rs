//! Lookups of routes against other routers, and against maps where all routes are literal.
//!
//! A set is baked; each peer takes in what of it it can express; both answer the same paths, and what they do not agree
//! on is left out for both; then they are timed in turn.

mod contender;
mod contest;
mod count;
mod course;
mod markdown;
mod outcome;
mod paths;
mod pattern;
mod peers;
mod set;
mod sets;
mod timing;
mod verdict;

pub use count::{FLAG as COUNT_FLAG, count_lookups};
pub use markdown::write_markdown;
pub(crate) use outcome::Outcome;

use self::timing::Emptier;
use crate::{Report, Result, Scale};

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    let emptier = Emptier::new();
    for planned in sets::all(scale, report) {
        if scale.only.is_some_and(|only| !planned.name.contains(only)) {
            continue;
        }
        let set = (planned.make)(&planned.name)?;
        let outcome = contest::run(&set, scale, &emptier)?;
        verdict::report(&outcome, report);
        report.routes.push(outcome);
    }
    if !scale.thorough {
        report.note("lookups: the whole matrix, with instructions, by `-- routes --write docs/benchmarks.md`");
    }
    Ok(())
}
