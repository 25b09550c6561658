//! The route index as `find` walks it: nodes and edges, read from the table.

use crate::RouteId;
use crate::table::layout::{NONE, Section, literal, mixed, node};
use crate::table::{Record, RouteRecord, Table};

/// A node of the route index.
#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    table: Table<'t>,
    record: Record<'t>,
}

impl<'t> Node<'t> {
    pub(super) fn root(table: Table<'t>) -> Self {
        Self::new(table, 0)
    }

    fn new(table: Table<'t>, idx: u32) -> Self {
        Self { table, record: table.record(Section::Nodes, idx) }
    }

    /// How many edges for literal segments there are.
    pub(super) fn n_literals(self) -> u32 {
        self.record.word(node::LITERALS + 1)
    }

    /// The edge for a literal segment at `idx`, in the order of their texts: the text and the node behind it.
    pub(super) fn literal(self, idx: u32) -> (&'t [u8], Node<'t>) {
        let edge = self.table.record(Section::Literals, self.record.word(node::LITERALS).saturating_add(idx));
        (edge.text_bytes(literal::TEXT), Self::new(self.table, edge.word(literal::NODE)))
    }

    /// The edges for segments of literal text around params, in order of precedence: the pieces of each and the node
    /// behind it.
    pub(super) fn mixed(
        self,
    ) -> impl Iterator<Item = (impl DoubleEndedIterator<Item = &'t [u8]> + Clone + use<'t>, Node<'t>)> + use<'t> {
        let (first, n) = (self.record.word(node::MIXED), self.record.word(node::MIXED + 1));
        (first..first.saturating_add(n)).map(move |idx| {
            let edge = self.table.record(Section::Mixed, idx);
            (edge.pieces(mixed::PIECES), Self::new(self.table, edge.word(mixed::NODE)))
        })
    }

    /// The node behind a param.
    pub(super) fn param(self) -> Option<Node<'t>> {
        let idx = self.record.word(node::PARAM);
        (idx != NONE).then(|| Self::new(self.table, idx))
    }

    /// The routes that end here.
    pub(super) fn leaves(self) -> impl Iterator<Item = RouteRecord<'t>> {
        self.routes_at(node::LEAVES)
    }

    /// The routes whose catch-all begins here.
    pub(super) fn catch_alls(self) -> impl Iterator<Item = RouteRecord<'t>> {
        self.routes_at(node::CATCH_ALLS)
    }

    fn routes_at(self, word: usize) -> impl Iterator<Item = RouteRecord<'t>> {
        let (first, n) = (self.record.word(word), self.record.word(word + 1));
        (first..first.saturating_add(n))
            .map(move |idx| self.table.route(RouteId(self.table.record(Section::Leaves, idx).word(0))))
    }
}
