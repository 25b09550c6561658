//! What holds of the links whatever happens to a run: the sites, tracers and snapshots that the tests are written with.
//!
//! A test bakes [`Plan`]s of a few [`App`]s, makes a [`Site`] with their sources, runs the command there, and compares
//! [`Tree`]s. [`Strace`] kills a run at a call or lets a call fail, a [`Reader`] watches assets while runs go on, and a
//! [`Mount`] is a file system for as long as it is needed.

#![cfg(unix)]

mod lack;
mod mount;
mod plan;
mod reader;
mod run;
mod site;
mod strace;
mod tree;

pub use lack::lacks;
pub use mount::Mount;
pub use plan::{App, Asset, Plan, Program};
pub use reader::Reader;
pub use run::Run;
pub use site::Site;
pub use strace::{Call, Strace};
pub use tree::{Node, Tree, is_unfinished};
