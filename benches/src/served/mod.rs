//! Whole hosts: how long they take to start with few apps and with many, to answer first on cal.com's tree, and what a request
//! costs that is dispatched to a loaded app.

mod apps;
mod calcom;
mod here;
mod load;
mod markdown;
mod node;
mod outcome;
mod process;
mod program;
mod requests;

pub use markdown::write_markdown;
pub(crate) use outcome::Outcome;
pub use program::{FLAG as HOST_FLAG, run_host};

use crate::{Group, Report, Result, Scale, memory};

/// The parts by name, and whether they are wanted.
const PARTS: [(&str, Group, fn(Scale) -> bool); 4] = [
    ("start", apps::measure, |_| true),
    // Otherwise they are a group of their own.
    ("memory", memory::measure, |scale| scale.thorough),
    ("requests", requests::measure, |_| true),
    ("cal.com", calcom::measure, |scale| scale.outside),
];

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    let is_chosen = |name: &str| scale.only.is_none_or(|only| name.contains(only));
    for (name, measure, is_wanted) in PARTS {
        if is_chosen(name) && is_wanted(scale) {
            measure(scale, report)?;
        }
    }
    Ok(())
}
