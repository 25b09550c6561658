//! The route index as `find` walks it: nodes and edges, read from the table.

use std::cmp::Ordering;

use crate::RouteId;
use crate::table::layout::{NONE, Section, literal, mixed, node};
use crate::table::{RouteRecord, Table};

const NODE_LEN: usize = Section::Nodes.record_len();
const LITERAL_LEN: usize = Section::Literals.record_len();

/// The sections that a walk reads at every step, looked up once for a path.
#[derive(Clone, Copy)]
pub(super) struct Index<'t> {
    table: Table<'t>,
    nodes: &'t [[u8; NODE_LEN]],
    literals: &'t [[u8; LITERAL_LEN]],
    text: &'t [u8],
}

impl<'t> Index<'t> {
    pub(super) fn new(table: Table<'t>) -> Self {
        Self {
            table,
            nodes: table.section(Section::Nodes).as_chunks().0,
            literals: table.section(Section::Literals).as_chunks().0,
            text: table.section(Section::Text),
        }
    }

    /// The node where every walk begins; none in a table without one.
    pub(super) fn root(&self) -> Option<Node<'_, 't>> {
        self.node(0)
    }

    fn node(&self, idx: u32) -> Option<Node<'_, 't>> {
        self.nodes.get(idx as usize).map(|record| Node { index: self, record })
    }

    fn literal_text(&self, edge: &[u8; LITERAL_LEN]) -> &'t [u8] {
        let start = word(edge, literal::TEXT) as usize;
        let end = start.saturating_add(word(edge, literal::TEXT + 1) as usize);
        self.text.get(start..end).unwrap_or_default()
    }
}

fn word<const N: usize>(record: &[u8; N], idx: usize) -> u32 {
    record.get(idx * 4..).and_then(<[u8]>::first_chunk).map_or(0, |word| u32::from_le_bytes(*word))
}

/// A node of the route index.
#[derive(Clone, Copy)]
pub(super) struct Node<'i, 't> {
    index: &'i Index<'t>,
    record: &'t [u8; NODE_LEN],
}

impl<'i, 't> Node<'i, 't> {
    fn word(self, idx: usize) -> u32 {
        word(self.record, idx)
    }

    /// The numbers of a run of records.
    fn run(self, idx: usize) -> std::ops::Range<u32> {
        self.word(idx)..self.word(idx).saturating_add(self.word(idx + 1))
    }

    /// The node behind the literal segment whose text compares as equal; edges are sorted by text.
    pub(super) fn literal(self, compare: impl Fn(&[u8]) -> Ordering) -> Option<Self> {
        let run = self.run(node::LITERALS);
        let edges = self.index.literals.get(run.start as usize..run.end as usize)?;
        let at = edges.binary_search_by(|edge| compare(self.index.literal_text(edge))).ok()?;
        self.index.node(word(edges.get(at)?, literal::NODE))
    }

    /// The edges for segments of literal text around params, in order of precedence: the pieces of each and the node
    /// behind it.
    pub(super) fn mixed(
        self,
    ) -> impl Iterator<Item = (impl DoubleEndedIterator<Item = &'t [u8]> + Clone + use<'t>, Self)> + use<'i, 't> {
        self.run(node::MIXED).filter_map(move |idx| {
            let edge = self.index.table.record(Section::Mixed, idx);
            Some((edge.pieces(mixed::PIECES), self.index.node(edge.word(mixed::NODE))?))
        })
    }

    /// The node behind a param.
    pub(super) fn param(self) -> Option<Self> {
        Some(self.word(node::PARAM)).filter(|idx| *idx != NONE).and_then(|idx| self.index.node(idx))
    }

    /// The routes that end here.
    pub(super) fn leaves(self) -> impl Iterator<Item = RouteRecord<'t>> + use<'i, 't> {
        self.routes_at(node::LEAVES)
    }

    /// The routes whose catch-all begins here.
    pub(super) fn catch_alls(self) -> impl Iterator<Item = RouteRecord<'t>> + use<'i, 't> {
        self.routes_at(node::CATCH_ALLS)
    }

    fn routes_at(self, word: usize) -> impl Iterator<Item = RouteRecord<'t>> + use<'i, 't> {
        let table = self.index.table;
        self.run(word).map(move |idx| table.route(RouteId(table.record(Section::Leaves, idx).word(0))))
    }
}
