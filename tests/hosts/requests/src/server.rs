//! A host that is a program: it listens at an address of its choice, which is the last word of the first line that it prints.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// A running host, which ends with the value.
#[derive(Debug)]
pub struct Server {
    process: Child,
    addr: String,
}

impl Server {
    /// Starts a program, and waits until it listens.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub fn start(program: &str) -> Self {
        let mut process = Command::new(program).stdout(Stdio::piped()).spawn().expect("the host starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let addr = line.rsplit(' ').next().expect("a word").trim().to_owned();
        Self { process, addr }
    }

    /// Sends a request, and reads until the host closes the connection.
    ///
    /// # Panics
    ///
    /// If the host does not answer.
    pub fn ask(&self, method: &str, target: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect(&self.addr).expect("the host takes connections");
        write!(stream, "{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has seen then.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
