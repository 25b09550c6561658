//! Bakes the apps of a host into a table.
//!
//! # In a build script
//!
//! ```no_run
//! // build.rs, in its main function
//! bakehouse_codegen::bake("apps.manifest.toml");
//! ```
//!
//! ```text
//! // src/main.rs
//! mod store {
//!     bakehouse_macros::apps!();
//! }
//! ```
//!
//! # The pipeline
//!
//! 1. `scan`: folders to files. The only part that reads the disk.
//! 2. `parse` (`bakehouse-manifest`): a file to a manifest with the place of every value.
//! 3. [`model`]: manifests to a [`Model`](model::Model), defaults and variables filled in.
//! 4. `check`: the model to [diagnostics], one rule a file, all independent problems at once.
//! 5. [`plan`]: the model to a [`Plan`](plan::Plan). Every decision is made here.
//! 6. `emit`: the plan to the table's bytes and to Rust. The same input gives the same bytes on every machine.
//!
//! [`compile`] runs all of them; [`bake`] runs it for cargo.

mod build_script;
mod check;
mod compile;
pub mod diagnostics;
mod emit;
mod explain;
pub mod graph;
pub mod model;
pub mod pattern;
pub mod plan;
mod scan;
pub mod source;

pub use build_script::bake;
pub use check::{function_name, slug_help};
pub use compile::{Baked, Compilation, Depth, Options, compile};
pub use emit::dump;
pub use explain::{codes, explain, severity};
