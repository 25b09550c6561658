//! Validates the records of routes, and the index that leads to them.
//!
//! The index is a tree: every node but the root is named once, by a node before it, and every leaf once. So no walk is
//! endless, and the recorded bound can be computed again from the leaves up.

use super::{Checked, ensure, is_numbers};
use crate::table::layout::{
    MAX_DEPTH, MAX_PATTERN, MAX_PROBES, MAX_SEGMENTS, NONE, Section, app, node, slot, target, test,
};
use crate::table::read::{Record, range};
use crate::table::record::Program;
use crate::table::step::{Step, steps};
use crate::table::{RouteRecord, Table, TableError, idx_u32};

/// Checks the records of routes; gives their offsets, ascending.
pub(super) fn check_routes(table: Table<'_>) -> Result<Vec<u32>, TableError> {
    let section = table.section(Section::Routes);
    let (mut offsets, mut at) = (Vec::new(), 0);
    while at < section.len() {
        let idx = offsets.len();
        let route = RouteRecord::at(table, section.get(at..).unwrap_or_default());
        ensure(is_route(table, route), "route", idx)?;
        let offset = idx_u32(at);
        let listed = table.image.record(Section::RouteOffsets, route.id().0);
        ensure(!listed.is_empty() && listed.word(0) == offset, "route", idx)?;
        offsets.push(offset);
        at += route.len();
    }
    // As many as there are numbers, and each has one of its own.
    ensure(offsets.len() == table.n_routes(), "route", offsets.len())?;
    Ok(offsets)
}

fn is_route(table: Table<'_>, route: RouteRecord<'_>) -> bool {
    let Program { steps: words, text: bytes, .. } = route.program();
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    route.is_whole()
        && text.starts_with('/')
        && text.len() <= MAX_PATTERN
        && words.iter().map(|word| u32::from_le_bytes(*word)).eq(steps(text).map(Step::encode))
        && is_numbers(table, route.preload_list(), table.n_apps())
        && is_of_app(table, route)
}

/// Whether the route's app has it among its own.
fn is_of_app(table: Table<'_>, route: RouteRecord<'_>) -> bool {
    let of_app = route.app_record();
    range(of_app.word(app::ROUTES), of_app.word(app::ROUTES + 1)).contains(&(route.id().0 as usize))
        && (route.id().0 as usize) < table.n_routes()
}

/// Checks the index over routes at these offsets.
pub(super) fn check(table: Table<'_>, offsets: &[u32]) -> Checked {
    let n_nodes = table.image.count(Section::Nodes);
    let mut index = Index {
        table,
        offsets,
        depths: vec![None; n_nodes],
        next_slot: 0,
        leaves_left: table.image.count(Section::Leaves),
    };
    let root = table.image.root();
    let tests_path = root.word(node::TEST) & test::KIND == test::PATH && root.word(node::TEST) & node::ALWAYS != 0;
    ensure(tests_path && index.check_node(None, root, 0).is_some(), "root", 0)?;
    for (idx, record) in super::records(table, Section::Nodes) {
        // A node that no other has named by now is one that none will.
        let depth =
            index.depths.get(idx).copied().flatten().filter(|_| record.word(node::TEST) & test::KIND != test::PATH);
        let holds = depth.and_then(|depth| index.check_node(Some(idx), record, depth));
        ensure(holds.is_some(), "node", idx)?;
    }
    ensure(index.next_slot as usize == table.image.count(Section::Slots), "slot", n_nodes)?;
    check_bounds(table)
}

struct Index<'a, 't> {
    table: Table<'t>,
    offsets: &'a [u32],
    /// How deep each node is, once another has named it.
    depths: Vec<Option<usize>>,
    /// The first slot that no node has yet.
    next_slot: u32,
    leaves_left: usize,
}

impl Index<'_, '_> {
    /// None if it is malformed.
    fn check_node(&mut self, idx: Option<usize>, record: Record<'_>, depth: usize) -> Option<()> {
        let holds = |holds: bool| holds.then_some(());
        let test = record.word(node::TEST);
        let is_known =
            test & test::KIND <= test::SUFFIX && (test >> node::SEGMENT_SHIFT & 0xff) < idx_u32(MAX_SEGMENTS);
        holds(depth <= MAX_DEPTH && is_known)?;
        let (pilots, n_buckets) = (record.word(node::PILOTS), record.word(node::BUCKETS));
        let is_there = range(pilots, n_buckets).end <= self.table.image.count(Section::Pilots);
        holds(n_buckets == 0 || n_buckets.is_power_of_two() && is_there)?;
        let (first, n_slots) = (record.word(node::SLOTS), record.word(node::SLOTS + 1));
        holds(first == self.next_slot && n_slots > 0)?;
        self.next_slot = first.checked_add(n_slots)?;
        holds(self.next_slot as usize <= self.table.image.count(Section::Slots))?;
        for target in slot_targets(self.table, record) {
            // What a literal path leads to is read as a route or a list of routes.
            holds(idx.is_some() || target & target::TAG != target::NODE)?;
            self.check_target(target, idx, depth)?;
        }
        match record.word(node::REST) {
            NONE => Some(()),
            rest => self.check_target(rest, idx, depth),
        }
    }

