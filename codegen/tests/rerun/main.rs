//! The build script's side on real cargo projects: what bakes again and what does not, and what a user sees.

mod changes;
mod features;
mod problems;
mod project;
mod references;
mod selection;
mod size;
