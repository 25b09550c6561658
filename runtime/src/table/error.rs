//! Why bytes are not a table.

use std::fmt;

/// Why bytes cannot be used as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    NotATable,
    Version(u32),
    Length { expected: u64, found: usize },
    Altered,
    Malformed { what: &'static str, idx: usize },
}

impl TableError {
    pub(super) fn not_a_table() -> Self {
        Self(Kind::NotATable)
    }

    pub(super) fn version(found: u32) -> Self {
        Self(Kind::Version(found))
    }

    pub(super) fn length(expected: u64, found: usize) -> Self {
        Self(Kind::Length { expected, found })
    }

    pub(super) fn altered() -> Self {
        Self(Kind::Altered)
    }

    pub(super) fn malformed(what: &'static str, idx: usize) -> Self {
        Self(Kind::Malformed { what, idx })
    }

    /// Whether the bytes are not a Bakehouse table at all.
    pub fn is_not_a_table(&self) -> bool {
        self.0 == Kind::NotATable
    }

    /// Whether the table has a format that this version does not read.
    pub fn is_version(&self) -> bool {
        matches!(self.0, Kind::Version(_))
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::NotATable => f.write_str("not a baked table"),
            Kind::Version(found) => {
                write!(f, "table has format version {found}, but this program reads version {}", super::layout::VERSION)
            }
            Kind::Length { expected, found } => write!(f, "table is cut short or padded: {found} bytes of {expected}"),
            Kind::Altered => f.write_str("table was altered after it was baked: its content hash does not fit"),
            Kind::Malformed { what, idx } => write!(f, "table is inconsistent: {what} {idx} is not valid"),
        }
    }
}

impl std::error::Error for TableError {}
