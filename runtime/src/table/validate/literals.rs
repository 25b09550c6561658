//! Validates that every literal pattern is found: its path leads to its route in one step, so that this can be checked in
//! time linear in the length of the table. Of other patterns it could not, as each matches more paths than can be tried.

use super::{Checked, ensure, index};
use crate::table::layout::{LENGTHS_OFFSET, Section, flags, node, slot, target};
use crate::table::record::Program;
use crate::table::step::{Kind, Step};
use crate::table::{RouteRecord, Table, hash};

/// Checks the literal patterns among the routes at these offsets, the index over which is well-formed.
pub(super) fn check(table: Table<'_>, offsets: &[u32]) -> Checked {
    let mut lengths = 0;
    for (idx, offset) in offsets.iter().enumerate() {
        if let Some(path) = literal_path(route_at(table, *offset)) {
            ensure(leads_to(table, &path, *offset), "route", idx)?;
            lengths |= 1 << (core(&path).0.len() % 64);
        }
    }
    ensure(lengths == table.image.double_at(LENGTHS_OFFSET), "lengths", 0)
}

fn route_at(table: Table<'_>, offset: u32) -> RouteRecord<'_> {
    RouteRecord::at(table, table.section(Section::Routes).get(offset as usize..).unwrap_or_default())
}

/// The one path that a pattern without params matches: its text, doubled braces made single.
fn literal_path(route: RouteRecord<'_>) -> Option<Vec<u8>> {
    let Program { steps, text, .. } = route.program();
    let (mut path, mut at) = (Vec::new(), 0);
    for step in steps {
        let step = Step::decode(u32::from_le_bytes(*step));
        if !matches!(step.kind, Kind::Cut | Kind::End) {
            return None;
        }
        path.extend(text.get(at..at + step.run).unwrap_or_default());
        at += step.run + step.skip;
    }
    path.extend(text.get(at..).unwrap_or_default());
    Some(path)
}

/// A path without a slash at its end, and whether it has one.
fn core(path: &[u8]) -> (&[u8], bool) {
    path.strip_suffix(b"/").map_or((path, false), |core| (core, true))
}

/// Whether the root leads a path to the route at that offset.
fn leads_to(table: Table<'_>, path: &[u8], offset: u32) -> bool {
    let (core, ends_in_slash) = core(path);
    let hash = match table.flags() & flags::CASE_INSENSITIVE {
        0 => hash::path_folded::<false>(core, ends_in_slash),
        _ => hash::path_folded::<true>(core, ends_in_slash),
    };
    slot_target(table, hash).is_some_and(|target| has_route(table, target, offset))
}

/// The target of the root's slot for a hash, if it fits.
fn slot_target(table: Table<'_>, hash: u64) -> Option<u32> {
    let root = table.image.root();
    let pilot = match (root.word(node::PILOTS), root.word(node::BUCKETS)) {
        (pilot, 0) => pilot,
        (first, n_buckets) => {
            let place = first.checked_add(hash::bucket(hash, n_buckets))?;
            u32::from(*table.section(Section::Pilots).get(place as usize)?)
        }
    };
    let place = hash::slot(hash, pilot, root.word(node::SLOTS + 1));
    let slot = table.image.record(Section::Slots, root.word(node::SLOTS).checked_add(place)?);
    (slot.word(slot::FINGERPRINT) == hash::fingerprint(hash)).then(|| slot.word(slot::TARGET))
}

/// Whether a target is the route at that offset, or a list that has it.
fn has_route(table: Table<'_>, target: u32, offset: u32) -> bool {
    match target & target::TAG {
        target::ROUTE => target == offset,
        target::LEAF => index::leaf(table, target >> target::SHIFT)
            .is_some_and(|leaf| leaf.binary_search_by_key(&offset, |word| u32::from_le_bytes(*word)).is_ok()),
        _ => false,
    }
}
