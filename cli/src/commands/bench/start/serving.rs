//! One start of a host: this very binary, told to serve.

use std::env;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::super::book::Contender;
use super::super::interrupt::Interrupt;
use super::super::yard::{Site, Yard};
use super::unanswered;
use crate::failure::{Failure, Trouble};

/// How long a host may take until it is ready, and to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a wait looks whether the command was told to end.
const PAUSE: Duration = Duration::from_millis(50);

/// How a host is started.
pub(super) struct Program {
    binary: PathBuf,
    /// The table file; none for the table in the binary.
    table: Option<PathBuf>,
    root: PathBuf,
    /// What it is asked for first.
    path: String,
    /// Where it says what goes wrong.
    log: PathBuf,
}

/// What was seen of a start.
pub(super) struct Times {
    /// From the start of the process to the end of the first answer.
    pub(super) answer: Duration,
    /// From the start of the process.
    pub(super) ready: Duration,
    /// What the constructors of the apps that were loaded at start took together.
    pub(super) load: Duration,
}

impl Program {
    pub(super) fn new(table: Option<PathBuf>, root: &Path, path: String, yard: &Yard) -> Result<Self, Failure> {
        let binary = env::current_exe()
            .map_err(|error| Trouble::new("failed to find this program's own file").because(&error).problem())?;
        Ok(Self { binary, table, root: root.to_owned(), path, log: yard.path("log") })
    }

    /// Starts a host, asks it once, waits until it is ready, and ends it.
    pub(super) fn start(&self, contender: Contender, site: &Site, interrupt: &Interrupt) -> Result<Times, Failure> {
        let began = Instant::now();
        let mut host =
            Host::spawn(self.command(contender, site)).map_err(|error| self.failed().because(&error).problem())?;
        let (_, listening) = self.wait(&mut host, "listening", interrupt)?;
        let addr = listening["addr"].as_str().unwrap_or_default();
        let status =
            ask(addr, &self.path).map_err(|error| unanswered(&self.path, &format!("is not answered: {error}")))?;
        let answer = began.elapsed();
        if !(200..404).contains(&status) {
            return Err(unanswered(&self.path, &format!("is answered with {status}")));
        }
        let (_, loaded) = self.wait(&mut host, "loaded", interrupt)?;
        let (at, _) = self.wait(&mut host, "ready", interrupt)?;
        Ok(Times { answer, ready: at.saturating_duration_since(began), load: load_time(&loaded) })
    }

    fn command(&self, contender: Contender, site: &Site) -> io::Result<Command> {
        let mut command = Command::new(&self.binary);
        if let Some(table) = &self.table {
            command.arg("--manifest").arg(table);
        }
        command.args(["--format", "json", "serve", "--addr", "127.0.0.1:0", "--root"]).arg(&self.root);
        command.arg("--public").arg(&site.public).arg("--state").arg(&site.state);
        match contender {
            Contender::Default => command.env_remove("BAKEHOUSE_LINK").env_remove("BAKEHOUSE_LOAD"),
            Contender::CopyEager => command.env("BAKEHOUSE_LINK", "copy").env("BAKEHOUSE_LOAD", "eager"),
        };
        // A group of its own: a key that interrupts this program must not end the host, which it ends itself.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&self.log)?);
        Ok(command)
    }

    /// An event of the host, and when it came.
    fn wait(&self, host: &mut Host, wanted: &str, interrupt: &Interrupt) -> Result<(Instant, Value), Failure> {
        let until = Instant::now() + PATIENCE;
        loop {
            interrupt.check()?;
            match host.events.recv_timeout(PAUSE) {
                Ok((at, event)) if event["event"] == wanted => return Ok((at, event)),
                Err(RecvTimeoutError::Timeout) if Instant::now() > until => {
                    return Err(Trouble::new(format!("a host was not ready within {} s", PATIENCE.as_secs())).problem());
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.failed().problem()),
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// What the host said before it ended.
    fn failed(&self) -> Trouble {
        let said = fs::read_to_string(&self.log).unwrap_or_default();
        let said = said.lines().next().unwrap_or_default();
        let said = said.strip_prefix("error: ").unwrap_or(said);
        Trouble::new(if said.is_empty() {
            "a host can't be started".to_owned()
        } else {
            format!("a host can't be started: {said}")
        })
    }
}

/// A host that runs, and ends with the value.
struct Host {
    process: Child,
    events: Receiver<(Instant, Value)>,
}

impl Host {
    fn spawn(command: io::Result<Command>) -> io::Result<Self> {
        let mut process = command?.spawn()?;
        let (tell, events) = mpsc::channel();
        let stdout = process.stdout.take();
        thread::spawn(move || stdout.map(|stdout| read(stdout, &tell)));
        Ok(Self { process, events })
    }
}

/// Reads events until there are no more, or nobody wants to know.
fn read(stdout: ChildStdout, tell: &mpsc::Sender<(Instant, Value)>) {
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        let event = (Instant::now(), serde_json::from_str(&line).unwrap_or_default());
        if tell.send(event).is_err() {
            return;
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended by itself; the wait leaves no dead process behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The status of the answer, which is read to its end.
fn ask(addr: &str, path: &str) -> io::Result<u16> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let status = answer.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
    status.and_then(|status| status.parse().ok()).ok_or_else(|| io::Error::other("the answer is not HTTP"))
}

fn load_time(loaded: &Value) -> Duration {
    let apps = loaded["apps"].as_array().into_iter().flatten();
    Duration::from_micros(apps.filter_map(|app| app["elapsed_us"].as_u64()).sum())
}
