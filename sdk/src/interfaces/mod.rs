//! What apps can be to one another: traits that both sides know, in place of each other's crates.
//!
//! An app gives one in [`App::provide`](crate::App::provide), another asks for it with
//! [`Context::uses`](crate::Context::uses). Times are Unix time: seconds since 1970-01-01 00:00:00 UTC, without leap seconds.

mod calendar;
mod conferencing;
mod qr_codes;

pub use calendar::{Busy, Calendar};
pub use conferencing::Conferencing;
pub use qr_codes::QrCodes;
