//! The registry's promises, on small tables.

mod assets;
mod counted;
mod crowd;
mod environment;
mod host;
mod image;
mod limit;
mod load;
mod metrics;
mod slow;
mod start;
mod swap;
mod unload;
mod why;
