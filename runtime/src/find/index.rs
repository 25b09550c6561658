//! The route index as `find` walks it: from node to node, to the routes that may match a path.

use super::segments::{Path, Segments};
use super::verify;
use crate::table::layout::{DIRECTORY_OFFSET, HEADER_LEN, NONE, Section, host, node, slot, target, test};
use crate::table::{RouteRecord, Table, hash};

const NODE_LEN: usize = Section::Nodes.record_len();
const SLOT_LEN: usize = Section::Slots.record_len();

/// The index of a table. Reads are checked against the end of the image alone.
#[derive(Clone, Copy)]
pub(super) struct Index<'t> {
    table: Table<'t>,
    header: &'t [u8; HEADER_LEN],
}

/// A node: what it tests, and where it leads.
#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    record: &'t [u8; NODE_LEN],
}

/// What is shown the routes that match a path.
pub(super) trait Visitor<'t> {
    /// A route matches; its record is at this offset.
    fn matched(&mut self, offset: u32, route: RouteRecord<'t>);

    /// Whether no route from this offset on is of interest any more.
    fn is_settled(&self, offset: u32) -> bool;

    /// A node or a route is looked at.
    fn probed(&mut self) {}
}

impl<'t> Index<'t> {
    /// None of a table without a header.
    #[inline]
    pub(super) fn new(table: Table<'t>) -> Option<Self> {
        Some(Self { table, header: table.as_bytes().first_chunk()? })
    }

    /// What lies in the image behind a place in a section.
    #[inline]
    fn behind(self, section: Section, offset: usize) -> Option<&'t [u8]> {
        let start = word(self.header, DIRECTORY_OFFSET / 4 + section as usize * 2) as usize;
        self.table.as_bytes().get(start.saturating_add(offset)..)
    }

    #[inline]
    fn flags(self) -> u32 {
        let flags = self.behind(Section::Host, host::FLAGS * 4).and_then(<[u8]>::first_chunk);
        flags.map_or(0, |word| u32::from_le_bytes(*word))
    }

    #[inline]
    pub(super) fn ignores_case(self) -> bool {
        self.flags() & host::CASE_INSENSITIVE != 0
    }

    #[inline]
    pub(super) fn is_strict(self) -> bool {
        self.flags() & host::SLASHES == 0
    }

    /// The node where every walk begins; none in a table without one.
    #[inline]
    pub(super) fn root(self) -> Option<Node<'t>> {
        self.node(0)
    }

    /// The target of the slot for a whole path.
    #[inline]
    pub(super) fn literal<const FOLD: bool>(self, path: Path<'_>) -> Option<u32> {
        self.slot(self.root()?, hash::path_folded::<FOLD>(path.core, path.ends_in_slash))
    }

    /// The route that a target is.
    #[inline]
    pub(super) fn route_at(self, target: u32) -> Option<RouteRecord<'t>> {
        let is_route = target & target::TAG == target::ROUTE;
        let bytes = self.behind(Section::Routes, target as usize).filter(|_| is_route)?;
        Some(RouteRecord::at(self.table, bytes))
    }

    #[inline]
    fn node(self, number: u32) -> Option<Node<'t>> {
        let record = self.behind(Section::Nodes, number as usize * NODE_LEN)?.first_chunk()?;
        Some(Node { record })
    }

    /// The target of the slot that has a hash's fingerprint.
    #[inline]
    fn slot(self, node: Node<'t>, hash: u64) -> Option<u32> {
        let (pilot, n_buckets) = (node.word(node::PILOTS), node.word(node::BUCKETS));
        let pilot = if n_buckets == 0 {
            pilot
        } else {
            let place = pilot as usize + hash::bucket(hash, n_buckets) as usize;
            u32::from(*self.behind(Section::Pilots, place)?.first()?)
        };
        let number = node.word(node::SLOTS) as usize + hash::slot(hash, pilot, node.word(node::SLOTS + 1)) as usize;
        let slot: &[u8; SLOT_LEN] = self.behind(Section::Slots, number * SLOT_LEN)?.first_chunk()?;
        (word(slot, slot::FINGERPRINT) == hash::fingerprint(hash)).then_some(word(slot, slot::TARGET))
    }

    /// Shows a visitor every route behind a target that matches and is of interest.
    #[inline]
    pub(super) fn walk<const FOLD: bool>(
        self,
        mut target: u32,
        path: Path<'_>,
        segments: &Segments<'_>,
        visitor: &mut impl Visitor<'t>,
    ) {
        while target & target::TAG == target::NODE {
            let Some(node) = self.node(target >> target::SHIFT) else {
                return;
            };
            visitor.probed();
            let next = self.slot(node, node.test::<FOLD>(segments));
            let rest = node.rest();
            target = match next {
                Some(next) if node.is_always() => {
                    self.walk_besides::<FOLD>(next, path, segments, visitor);
                    if visitor.is_settled(node.first_of_rest()) {
                        return;
                    }
                    rest
                }
                next => next.unwrap_or(rest),
            };
        }
        self.show(target, visitor, |route| verify::matches::<FOLD>(route, path, segments));
    }

    /// One of two ways that a path goes. The recursion is as deep as nodes stand, which a bake limits.
    #[inline(never)]
    fn walk_besides<const FOLD: bool>(
        self,
        target: u32,
        path: Path<'_>,
        segments: &Segments<'_>,
        visitor: &mut impl Visitor<'t>,
    ) {
        self.walk::<FOLD>(target, path, segments, visitor);
    }

    /// Shows a visitor the routes of a target that is no node, if they match.
    #[inline]
    pub(super) fn show(self, target: u32, visitor: &mut impl Visitor<'t>, matches: impl Fn(RouteRecord<'t>) -> bool) {
        if target & target::TAG == target::ROUTE {
            self.show_route(target, visitor, &matches);
        } else if target != NONE {
            let place = (target >> target::SHIFT) as usize * 4;
            let list = self.behind(Section::Leaves, place).unwrap_or_default().as_chunks::<4>().0;
            let Some((n_routes, list)) = list.split_first() else { return };
            for offset in list.iter().take(u32::from_le_bytes(*n_routes) as usize) {
                self.show_route(u32::from_le_bytes(*offset), visitor, &matches);
            }
        }
    }

    #[inline]
    fn show_route(self, offset: u32, visitor: &mut impl Visitor<'t>, matches: &impl Fn(RouteRecord<'t>) -> bool) {
        visitor.probed();
        if visitor.is_settled(offset) {
            return;
        }
        if let Some(route) = self.route_at(offset)
            && matches(route)
        {
            visitor.matched(offset, route);
        }
    }
}