    fn check_target(&mut self, target: u32, from: Option<usize>, depth: usize) -> Option<()> {
        let number = target >> target::SHIFT;
        match target & target::TAG {
            target::ROUTE => self.offsets.binary_search(&target).ok().map(drop),
            target::NODE => {
                let fresh = self.depths.get_mut(number as usize)?;
                (from.is_none_or(|from| number as usize > from) && fresh.is_none()).then(|| *fresh = Some(depth + 1))
            }
            target::LEAF => {
                let leaf = leaf(self.table, number)?;
                self.leaves_left = self.leaves_left.checked_sub(leaf.len() + 1)?;
                let offsets = leaf.iter().map(|word| u32::from_le_bytes(*word));
                let is_known = offsets.clone().all(|offset| self.offsets.binary_search(&offset).is_ok());
                (is_known && !leaf.is_empty() && offsets.is_sorted_by(|a, b| a < b)).then_some(())
            }
            _ => None,
        }
    }
}

/// Where the slots of a node lead.
fn slot_targets(table: Table<'_>, record: Record<'_>) -> impl Iterator<Item = u32> {
    let first = record.word(node::SLOTS);
    let slots = first..first.saturating_add(record.word(node::SLOTS + 1));
    slots.map(move |number| table.image.record(Section::Slots, number).word(slot::TARGET)).filter(|it| *it != NONE)
}

/// The list of routes there: a word each, their offsets.
pub(super) fn leaf(table: Table<'_>, place: u32) -> Option<&[[u8; 4]]> {
    let words = table.section(Section::Leaves).as_chunks::<4>().0.get(place as usize..)?;
    let (n_routes, offsets) = words.split_first()?;
    offsets.get(..u32::from_le_bytes(*n_routes) as usize)
}

/// What is behind a target: the most that a search looks at there, and the least offset of a route.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Behind {
    bound: u64,
    first: u32,
}

impl Behind {
    const NOTHING: Self = Self { bound: 0, first: NONE };

    fn of(table: Table<'_>, nodes: &[Self], target: u32) -> Self {
        let number = target >> target::SHIFT;
        match target & target::TAG {
            target::ROUTE => Self { bound: 1, first: target },
            target::NODE => nodes.get(number as usize).copied().unwrap_or(Self::NOTHING),
            target::LEAF => leaf(table, number).map_or(Self::NOTHING, |leaf| Self {
                bound: leaf.len() as u64,
                first: leaf.first().map_or(NONE, |word| u32::from_le_bytes(*word)),
            }),
            _ => Self::NOTHING,
        }
    }

    /// One or the other.
    fn or(self, other: Self) -> Self {
        Self { bound: self.bound.max(other.bound), first: self.first.min(other.first) }
    }
}

/// Computes the recorded bound again, and where the routes behind each rest begin.
fn check_bounds(table: Table<'_>) -> Checked {
    let n_nodes = table.image.count(Section::Nodes);
    let mut nodes = vec![Behind::NOTHING; n_nodes];
    for idx in (0..n_nodes).rev() {
        let record = table.image.record(Section::Nodes, idx_u32(idx));
        let behind = behind_node(table, &nodes, record);
        if let Some(node) = nodes.get_mut(idx) {
            *node = behind.ok_or_else(|| TableError::malformed("node", idx))?;
        }
    }
    let root = behind_node(table, &nodes, table.image.root()).ok_or_else(|| TableError::malformed("root", 0))?;
    ensure(root.bound == u64::from(table.probe_bound()) && root.bound <= u64::from(MAX_PROBES), "probe bound", 0)
}

/// What is behind a node, itself included; none if it says wrongly where the routes behind its rest begin.
fn behind_node(table: Table<'_>, nodes: &[Behind], record: Record<'_>) -> Option<Behind> {
    let slots = slot_targets(table, record).map(|target| Behind::of(table, nodes, target));
    let slots = slots.fold(Behind::NOTHING, Behind::or);
    let rest = Behind::of(table, nodes, record.word(node::REST));
    let both = slots.or(rest);
    let is_always = record.word(node::TEST) & node::ALWAYS != 0;
    let bound = if is_always { slots.bound.saturating_add(rest.bound) } else { both.bound };
    (record.word(node::FIRST) == rest.first).then_some(Behind { bound: bound.saturating_add(1), first: both.first })
}
