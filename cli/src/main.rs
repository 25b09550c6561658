//! The command `bakehouse`, without a table baked in.

use std::process::ExitCode;

fn main() -> ExitCode {
    bakehouse::run_plain()
}
