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
    apps::measure(scale, report)?;
    if scale.thorough {
        // The page has all of a host's figures.
        memory::measure(scale, report)?;
    }
    requests::measure(scale, report)?;
    if scale.outside {
        calcom::measure(scale, report)?;
    }
    Ok(())
}
