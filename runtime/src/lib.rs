//! The baked table of a host's apps, read in place: find a route, carry out the link plan, load an app when it is needed.
//!
//! The feature `link`, on by default, is the linker; without it there are the table, `find` and the registry.

mod distance;
pub mod environment;
pub mod find;
pub mod href;
mod id;
#[cfg(feature = "link")]
pub mod link;
mod method;
pub mod registry;
mod sorted;
pub mod table;

pub use id::{AppId, RouteId};
pub use method::{Method, Methods};
pub use table::Table;

/// What generated code names. Its number is the version of the table's format, so that code which was generated for
/// another version fails to compile.
#[doc(hidden)]
pub mod __private3 {
    pub use crate::Table;
    pub use crate::registry::{Constructor, Slot};
    pub use crate::table::Aligned;
}
