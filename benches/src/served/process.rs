//! A server in a process of its own: it prints `listening` and its address, then `ready`, a line each.

use std::io::{self, BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Instant;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::Result;
use crate::measure::Seconds;

/// A running server, which ends with the value, and with it all that it was started by.
pub(super) struct Process {
    child: Child,
    began: Instant,
    addr: String,
    /// How long it took until it listened.
    pub(super) listening: Seconds,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// Starts it, and waits until it listens.
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        let began = Instant::now();
        // A group of its own, so that who is traced ends with the tracer.
        let mut child = command.stdout(Stdio::piped()).stdin(Stdio::null()).process_group(0).spawn()?;
        let stdout = child.stdout.take().ok_or("a server has no output")?;
        let lines = BufReader::new(stdout).lines();
        let mut process = Self { child, began, addr: String::new(), listening: 0.0, lines };
        process.addr = process.wait("listening ")?;
        process.listening = process.elapsed();
        Ok(process)
    }

    /// How long ago it began.
    pub(super) fn elapsed(&self) -> Seconds {
        self.began.elapsed().as_secs_f64()
    }

    /// Waits until it is ready.
    pub(super) fn ready(&mut self) -> Result<()> {
        self.wait("ready").map(drop)
    }

    /// What a line says that begins with a word.
    fn wait(&mut self, word: &str) -> Result<String> {
        for line in self.lines.by_ref() {
            if let Some(rest) = line?.strip_prefix(word) {
                return Ok(rest.to_owned());
            }
        }
        Err(format!("a server ended before it was {word}").into())
    }

    /// The body of an answer.
    ///
    /// # Errors
    /// If the answer is not 200.
    pub(super) fn get(&self, path: &str) -> Result<Vec<u8>> {
        let mut stream = TcpStream::connect(&self.addr)?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        let end =
            end.filter(|_| answer.starts_with(b"HTTP/1.1 200 ")).ok_or_else(|| format!("{path} is not answered"))?;
        Ok(answer.split_off(end + 4))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let group = i32::try_from(self.child.id()).map(Pid::from_raw).map_err(io::Error::other);
        // It may have ended by itself, and can't be told apart from one that does not listen.
        let _ = group.and_then(|group| Ok(killpg(group, Signal::SIGKILL)?));
        let _ = self.child.wait();
    }
}
