//! The server of Bakehouse: answers from the apps of a registry, from the public folder, and with pages of its own.
//!
//! ```no_run
//! use bakehouse_host::{Config, Event, ServeError, serve, terminated};
//!
//! async fn run(registry: &'static bakehouse_sdk::Registry) -> Result<(), ServeError> {
//!     let config = Config::new(([127, 0, 0, 1], 4310).into(), "apps", "public");
//!     let tell = |event| {
//!         if let Event::Ready { report, .. } = event {
//!             eprint!("{report}");
//!         }
//!     };
//!     serve(registry, config, tell, terminated).await
//! }
//! ```
//!
//! # Who answers
//! 1. The host itself: `/` lists the apps, `/healthz` says that it runs, `/readyz` that its critical assets and core apps are
//!    there, `/metrics` what it knows of itself ([`Metrics`]).
//! 2. The app whose route matches, loaded on its first request. One without code shows its record.
//! 3. The public folder: what really lies in it, and what the link plan shows there; never a dotfile, nor what a link leads
//!    to that the plan does not know. A lazy asset that is not linked yet is linked then.
//!
//! An app that is switched off has no routes and no assets.
//!
//! What goes wrong is answered with problem details (RFC 9457), or with a page to whoever prefers HTML. Neither names a path
//! of this machine or the cause of an app's failure: those are told to [`Config::listener`].
//!
//! # What it does not do
//! No TLS, no HTTP/2, no compression, no limit on how many connections there are or how slowly an answer is read: a proxy in
//! front of it does those.
//!
//! [`Config`] has the limits on requests, and on what apps may take. Where a request is too odd to be read, hyper answers
//! with a status alone: 400 for what is not HTTP, 431 for more than 100 headers or a head of more than 400 KiB, 414 for a path
//! of 64 KiB or more. Whatever can be read is answered with words.

mod body;
mod call;
mod catalog;
mod config;
mod counters;
mod dispatch;
mod error;
mod event;
mod files;
mod guard;
mod head;
mod host;
mod icon;
mod linker;
mod metrics;
mod options;
mod own;
mod pages;
mod problem;
mod progress;
mod report;
mod serve;
mod server;
mod shutdown;
mod site;
mod swap;
mod trace;
mod trouble;
mod warm_up;

pub use config::Config;
pub use error::ServeError;
pub use event::{Event, Linked, Loaded, StartReport, report_json};
pub use metrics::{AppReport, LinkMetrics, Metrics, Observation, PerformanceMetrics, RequestMetrics};
pub use serve::serve;
pub use shutdown::terminated;
pub use swap::{SwapError, SwapReport, Swapper};
pub use trouble::{Listener, Trouble};
