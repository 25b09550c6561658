//! The command line of Bakehouse: checks, bakes, links and serves the apps of a host.
//!
//! The program `bakehouse` reads host manifests and table files. A host's own binary is the same command with a table
//! baked in:
//!
//! ```text
//! mod store {
//!     bakehouse_macros::apps!();
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     bakehouse::run(bakehouse::Store { registry: &store::REGISTRY, base: store::BASE, root: store::ROOT })
//! }
//! ```
//!
//! # How it works
//!
//! 1. `args`: the flags as typed, then as meant.
//! 2. `log`: what `BAKEHOUSE_LOG` asks for.
//! 3. `target`: what `-m` means: the baked table, a host manifest (which is compiled), or a table file.
//! 4. `commands`: one file a command; each asks `target` for a table and says its answer through `output`.
//!
//! Answers go to stdout, everything else to stderr. The exit code is 0 if all is fine, 1 if a problem was found, 2 if
//! the call was wrong.

mod args;
mod commands;
mod failure;
mod log;
mod output;
mod target;

use std::fmt;
use std::process::ExitCode;

use bakehouse_sdk::Registry;

use crate::args::Call;
use crate::commands::Ctx;
use crate::output::Output;

/// What a host bakes into its binary.
#[derive(Clone, Copy)]
pub struct Store {
    /// The registry, with the table in it.
    pub registry: &'static Registry,
    /// The folder of the host manifest, where it was baked; the public folder is relative to it.
    pub base: &'static str,
    /// The folder of the apps, where they were baked; `--root` and `BAKEHOUSE_ROOT` go before it.
    pub root: &'static str,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("base", &self.base).field("root", &self.root).finish_non_exhaustive()
    }
}

/// Runs the command line of this process with a host's table baked in; returns what `main` is to return.
#[must_use = "the exit code tells whoever called whether all is fine"]
pub fn run(store: Store) -> ExitCode {
    execute(Some(store))
}

/// Runs the command line of this process without a baked table; returns what `main` is to return.
#[must_use = "the exit code tells whoever called whether all is fine"]
pub fn run_plain() -> ExitCode {
    execute(None)
}

fn execute(store: Option<Store>) -> ExitCode {
    let call = match Call::read() {
        Ok(call) => call,
        Err(error) => {
            // Help goes to stdout, a wrong call to stderr; if neither can be written, nobody is left to be told.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let mut ctx = Ctx { store, manifest: call.manifest, out: Output::new(call.format) };
    let outcome = log::start().and_then(|()| commands::run(&call.command, &mut ctx));
    let written = ctx.out.finish();
    match outcome.and_then(|verdict| written.map(|()| verdict)) {
        Ok(verdict) => verdict.into(),
        Err(failure) => failure.tell(),
    }
}
