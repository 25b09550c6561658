//! The baked table of a host's apps, read in place.

pub mod find;
mod id;
pub mod link;
mod method;
pub mod registry;
pub mod table;

pub use id::{AppId, RouteId};
pub use method::{Method, Methods};
pub use table::Table;
