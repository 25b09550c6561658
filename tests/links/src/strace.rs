//! Counts a run's system calls, kills it at one, or lets one fail.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Run, lacks};

/// The tracer.
#[derive(Debug, Clone)]
pub struct Strace {
    log: PathBuf,
}

/// One call of a run: which, and the how manieth of its name. strace counts each name by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its name, such as `openat`.
    pub name: String,
    /// From 1.
    pub nth: usize,
    /// What strace wrote of it: the name, the arguments, the answer.
    pub line: String,
}

/// Calls that are not about files: of memory, signals and threads. What they fail with is none of the linker's errors.
const NOT_ABOUT_FILES: &[&str] = &[
    "brk",
    "clock_gettime",
    "clock_nanosleep",
    "exit_group",
    "futex",
    "getpid",
    "getrandom",
    "gettid",
    "getuid",
    "madvise",
    "mmap",
    "mprotect",
    "mremap",
    "munmap",
    "poll",
    "prlimit64",
    "rt_sigaction",
    "rt_sigprocmask",
    "sched_getaffinity",
    "sched_yield",
    "sigaltstack",
    "uname",
];

impl Call {
    /// Whether it is about files. What a build with debug assertions asks of a handle before it closes it is not.
    pub fn is_about_files(&self) -> bool {
        !NOT_ABOUT_FILES.contains(&self.name.as_str()) && !self.line.contains("F_GETFD")
    }
}

impl Strace {
    /// The tracer, with its log in `folder`. Without strace, or where it may not trace: says so, and gives `None`.
    pub fn new(folder: &Path) -> Option<Self> {
        let works =
            Command::new("strace").args(["-o", "/dev/null", "true"]).output().is_ok_and(|it| it.status.success());
        if !works {
            lacks("strace, or the right to trace");
        }
        works.then(|| Self { log: folder.join("strace.log") })
    }

    /// Runs `command`, and lists the calls that it made, in order. The `execve` that starts it is strace's own call, made
    /// before there is anything to kill.
    ///
    /// # Panics
    ///
    /// If the run was of more than one thread: calls are then counted for each by itself.
    pub fn calls(&self, command: &Command) -> (Run, Vec<Call>) {
        let run = self.run(&[], command);
        let log = fs::read_to_string(&self.log).expect("strace writes a log");
        let mut calls: Vec<Call> = Vec::new();
        let mut threads = Vec::new();
        for line in log.lines() {
            let (thread, call) = line.split_once(' ').expect("strace names the thread");
            threads.push(thread);
            let Some((name, _)) = call.trim_start().split_once('(') else { continue };
            let nth = 1 + calls.iter().filter(|call| call.name == name).count();
            calls.push(Call { name: name.to_owned(), nth, line: call.trim_start().to_owned() });
        }
        threads.dedup();
        assert_eq!(threads.len(), 1, "a run has one thread:\n{log}");
        assert_eq!(calls.remove(0).name, "execve");
        (run, calls)
    }

    /// Runs `command`, and kills it as it enters `call`.
    pub fn kill(&self, Call { name, nth, .. }: &Call, command: &Command) -> Run {
        self.inject(&[], name, &format!("signal=KILL:when={nth}"), command)
    }

    /// Runs `command`, and lets `call` fail with `error`, a name such as `EIO`.
    pub fn fail(&self, Call { name, nth, .. }: &Call, error: &str, command: &Command) -> Run {
        // The kernel stops the run at calls by this name only, which is faster. Kills would come too late that way.
        self.inject(&["--seccomp-bpf"], name, &format!("error={error}:when={nth}"), command)
    }

    /// Runs `command`, and lets every call by `name` fail with `error`, as a file system does that has no such thing.
    pub fn refuse(&self, name: &str, error: &str, command: &Command) -> Run {
        self.inject(&[], name, &format!("error={error}"), command)
    }

    fn inject(&self, options: &[&str], name: &str, what: &str, command: &Command) -> Run {
        let (trace, inject) = (format!("trace={name}"), format!("inject={name}:{what}"));
        self.run(&[options, &["-e", &trace, "-e", &inject]].concat(), command)
    }

    fn run(&self, options: &[&str], command: &Command) -> Run {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-o"]).arg(&self.log).args(options).arg("--").arg(command.get_program());
        strace.args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            strace.current_dir(folder);
        }
        // What the command has set; `Site` sees to it that it inherits nothing.
        strace.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        Run::of(&mut strace)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} number {}, `{}`", self.name, self.nth, self.line)
    }
}
