//! The chapters that have Rust in them, so that it is compiled.

#[doc = include_str!("../../../docs/quick-start.md")]
pub mod quick_start {}

#[doc = include_str!("../../../docs/from-lazy-modules.md")]
pub mod from_lazy_modules {}
