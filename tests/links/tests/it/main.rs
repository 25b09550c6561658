//! What holds of the links whatever happens to a run. Written from outside: through the command, on real folders.

#![cfg(target_os = "linux")]

mod change;
mod clean;
mod common;
mod crowd;
mod fail;
mod file_system;
mod kill;
mod ledger;
mod name;
mod next_ledger;
mod overlay;
mod race;
mod refuse;
mod scenario;
mod ship;
mod way;
