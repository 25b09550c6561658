//! The plan written down: the table's bytes, and the Rust that goes with it. No decisions are made here; the same plan
//! gives the same bytes everywhere.

mod dump;
pub(crate) mod names;
pub(crate) mod rust;
pub(crate) mod table;

pub use dump::dump;
