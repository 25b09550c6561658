//! Runs that are disturbed: what was linked before, what is run, and what both states look like.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use bakehouse_links::{Plan, Site};

use crate::common::{BAKEHOUSE, CHANGED, OFFICE};

/// A run that is disturbed at each of its calls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scenario {
    /// Its name, for people.
    pub(crate) name: &'static str,
    /// The plans that were linked before, in order.
    pub(crate) before: &'static [Which],
    /// The run.
    pub(crate) act: Act,
}

/// One of the two plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Office,
    Changed,
}

/// What a run does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    Link(Which),
    /// Links the office by copying all of it.
    Copy,
    Clean,
}

/// Nothing was linked before.
pub(crate) const COLD: Scenario = Scenario { name: "cold", before: &[], act: Act::Link(Which::Office) };

/// Nothing is to be done, and the ledger of before is trusted.
pub(crate) const UNCHANGED: Scenario =
    Scenario { name: "unchanged", before: &[Which::Office, Which::Office], act: Act::Link(Which::Office) };

/// A folder unfolds, a file becomes a folder, an app goes and one comes; the run before found nothing to do.
pub(crate) const UNFOLDING: Scenario =
    Scenario { name: "unfolding", before: &[Which::Office, Which::Office], act: Act::Link(Which::Changed) };

/// Links become copies.
pub(crate) const COPYING: Scenario = Scenario { name: "copying", before: &[Which::Office], act: Act::Copy };

/// The way back from `UNFOLDING`.
pub(crate) const FOLDING: Scenario =
    Scenario { name: "folding", before: &[Which::Changed], act: Act::Link(Which::Office) };

/// Everything is taken away.
pub(crate) const CLEANING: Scenario = Scenario { name: "cleaning", before: &[Which::Office], act: Act::Clean };

impl Which {
    pub(crate) fn plan(self) -> &'static Plan {
        match self {
            Self::Office => &OFFICE,
            Self::Changed => &CHANGED,
        }
    }
}

impl Act {
    /// The plan of the run; of a clean one, the plan that was linked.
    pub(crate) fn plan(self) -> &'static Plan {
        match self {
            Self::Link(which) => which.plan(),
            Self::Copy | Self::Clean => &OFFICE,
        }
    }
}

impl Scenario {
    /// Does something on a site for each of `cases`.
    pub(crate) fn for_each<C>(&self, cases: &[C], mut act: impl FnMut(&Site, &C)) {
        for cases in cases.chunks(BATCH) {
            for (site, case) in self.sites(cases.len()).iter().zip(cases) {
                act(site, case);
            }
        }
    }

    /// `n` sites that are ready for the run. All at once, because a source is trusted to be settled only after a while,
    /// and the calls of a run depend on that.
    fn sites(&self, n: usize) -> Vec<Site> {
        let sites: Vec<Site> = (0..n).map(|_| BAKEHOUSE.site_in(&in_memory(), &[&OFFICE, &CHANGED])).collect();
        for which in self.before {
            rest();
            for site in &sites {
                site.link_here(which.plan()).expect("a site can be linked");
            }
        }
        rest();
        sites
    }

    /// One such site.
    pub(crate) fn site(&self) -> Site {
        self.sites(1).remove(0)
    }

    /// The run.
    pub(crate) fn command(&self, site: &Site) -> Command {
        match self.act {
            Act::Link(which) => site.link_command(which.plan()),
            Act::Copy => {
                let mut command = site.link_command(self.act.plan());
                command.args(["--mode", "copy"]);
                command
            }
            Act::Clean => site.clean_command(self.act.plan()),
        }
    }
}

/// How many sites there are at a time: as many as fit into the small memory that a container has for files.
pub(crate) const BATCH: usize = 48;

/// A folder in memory, where thousands of sites come and go faster than on a disk; the temporary folder if there is none.
pub(crate) fn in_memory() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}

/// Long enough that what was written before is settled.
pub(crate) fn rest() {
    thread::sleep(Duration::from_millis(40));
}
