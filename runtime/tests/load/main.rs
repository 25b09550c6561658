//! The registry's promises, on small tables.

mod assets;
mod environment;
mod host;
mod image;
mod load;
mod start;
