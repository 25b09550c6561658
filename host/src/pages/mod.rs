//! What people see: whole HTML pages that need nothing else, written with `write!`.

pub(crate) mod app;
mod html;
pub(crate) mod problem;
pub(crate) mod store;

pub(crate) use self::html::Page;
