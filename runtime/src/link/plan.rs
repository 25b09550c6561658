//! Which entries of a table's link plan a host wants: all but those of the apps that are off.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::PlannedLink;
use crate::Table;
use crate::environment::Environment;

/// The link plan of a host: what [`link`](super::link()) carries out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LinkPlan<'t> {
    /// The entries that are wanted, sorted by public path.
    pub links: Vec<PlannedLink<'t>>,
    /// The hash of the plan; another one where other entries are left out.
    pub hash: u64,
}

impl<'t> LinkPlan<'t> {
    /// The plan of a table without the entries of apps that are off, so that a run takes away what an earlier one made
    /// for them.
    pub fn new(table: Table<'t>, environment: &Environment) -> Self {
        let is_wanted = |link: &PlannedLink<'t>| environment.is_on(table.app(link.app));
        let (links, left_out): (Vec<_>, Vec<_>) = table.links().partition(is_wanted);
        let hash = left_out.iter().fold(table.links_hash(), |hash, link| xxh3_64_with_seed(link.public, hash));
        Self { links, hash }
    }
}
