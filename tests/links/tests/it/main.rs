//! What holds of the links whatever happens to a run. Written from outside: through the command, on real folders.

#![cfg(target_os = "linux")]

mod change;
mod common;
mod crowd;
mod fail;
mod kill;
mod scenario;