impl Node<'_> {
    #[inline]
    fn word(self, idx: usize) -> u32 {
        word(self.record, idx)
    }

    fn is_always(self) -> bool {
        self.word(node::TEST) & node::ALWAYS != 0
    }

    /// The target where no slot fits, or [`NONE`].
    #[inline]
    pub(super) fn rest(self) -> u32 {
        self.word(node::REST)
    }

    /// The least offset of a route behind the rest.
    #[inline]
    pub(super) fn first_of_rest(self) -> u32 {
        self.word(node::FIRST)
    }

    /// The hash of what the node tests of a path.
    #[inline]
    fn test<const FOLD: bool>(self, segments: &Segments<'_>) -> u64 {
        let word = self.word(node::TEST);
        let n_bytes = (word >> node::BYTES_SHIFT) as usize;
        let segment = || segments.get((word >> node::SEGMENT_SHIFT & 0xff) as usize);
        let hash = |part: &[u8]| hash::hash_folded::<FOLD>(part);
        match word & 7 {
            test::COUNT => hash::number(segments.count() as u64),
            test::PREFIX => segment().map_or(test::ABSENT, |it| hash(it.get(..n_bytes).unwrap_or(it))),
            test::SUFFIX => segment()
                .map_or(test::ABSENT, |it| hash(it.get(it.len().saturating_sub(n_bytes)..).unwrap_or_default())),
            _ => segment().map_or(test::ABSENT, hash),
        }
    }
}

#[inline]
fn word<const N: usize>(record: &[u8; N], idx: usize) -> u32 {
    record.get(idx * 4..idx * 4 + 4).and_then(<[u8]>::first_chunk).map_or(0, |word| u32::from_le_bytes(*word))
}
