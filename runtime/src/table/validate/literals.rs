//! Validates that every literal pattern is found: its path leads to its route in one step, so that this can be checked in
//! time linear in the length of the table. Of other patterns it could not, as each matches more paths than can be tried.

use super::{Checked, ensure, index};
use crate::find::literal_target;
use crate::table::layout::{LENGTHS_OFFSET, SAMPLE_OFFSET, Section, target};
use crate::table::record::Program;
use crate::table::step::{Kind, Step};
use crate::table::{RouteRecord, Table, hash};

/// Checks the literal patterns among the routes at these offsets, the index over which is well-formed.
pub(super) fn check(table: Table<'_>, offsets: &[u32]) -> Checked {
    ensure(hash::Sample::from_word(table.image.word_at(SAMPLE_OFFSET)).is_known(), "sample", 0)?;
    let (mut lengths, mut filter) = (0, vec![0; table.section(Section::Filter).len()]);
    for (idx, offset) in offsets.iter().enumerate() {
        if let Some(path) = literal_path(route_at(table, *offset)) {
            let target = literal_target(table, &path);
            ensure(target.is_some_and(|target| has_route(table, target, *offset)), "route", idx)?;
            let path = if table.ignores_case() { path.to_ascii_lowercase() } else { path };
            let core = path.strip_suffix(b"/").unwrap_or(&path);
            hash::note(&mut filter, core);
            lengths |= 1 << (core.len() % 64);
        }
    }
    ensure(lengths == table.image.double_at(LENGTHS_OFFSET), "lengths", 0)?;
    ensure(filter == table.section(Section::Filter), "filter", 0)
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
        match step.kind {
            Kind::CUT => path.extend(text.get(at..at + step.run).unwrap_or_default()),
            Kind::END => break,
            _ => return None,
        }
        at += step.run + step.skip;
    }
    path.extend(text.get(at..).unwrap_or_default());
    Some(path)
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
