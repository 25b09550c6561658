//! System calls, counted and slowed down by strace.
//!
//! A contender of this program runs in a child process that says when its work begins and ends, and only what lies between
//! counts. Of another program everything counts, as it does for whoever calls it.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::Command;

use super::contender::MARK;
use crate::Result;
use crate::measure::{Seconds, output_of, wall};

/// The calls that network drives and virus scanners make slow. Not every architecture has all of them.
const SLOW: [&str; 9] =
    ["symlinkat", "symlink", "rename", "renameat", "renameat2", "copy_file_range", "sendfile", "link", "linkat"];
/// What each of them takes then.
const DELAY_MICROSECONDS: u32 = 3_000;

/// How many system calls something made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Calls {
    pub(crate) all: u64,
    /// Those that may be slow.
    pub(crate) slow: u64,
}

/// Whether there is a strace to count with; a container may have it and forbid it to trace.
pub(crate) fn has_strace() -> bool {
    output_of(&mut under_strace(&[], Path::new("/dev/null"), &Command::new("true"))).is_ok()
}

/// The system calls of a command and all that it starts. `is_marked` says that they count between marks only.
pub(super) fn count(command: &Command, is_marked: bool) -> Result<Calls> {
    let log = tempfile::NamedTempFile::new()?;
    output_of(&mut under_strace(&["-e", "trace=all"], log.path(), command))?;
    Ok(count_log(BufReader::new(File::open(log.path())?), is_marked)?)
}

/// How long a command takes where some calls are slow; where it is marked, what it says itself.
pub(super) fn slowly(command: &Command, is_marked: bool) -> Result<Seconds> {
    let mut strace = slowed(command);
    let (printed, time) = wall(|| output_of(&mut strace));
    let printed = printed?;
    if is_marked { Ok(String::from_utf8(printed)?.trim().parse()?) } else { Ok(time) }
}

/// A command, but for its environment, where some calls are slow.
pub(crate) fn slowed(command: &Command) -> Command {
    let calls = SLOW.map(|call| format!("?{call}")).join(",");
    let [trace, inject] = [format!("trace={calls}"), format!("inject={calls}:delay_exit={DELAY_MICROSECONDS}")];
    // Calls that are not slow do not stop, so that they take as long as ever.
    let flags = ["--seccomp-bpf", "-e", &trace, "-e", &inject];
    under_strace(&flags, Path::new("/dev/null"), command)
}

fn under_strace(flags: &[&str], log: &Path, command: &Command) -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq"]).args(flags).arg("-o").arg(log);
    strace.arg("--").arg(command.get_program()).args(command.get_args());
    strace
}

fn count_log(log: impl BufRead, is_marked: bool) -> io::Result<Calls> {
    let mut calls = Calls::default();
    let mut counts = !is_marked;
    for line in log.lines() {
        let line = line?;
        if is_marked && line.contains(MARK.trim_end()) {
            counts = !counts;
        } else if counts && let Some(name) = call(&line) {
            calls.all += 1;
            calls.slow += u64::from(SLOW.contains(&name));
        }
    }
    Ok(calls)
}

/// The name of the call that a line begins with, if it does not end another or tell of a signal.
fn call(line: &str) -> Option<&str> {
    let (name, _) = line.trim_start_matches(|it: char| it.is_ascii_digit()).trim_start().split_once('(')?;
    let is_name = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
        12 execve(\"/usr/bin/x\", [\"x\"], 0x7ffd /* 9 vars */) = 0\n\
        12 write(2, \"the work of the contender\\n\", 26) = 26\n\
        12 symlinkat(\"../a\", 3, \"a\") = 0\n\
        12 close(6 <unfinished ...>\n\
        13 renameat2(3, \"b\", 3, \"c\", 0) = 0 (DELAYED)\n\
        12 <... close resumed>) = 0\n\
        13 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED (x)} ---\n\
        12 write(2, \"the work of the contender\\n\", 26) = 26\n\
        12 exit_group(0) = ?\n\
        12 +++ exited with 0 (x) +++\n";

    #[test]
    fn a_call_counts_once() {
        assert_eq!(count_log(LOG.as_bytes(), false).unwrap(), Calls { all: 7, slow: 2 });
    }

    #[test]
    fn what_lies_between_marks() {
        assert_eq!(count_log(LOG.as_bytes(), true).unwrap(), Calls { all: 3, slow: 2 });
    }
}
