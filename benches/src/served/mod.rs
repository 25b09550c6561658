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

use crate::{Report, Result, Scale, memory};

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    let is_chosen = |name: &str| scale.only.is_none_or(|only| name.contains(only));
    if is_chosen("start") {
        apps::measure(scale, report)?;
    }
    // Without a page to write, it is a group of its own.
    if is_chosen("memory") && scale.thorough {
        memory::measure(scale, report)?;
    }
    if is_chosen("requests") {
        requests::measure(scale, report)?;
    }
    if is_chosen("cal.com") && scale.outside {
        calcom::measure(scale, report)?;
    }
    Ok(())
}
