//! A host in a temporary folder, and runs of the command in it.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A host of three apps, with a circle, a copy, a lazy asset, preloads and a selection.
const OFFICE: &[(&str, &str)] = &[
    (
        "apps.manifest.toml",
        r#"
        [host]
        name = "office"
        core = ["calendar"]
        [routes]
        each = ["/apps/$slug"]
        [assets]
        mount = "assets/$slug"
        [select]
        small = ["calendar"]
        "#,
    ),
    (
        "apps/calendar/app.toml",
        r#"
        slug = "calendar"
        name = "Calendar"
        aliases = ["cal"]
        description = "Days and weeks"
        publisher = "Example"
        categories = ["time", "work"]
        uses = ["meet"]
        [[route]]
        path = "/$name/{day}"
        methods = ["GET", "PUT"]
        [[route]]
        path = "/calendar/today"
        methods = ["GET"]
        [[assets]]
        from = "static"
        critical = ["icon.svg"]
        "#,
    ),
    ("apps/calendar/static/icon.svg", "<svg>calendar</svg>"),
    (
        "apps/mail/app.toml",
        r#"
        slug = "mail"
        name = "Mail"
        requires = ["calendar"]
        [[assets]]
        from = "static"
        mode = "copy"
        "#,
    ),
    ("apps/mail/static/a.txt", "a"),
    ("apps/mail/static/b.txt", "b"),
    (
        "apps/meet/app.toml",
        r#"
        slug = "meet"
        name = "Meetings"
        uses = ["calendar"]
        [[route]]
        path = "/meet/{room}"
        methods = ["GET"]
        preload = ["calendar"]
        [[route]]
        path = "/meet/{room}.ics"
        methods = ["GET"]
        [[route]]
        path = "/meet/{*rest}"
        methods = ["GET", "POST"]
        [[assets]]
        from = "logo.svg"
        lazy = true
        "#,
    ),
    ("apps/meet/logo.svg", "<svg>meet</svg>"),
];

/// A folder with a host in it.
pub(crate) struct Host {
    dir: TempDir,
}

impl Host {
    /// The files of a host, and nothing else.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let host = Self { dir: TempDir::new().expect("a temporary folder") };
        for (path, text) in files {
            host.write(path, text);
        }
        host
    }

    pub(crate) fn office() -> Self {
        Self::new(OFFICE)
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir().join(path)
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder of the host");
        fs::write(path, bytes).expect("a file of the host");
    }

    /// The command in this folder, with none of the variables that it looks at.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bakehouse"));
        command.current_dir(self.dir());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("BAKEHOUSE_")) {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run<S: AsRef<OsStr>>(&self, args: &[S]) -> Run {
        self.run_with(args, &[], b"")
    }

    pub(crate) fn run_with<S: AsRef<OsStr>>(&self, args: &[S], env: &[(&str, &str)], stdin: &[u8]) -> Run {
        let mut command = self.command();
        command.args(args).envs(env.iter().copied());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let (mut pipe, stdin) = (child.stdin.take().expect("a pipe"), stdin.to_owned());
        // A command that answers while it reads would wait for a reader; one that does not read closes the pipe.
        let writer = std::thread::spawn(move || drop(pipe.write_all(&stdin)));
        let output = child.wait_with_output().expect("the command ends");
        writer.join().expect("stdin is written");
        let typed = args.iter().map(|arg| arg.as_ref().to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ");
        let text = |bytes| self.filtered(&String::from_utf8(bytes).expect("the command says UTF-8"));
        let env: String = env.iter().flat_map(|(name, value)| [name, "=", value, " "]).collect();
        Run {
            typed: self.filtered(&format!("{env}bakehouse {typed}")),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            code: output.status.code(),
        }
    }

    /// Several runs, as a person would see them.
    pub(crate) fn transcript(&self, calls: &[&str]) -> String {
        let runs = calls.iter().map(|call| self.run(&call.split_terminator(' ').collect::<Vec<_>>()).to_string());
        runs.collect::<Vec<_>>().join("\n")
    }

    /// Without what differs from run to run: times, sizes of tables, the folder.
    fn filtered(&self, text: &str) -> String {
        let real = self.dir().canonicalize().expect("the folder of the host");
        let text =
            text.replace(&real.display().to_string(), "[dir]").replace(&self.dir().display().to_string(), "[dir]");
        let text = ["\"elapsed_us\":", "\"bytes\":"].iter().fold(text, |text, name| without_number_behind(&text, name));
        [" us", " ms", " s", " bytes"].iter().fold(text, |text, unit| without_number_before(&text, unit))
    }
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

fn without_number_behind(text: &str, name: &str) -> String {
    let mut parts = text.split(name);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + name + "[n]" + part.trim_start_matches(is_number))
}

fn without_number_before(text: &str, unit: &str) -> String {
    let mut parts = text.split(unit).peekable();
    let mut out = String::new();
    while let Some(part) = parts.next() {
        let is_unit = parts.peek().is_some_and(|next| !next.starts_with(char::is_alphanumeric));
        let short = part.trim_end_matches(is_number);
        out += if is_unit { short } else { part };
        out += match (parts.peek(), is_unit && short != part) {
            (Some(_), true) => "[n]",
            _ => "",
        };
        out += if parts.peek().is_some() { unit } else { "" };
    }
    // The unit of a time depends on the machine.
    out.replace("[n] us", "[time]").replace("[n] ms", "[time]").replace("[n] s", "[time]")
}

/// What a run said, and how it ended.
pub(crate) struct Run {
    typed: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl Run {
    /// What was printed as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        let text = self.stdout.replace(":[n]", ":0");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}:\n{self}"))
    }

    /// What was printed as JSON, a line a value.
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "$ {}\n{}", self.typed, self.stdout.trim_end())?;
        if !self.stderr.is_empty() {
            writeln!(f, "--- stderr\n{}", self.stderr.trim_end())?;
        }
        writeln!(f, "--- exit {}", self.code.map_or("by a signal".to_owned(), |code| code.to_string()))
    }
}
