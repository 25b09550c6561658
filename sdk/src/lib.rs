//! What a Bakehouse app is written against.
//!
//! ```
//! use bakehouse_sdk::{App, BoxError, Context, Error, Request, RequestExt, Response};
//!
//! pub struct Hello {
//!     greeting: String,
//! }
//!
//! impl App for Hello {
//!     async fn handle(&self, request: Request) -> Result<Response, Error> {
//!         let name = request.query().get("name").ok_or_else(|| Error::bad_request("`name` is missing"))?;
//!         Ok(Response::new(format!("{}, {name}", self.greeting).into()))
//!     }
//! }
//!
//! // The manifest names it: `entry = "hello::app"`.
//! pub async fn app(ctx: &Context) -> Result<Hello, BoxError> {
//!     Ok(Hello { greeting: ctx.setting("greeting")? })
//! }
//! ```
//!
//! An app is made by its constructor when it is first needed, and handles requests from then on. Through its [`Context`]
//! it reads its settings and reaches other apps: never their crates, but the [`interfaces`] that they give.

mod app;
mod body;
mod context;
mod error;
mod form;
pub mod interfaces;
mod offer;
pub mod page;
mod request;
pub mod testing;
mod uses;

pub use app::{App, DynApp};
pub use body::Body;
pub use context::{Context, SettingError};
pub use error::Error;
pub use form::{Accept, Form};
pub use offer::Offer;
pub use request::{MatchedRoute, Query, Request, RequestExt};
pub use uses::{Uses, UsesError};

pub use bakehouse_runtime::Table;
pub use bakehouse_runtime::find::{DecodeError, RawParam};
pub use bakehouse_runtime::href;
pub use bakehouse_runtime::registry::{BoxError, BoxFuture, LoadError, StartError, StartOptions, block_on};
pub use bakehouse_runtime::table::{AppRecord, RouteRecord};
pub use {bytes, http};

/// An answer to a [`Request`].
pub type Response = http::Response<Body>;

/// The registry of a host whose apps are written against this crate.
pub type Registry = bakehouse_runtime::registry::Registry<dyn DynApp, Context>;

/// The apps of a host under one table.
pub type Edition = bakehouse_runtime::registry::Edition<'static, dyn DynApp, Context>;

/// An app of a host, known when the host was compiled: what `store::zoom()` gives.
pub type Handle = bakehouse_runtime::registry::Handle<dyn DynApp, Context>;

/// Starts a registry: each app gets its own [`Context`].
///
/// # Errors
///
/// If the table names an entry that the binary lacks, or if the registry was started before.
pub fn start(registry: &'static Registry, options: StartOptions) -> Result<(), StartError> {
    start_with(registry, registry.table(), options)
}

/// As [`start`], but goes by another table than that of the binary.
///
/// # Errors
///
/// As [`start`].
pub fn start_with(registry: &'static Registry, table: Table<'static>, options: StartOptions) -> Result<(), StartError> {
    registry.start_with(table, move |app| Context::new(registry, app), options)
}

/// What generated code names. Its number is the version of the table's format, as the runtime's.
#[doc(hidden)]
pub mod __private3 {
    pub use crate::app::construct;

    /// How a host makes one app.
    pub type Constructor = bakehouse_runtime::__private3::Constructor<dyn crate::DynApp, crate::Context>;

    /// Where a host keeps one app.
    pub type Slot = bakehouse_runtime::__private3::Slot<dyn crate::DynApp>;
}
