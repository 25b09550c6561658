//! The route index as `find` walks it: from node to node, to the routes that may match a path.

use super::path::{Path, Segments};
use super::verify;
use crate::table::hash::{self, Sample};
use crate::table::layout::{
    DIRECTORY_OFFSET, FLAGS_OFFSET, HEADER_LEN, LENGTHS_OFFSET, NONE, ROOT_OFFSET, SAMPLE_OFFSET, Section, flags, node,
    slot, target, test,
};
use crate::table::{RouteRecord, Table};

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

    pub(super) fn table(self) -> Table<'t> {
        self.table
    }

    /// Where a section begins.
    #[inline]
    fn start(self, section: Section) -> usize {
        word(self.header, DIRECTORY_OFFSET / 4 + section as usize * 2) as usize
    }

    /// How many bytes a section has.
    #[inline]
    fn len(self, section: Section) -> u32 {
        word(self.header, DIRECTORY_OFFSET / 4 + section as usize * 2 + 1)
    }

    #[inline]
    fn flags(self) -> u32 {
        word(self.header, FLAGS_OFFSET / 4)
    }

    #[inline]
    pub(super) fn ignores_case(self) -> bool {
        self.flags() & flags::CASE_INSENSITIVE != 0
    }

    #[inline]
    pub(super) fn is_strict(self) -> bool {
        self.flags() & flags::SLASHES == 0
    }

    /// What the hash of a literal path is made of.
    #[inline]
    fn sample(self) -> Sample {
        Sample::from_word(word(self.header, SAMPLE_OFFSET / 4))
    }

    /// Whether a path that is no literal pattern is nobody's.
    #[inline]
    pub(super) fn has_literals_alone(self) -> bool {
        self.root().rest() == NONE && self.is_strict()
    }

    /// The node where every walk begins.
    #[inline]
    pub(super) fn root(self) -> Node<'t> {
        let record = self.header.get(ROOT_OFFSET..).and_then(<[u8]>::first_chunk);
        Node { record: record.unwrap_or(&[0; NODE_LEN]) }
    }

    /// The route that a target is; none if it is no route.
    #[inline]
    pub(super) fn route_at(self, target: u32) -> Option<RouteRecord<'t>> {
        let is_route = target & target::TAG == target::ROUTE;
        let at = self.start(Section::Routes).wrapping_add(target as usize);
        Some(RouteRecord::at(self.table, self.table.as_bytes().get(at..).filter(|_| is_route)?))
    }

    #[inline]
    fn node(self, number: u32) -> Option<Node<'t>> {
        let record = self.chunk(self.start(Section::Nodes).wrapping_add((number as usize).wrapping_mul(NODE_LEN)))?;
        Some(Node { record })
    }

    /// The target of the slot that has a hash's fingerprint.
    #[inline]
    fn slot(self, node: Node<'t>, hash: u64) -> Option<u32> {
        let (pilot, n_buckets) = (node.word(node::PILOTS), node.word(node::BUCKETS));
        let pilot = if n_buckets == 0 {
            pilot
        } else {
            let place = (pilot as usize).wrapping_add(hash::bucket(hash, n_buckets) as usize);
            u32::from(*self.table.as_bytes().get(self.start(Section::Pilots).wrapping_add(place))?)
        };
        let number = hash::slot(hash, pilot, node.word(node::SLOTS + 1)).wrapping_add(node.word(node::SLOTS));
        let slot: &[u8; SLOT_LEN] =
            self.chunk(self.start(Section::Slots).wrapping_add((number as usize).wrapping_mul(SLOT_LEN)))?;
        (word(slot, slot::FINGERPRINT) == hash::fingerprint(hash)).then_some(word(slot, slot::TARGET))
    }

    /// What the lengths and the filter say of a path without a slash at its end.
    #[inline]
    fn may_be_literal<const FOLD: bool>(self, core: &[u8], n_bytes: u32) -> bool {
        let lengths =
            self.header.get(LENGTHS_OFFSET..).and_then(<[u8]>::first_chunk).map_or(0, |it| u64::from_le_bytes(*it));
        if (lengths >> (core.len() % 64)) & 1 == 0 {
            return false;
        }
        let (byte, bit) = hash::place_in_filter::<FOLD>(core, n_bytes);
        let byte = self.start(Section::Filter).wrapping_add(byte as usize);
        self.table.as_bytes().get(byte).is_some_and(|byte| byte & bit != 0)
    }

    /// So many bytes of the image.
    #[inline]
    fn chunk<const N: usize>(self, at: usize) -> Option<&'t [u8; N]> {
        self.table.as_bytes().get(at..at.wrapping_add(N))?.first_chunk()
    }

    /// Shows a visitor every route behind a target that matches and is of interest.
    #[inline]
    pub(super) fn walk<const FOLD: bool>(
        self,
        mut target: u32,
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
                    self.walk_besides::<FOLD>(next, segments, visitor);
                    if visitor.is_settled(node.first_of_rest()) {
                        return;
                    }
                    rest
                }
                next => next.unwrap_or(rest),
            };
        }
        self.show(target, visitor, |route| verify::matches::<FOLD>(route, segments));
    }

    /// One of two ways that a path goes. The recursion is as deep as nodes stand, which a bake limits.
    #[inline(never)]
    fn walk_besides<const FOLD: bool>(self, target: u32, segments: &Segments<'_>, visitor: &mut impl Visitor<'t>) {
        self.walk::<FOLD>(target, segments, visitor);
    }

    /// Shows a visitor the routes of a target that is no node, if they match.
    #[inline]
    pub(super) fn show(self, target: u32, visitor: &mut impl Visitor<'t>, matches: impl Fn(RouteRecord<'t>) -> bool) {
        for offset in self.offsets(target, &[target.to_le_bytes()]) {
            let offset = u32::from_le_bytes(*offset);
            visitor.probed();
            if let Some(route) = self.route_at(offset).filter(|_| !visitor.is_settled(offset))
                && matches(route)
            {
                visitor.matched(offset, route);
            }
        }
    }

    /// The offset of the preferred of the routes of a target that are accepted.
    #[inline]
    pub(super) fn first(self, target: u32, mut accepts: impl FnMut(RouteRecord<'t>) -> bool) -> Option<u32> {
        if let Some(route) = self.route_at(target) {
            return accepts(route).then_some(target);
        }
        let mut offsets = self.offsets(target, &[[0; 4]]).iter().map(|offset| u32::from_le_bytes(*offset));
        offsets.find(|offset| self.route_at(*offset).is_some_and(&mut accepts))
    }

    /// Where the net leads, as long as it leads one way: to a target that is no node, or [`NONE`]; else to the first node of which
    /// there is more than one way on.
    #[inline]
    pub(super) fn only_way<const FOLD: bool>(self, segments: &Segments<'_>) -> u32 {
        let mut target = self.root().rest();
        while target & target::TAG == target::NODE {
            let Some(node) = self.node(target >> target::SHIFT) else {
                return NONE;
            };
            target = match self.slot(node, node.test::<FOLD>(segments)) {
                Some(_) if node.is_always() => return target,
                next => next.unwrap_or(node.rest()),
            };
        }
        target
    }

    /// The offsets of the routes of a target, in order of precedence: of a leaf, or the target itself, which `single` has.
    #[inline]
    fn offsets<'s>(self, target: u32, single: &'s [[u8; 4]; 1]) -> &'s [[u8; 4]]
    where
        't: 's,
    {
        match target & target::TAG {
            target::ROUTE => return single,
            target::LEAF => {}
            _ => return &[],
        }
        let at = self.start(Section::Leaves).wrapping_add(((target >> target::SHIFT) as usize).wrapping_mul(4));
        let words = self.table.as_bytes().get(at..).unwrap_or_default().as_chunks::<4>().0;
        let (n_routes, offsets) = words.split_first().unwrap_or((&[0; 4], &[]));
        offsets.get(..u32::from_le_bytes(*n_routes) as usize).unwrap_or_default()
    }
}

