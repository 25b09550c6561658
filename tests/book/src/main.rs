//! The command, for the commands of the book.

fn main() -> std::process::ExitCode {
    bakehouse::run_plain()
}
