//! The server of Bakehouse: answers from the apps of a registry, from the public folder, and with pages of its own.

mod call;
mod catalog;
mod config;
mod dispatch;
mod error;
mod event;
mod files;
mod guard;
mod host;
mod icon;
mod metrics;
mod negotiate;
mod own;
mod pages;
mod problem;
mod report;
mod serve;
mod shutdown;
mod trouble;

pub use config::Config;
pub use error::ServeError;
pub use event::{Event, Linked, Loaded, StartReport, report_json};
pub use serve::serve;
pub use shutdown::terminated;
pub use trouble::{Listener, Trouble};
