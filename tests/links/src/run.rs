//! What a run of the command said, and how it ended.

use std::fmt;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// What a run of the command said, and how it ended.
#[derive(Debug)]
pub struct Run {
    /// The command line.
    pub typed: String,
    /// What it printed.
    pub stdout: String,
    /// What it told people.
    pub stderr: String,
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
}

impl Run {
    /// Runs `command` to its end.
    ///
    /// # Panics
    ///
    /// If it can't be started.
    pub fn of(command: &mut Command) -> Self {
        let output = command.stdin(Stdio::null()).output().expect("the command starts");
        Self::new(format!("{command:?}"), &output)
    }

    /// The run that ended with `output`.
    pub fn new(typed: String, output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            typed,
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            code: output.status.code(),
            signal: output.status.signal(),
        }
    }

    /// What was printed as JSON.
    ///
    /// # Panics
    ///
    /// If it was not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}:\n{self}"))
    }

    /// A number in what was printed as JSON.
    ///
    /// # Panics
    ///
    /// If there is no such number.
    pub fn count(&self, name: &str) -> u64 {
        self.json()[name].as_u64().unwrap_or_else(|| panic!("`{name}` is no number:\n{self}"))
    }

    /// This run, if it ended well.
    ///
    /// # Panics
    ///
    /// If it did not.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "it is mostly called for the assertion")]
    pub fn fine(self) -> Self {
        assert_eq!(self.code, Some(0), "{self}");
        self
    }

    /// Whether it ended in a way that a user may see: by itself, with a cause if there was a problem, without a panic.
    pub fn is_civil(&self) -> bool {
        let says_something = self.stderr.lines().any(|line| line.trim().len() > "error:".len());
        let has_ended_well = self.code == Some(0);
        self.code.is_some_and(|code| code <= 2)
            && !self.stderr.contains("panicked")
            && (has_ended_well || says_something)
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { typed, stdout, stderr, .. } = self;
        write!(f, "$ {typed}\n{stdout}--- stderr\n{stderr}--- exit {:?}, signal {:?}", self.code, self.signal)
    }
}
