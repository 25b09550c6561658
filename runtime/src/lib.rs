//! The baked table of a host's apps, read in place: find a route, carry out the link plan, load an app when it is needed.

pub mod environment;
pub mod find;
mod id;
pub mod link;
mod method;
pub mod registry;
pub mod table;

pub use id::{AppId, RouteId};
pub use method::{Method, Methods};
pub use table::Table;
