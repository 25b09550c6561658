//! HTTP/1.1 as far as these tests need it: one request after the other on a connection that stays.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers, sorted, the names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A connection to a host.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    /// Connects.
    ///
    /// # Panics
    ///
    /// If the host does not take the connection.
    pub async fn connect(addr: SocketAddr) -> Self {
        Self { stream: BufReader::new(TcpStream::connect(addr).await.expect("the host takes connections")) }
    }

    /// Sends a request without a body and reads its answer.
    ///
    /// # Panics
    ///
    /// If what comes back is no answer, or none whose length is told.
    pub async fn ask(&mut self, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(method, target, headers).await;
        let status = self.line().await;
        let status = status.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut answer = Answer { status: status.expect("a status"), headers: Vec::new(), body: Vec::new() };
        loop {
            let line = self.line().await;
            let Some((name, value)) = line.split_once(": ") else { break };
            answer.headers.push((name.to_lowercase(), value.to_owned()));
        }
        answer.headers.sort_unstable();
        if method != "HEAD" && answer.status != 304 {
            let length = answer.header("content-length").and_then(|length| length.parse().ok());
            answer.body = vec![0; length.expect("a length")];
            self.stream.read_exact(&mut answer.body).await.expect("a body");
        }
        answer
    }

    /// Sends a request and leaves: the host loses whom it works for.
    pub async fn leave(mut self, target: &str) {
        self.send("GET", target, &[]).await;
    }

    async fn send(&mut self, method: &str, target: &str, headers: &[(&str, &str)]) {
        let lines = headers.iter().flat_map(|(name, value)| [*name, ": ", *value, "\r\n"]);
        let request = format!("{method} {target} HTTP/1.1\r\nHost: test\r\n{}\r\n", lines.collect::<String>());
        self.stream.write_all(request.as_bytes()).await.expect("the host reads");
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).await.expect("the host answers");
        line.trim_end().to_owned()
    }
}
