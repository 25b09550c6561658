//! The command `bakehouse` as the tests of this package run it.

use std::process::ExitCode;

fn main() -> ExitCode {
    bakehouse::run_plain()
}