/// What the root leads to by a whole path: by all but a slash at its end, behind which there is one if `SLASH`.
///
/// It takes neither an [`Index`] nor a path in one piece, so that all of it is passed in registers.
#[inline(never)]
pub(super) fn literal<const FOLD: bool, const SLASH: bool>(table: Table<'_>, core: &[u8]) -> Option<u32> {
    let index = Index::new(table)?;
    let n_bytes = index.len(Section::Filter);
    if n_bytes > 0 && !index.may_be_literal::<FOLD>(core, n_bytes) {
        return None;
    }
    match hash::path_by_one_place::<FOLD>(core, SLASH, index.sample()) {
        Some(hash) => index.slot(index.root(), hash),
        None => literal_otherwise::<FOLD, SLASH>(table, core),
    }
}

/// As [`literal`], for any sample and length of the path.
#[inline(never)]
fn literal_otherwise<const FOLD: bool, const SLASH: bool>(table: Table<'_>, core: &[u8]) -> Option<u32> {
    let index = Index::new(table)?;
    index.slot(index.root(), hash::path_folded::<FOLD>(core, SLASH, index.sample()))
}

/// As [`literal`], for a path in one piece.
#[inline]
pub(super) fn literal_path<const FOLD: bool>(table: Table<'_>, path: Path<'_>) -> Option<u32> {
    if path.ends_in_slash { literal::<FOLD, true>(table, path.core) } else { literal::<FOLD, false>(table, path.core) }
}

impl Node<'_> {
    #[inline]
    fn word(self, idx: usize) -> u32 {
        word(self.record, idx)
    }

    #[inline]
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
        let kind = word & test::KIND;
        if kind == test::COUNT {
            return hash::number(segments.count() as u64);
        }
        let Some((mut start, mut end)) = segments.segment((word >> node::SEGMENT_SHIFT & 0xff) as usize) else {
            return test::ABSENT;
        };
        if kind != test::SEGMENT {
            let n_bytes = (word >> node::BYTES_SHIFT) as usize;
            if kind == test::PREFIX {
                end = end.min(start + n_bytes);
            } else {
                start = start.max(end.saturating_sub(n_bytes));
            }
        }
        hash::hash_part::<FOLD>(segments.path().core, start, end)
    }
}

#[inline]
fn word<const N: usize>(record: &[u8; N], idx: usize) -> u32 {
    record.get(idx * 4..idx * 4 + 4).and_then(<[u8]>::first_chunk).map_or(0, |word| u32::from_le_bytes(*word))
}
