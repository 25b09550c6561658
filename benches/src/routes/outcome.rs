//! What came of the contests: times and instructions, by set, peer and case.

use std::fmt;

use super::set::Set;
use crate::measure::Seconds;

/// How paths are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// Paths that routes serve, at random.
    Shuffled,
    /// The same, in the order of the set.
    InOrder,
    /// Paths like these that no route serves, at random.
    Misses,
    /// As `Shuffled`, and every param is read: its name and what it took.
    Params,
    /// As `Shuffled`, with a cache that other work has emptied.
    Cold,
}

impl Case {
    pub(crate) const ALL: [Self; 5] = [Self::Shuffled, Self::InOrder, Self::Misses, Self::Params, Self::Cold];
    /// Those that take different work, whose instructions are counted. The others are the first again, in another order or
    /// with another cache.
    pub(crate) const COUNTED: [Self; 3] = [Self::Shuffled, Self::Misses, Self::Params];
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Shuffled => "hits",
            Self::InOrder => "hits in order",
            Self::Misses => "misses",
            Self::Params => "params read",
            Self::Cold => "hits, cold",
        })
    }
}

/// What one lookup takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) time: Seconds,
    /// None where they were not counted.
    pub(crate) instructions: Option<u64>,
}

/// Ours beside a peer, on the same paths and in turn.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) case: Case,
    pub(crate) ours: Taken,
    pub(crate) theirs: Taken,
}

impl Cell {
    /// How many times as long as ours the peer takes.
    pub(crate) fn ratio(&self) -> f64 {
        self.theirs.time / self.ours.time
    }
}

/// How a peer did on a set.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    pub(crate) peer: &'static str,
    /// How many routes it refuses.
    pub(crate) n_refused: usize,
    /// How many of those that it holds it gives to another route, or with other params.
    pub(crate) n_otherwise: usize,
    /// Nothing where it was not measured.
    pub(crate) cells: Vec<Cell>,
}

impl Standing {
    pub(crate) fn cell(&self, case: Case) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.case == case)
    }

    /// What of the set it does not take part in.
    fn left_out(&self) -> Option<String> {
        let Self { peer, n_refused, n_otherwise, cells } = self;
        match (n_refused, n_otherwise) {
            (0, 0) if cells.is_empty() => Some(format!("all for {peer}, which goes through its patterns one by one")),
            (0, 0) => None,
            _ => Some(format!("{n_refused} routes that {peer} refuses and {n_otherwise} that it answers otherwise")),
        }
    }
}

/// How all did on a set.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) set: String,
    pub(crate) n_routes: usize,
    pub(crate) budget: Option<(&'static str, f64)>,
    pub(crate) size: Option<TableSize>,
    pub(crate) notes: Vec<String>,
    /// Ours on the whole set.
    pub(crate) ours: Vec<(Case, Taken)>,
    pub(crate) standings: Vec<Standing>,
}

impl Outcome {
    pub(super) fn new(set: &Set, ours: Vec<(Case, Taken)>, standings: Vec<Standing>) -> Self {
        Self {
            set: set.name.clone(),
            n_routes: set.routes.len(),
            budget: set.budget,
            size: set.is_weighed.then(|| TableSize::of(set)),
            notes: set.notes.clone(),
            ours,
            standings,
        }
    }

    pub(crate) fn ours(&self, case: Case) -> Option<Taken> {
        self.ours.iter().find(|(known, _)| *known == case).map(|(_, taken)| *taken)
    }

    pub(crate) fn standing(&self, peer: &str) -> Option<&Standing> {
        self.standings.iter().find(|standing| standing.peer == peer)
    }

    /// What of the set is left out for ours and a peer, where there is such.
    pub(crate) fn left_out(&self) -> Option<String> {
        let left_out: Vec<String> = self.standings.iter().filter_map(Standing::left_out).collect();
        (!left_out.is_empty()).then(|| left_out.join("; "))
    }

    /// The peer that comes nearest to ours, or is ahead of it.
    pub(crate) fn best(&self, case: Case) -> Option<(&'static str, &Cell)> {
        let cells = self.standings.iter().filter_map(|standing| Some((standing.peer, standing.cell(case)?)));
        cells.min_by(|(_, one), (_, other)| one.ratio().total_cmp(&other.ratio()))
    }
}

/// Bytes of a table for each of its routes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TableSize {
    /// All of the table, apps and names too.
    pub(crate) whole: u64,
    /// Without the texts of the patterns.
    pub(crate) without_patterns: u64,
}

impl TableSize {
    fn of(set: &Set) -> Self {
        let n_routes = set.table.n_routes().max(1);
        let texts: usize = set.table.routes().map(|route| route.pattern().len()).sum();
        let whole = set.table.as_bytes().len();
        let a_route = |bytes: usize| u64::try_from(bytes.div_ceil(n_routes)).unwrap_or(u64::MAX);
        Self { whole: a_route(whole), without_patterns: a_route(whole.saturating_sub(texts)) }
    }
}
