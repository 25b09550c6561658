//! Asks a running host for its metrics: one request, by hand, since a whole HTTP client would be far more code than this
//! needs.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use crate::failure::{Failure, Trouble};

/// How long to wait for a connection, and for each piece of the answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest answer that is read, in bytes: many times what a hundred thousand apps take.
const LONGEST: u64 = 256 * 1024 * 1024;

/// What the host at this address answers to `GET /metrics`.
pub(super) fn metrics(host: &str) -> Result<Vec<u8>, Failure> {
    let answer = exchange(host).map_err(|error| {
        let help = "name the address that the host says it listens on, such as `127.0.0.1:4310`";
        Trouble::new(format!("failed to ask the host at `{host}`")).because(&error).help(help).problem()
    })?;
    body(answer).map_err(|message| {
        let help = "is it a Bakehouse host that listens there?";
        Trouble::new(format!("what listens at `{host}` {message}")).help(help).problem()
    })
}

fn exchange(host: &str) -> io::Result<Vec<u8>> {
    let mut stream = connect(host)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // Of HTTP/1.0, so that the end of the answer is that of the connection.
    let request = format!("GET /metrics HTTP/1.0\r\nHost: {host}\r\nAccept: application/json\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer)?;
    Ok(answer)
}

/// A connection to the first of the addresses that takes one.
fn connect(host: &str) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for addr in host.to_socket_addrs()? {
        match TcpStream::connect_timeout(&addr, PATIENCE) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// The body of an answer that went well; else what is wrong with it.
fn body(mut answer: Vec<u8>) -> Result<Vec<u8>, String> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let head = end.and_then(|end| std::str::from_utf8(answer.get(..end)?).ok());
    let status = head.and_then(|head| head.strip_prefix("HTTP/1.")?.split(' ').nth(1));
    match (status, end) {
        (Some("200"), Some(end)) => Ok(answer.split_off(end + 4)),
        (Some(status), _) => Err(format!("answers with status {} to `GET /metrics`", status.escape_debug())),
        _ => Err("does not answer by HTTP".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        for (answer, expected) in [
            ("HTTP/1.0 200 OK\r\nA: b\r\n\r\n{}\r\n\r\n", Ok("{}\r\n\r\n")),
            ("HTTP/1.1 200 OK\r\n\r\n", Ok("")),
            ("HTTP/1.1 404 Not Found\r\n\r\n", Err("answers with status 404 to `GET /metrics`")),
            ("HTTP/1.1 200 OK\r\n", Err("does not answer by HTTP")),
            ("SSH-2.0-x\r\n\r\n", Err("does not answer by HTTP")),
            ("", Err("does not answer by HTTP")),
        ] {
            let expected = expected.map(|body: &str| body.as_bytes().to_vec()).map_err(str::to_owned);
            assert_eq!(body(answer.as_bytes().to_vec()), expected, "{answer}");
        }
    }
}
