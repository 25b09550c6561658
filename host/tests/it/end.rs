//! A host that is told to end while requests come in: nobody who was let in is left without an answer.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use bakehouse_host::Event;
use bakehouse_sdk::bytes::Bytes;
use bakehouse_sdk::{Body, Context, Error, Request, Response};
use tokio::sync::Semaphore;
use tokio::task::yield_now;

use crate::common::{App, Made, Setup, get, made};

/// Takes a few turns to answer, so that some of its requests are always in flight.
struct Busy;

impl bakehouse_sdk::App for Busy {
    async fn handle(&self, _: Request) -> Result<Response, Error> {
        for _ in 0..10 {
            yield_now().await;
        }
        Ok(Response::new("done".into()))
    }
}

fn host_of(constructor: fn(Context) -> Made) -> Setup {
    Setup {
        apps: vec![App { slug: "app", entry: "app::app", routes: &[("/app", &[])], ..App::default() }],
        constructors: vec![("app", constructor)],
        configure: Some(|config| config.grace = Duration::MAX),
        ..Setup::default()
    }
}

const REQUEST: &[u8] = b"GET /app HTTP/1.1\r\nHost: test\r\n\r\n";

/// How a request came out.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Answered,
    /// Answered, and told that this was the last request of the connection.
    Last,
    /// Not let in.
    Refused,
    /// The connection, which had served before and was not at work, was closed.
    Closed,
    Failed(String),
}

/// Sends a request and reads the whole answer.
fn ask(stream: &mut TcpStream) -> Fate {
    let mut answer = Vec::new();
    if stream.write_all(REQUEST).is_err() {
        return Fate::Closed;
    }
    while !answer.ends_with(b"\r\n\r\ndone") {
        let mut bytes = [0; 1024];
        match stream.read(&mut bytes) {
            Ok(n) if n > 0 => answer.extend(&bytes[..n]),
            _ if answer.is_empty() => return Fate::Closed,
            read => return Fate::Failed(format!("{read:?} after {}", String::from_utf8_lossy(&answer))),
        }
    }
    let is_last = answer.windows(17).any(|part| part == b"connection: close");
    match answer.starts_with(b"HTTP/1.1 200 ") {
        true if is_last => Fate::Last,
        true => Fate::Answered,
        false => Fate::Failed(String::from_utf8_lossy(&answer).into_owned()),
    }
}

/// Asks on one connection after another, or on one for as long as that is kept.
fn client(addr: SocketAddr, is_kept: bool, n_answered: &AtomicUsize) -> Vec<Fate> {
    let mut fates = Vec::new();
    while fates.last().is_none_or(|fate| *fate == Fate::Answered) {
        let mut stream = match TcpStream::connect(addr) {
            Ok(stream) => stream,
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => return fates,
            Err(error) => return vec![Fate::Failed(error.to_string())],
        };
        loop {
            fates.push(ask(&mut stream));
            n_answered.fetch_add(1, Ordering::Relaxed);
            if !is_kept || fates.last() != Some(&Fate::Answered) {
                break;
            }
        }
        // The system lets clients in before the host knows of them: until the socket is closed, which ends these.
        if !is_kept && fates.last() == Some(&Fate::Closed) {
            fates.pop();
            fates.push(Fate::Refused);
        }
    }
    fates
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_fails_under_load() {
    let host = host_of(|_| made(Busy)).run().await;
    let (addr, n_answered) = (host.addr, Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..12)
        .map(|idx| {
            let n_answered = Arc::clone(&n_answered);
            thread::spawn(move || client(addr, idx % 2 == 0, &n_answered))
        })
        .collect();
    while n_answered.load(Ordering::Relaxed) < 600 {
        yield_now().await;
    }
    host.stop.notify_one();
    host.task.await.unwrap().unwrap();
    for (idx, client) in clients.into_iter().enumerate() {
        let fates = client.join().unwrap();
        let failed = fates.iter().filter(|fate| matches!(fate, Fate::Failed(_))).collect::<Vec<_>>();
        assert!(failed.is_empty(), "client {idx}: {failed:?}");
    }
    assert!(matches!(host.events.lock().unwrap().last(), Some(Event::Stopped { clean: true, .. })));
}

/// On one thread, so that the host takes no connection before this waits for something.
#[tokio::test]
async fn who_was_let_in_by_the_system_is_answered() {
    let host = host_of(|_| made(Busy)).run().await;
    let mut streams: Vec<_> = (0..50).map(|_| TcpStream::connect(host.addr).unwrap()).collect();
    host.stop.notify_one();
    for stream in &mut streams {
        stream.write_all(REQUEST).unwrap();
    }
    host.task.await.unwrap().unwrap();
    for (idx, mut stream) in streams.into_iter().enumerate() {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\ndone"), "{idx}: {answer}");
        assert!(answer.contains("connection: close"), "{answer}");
    }
}

#[tokio::test]
async fn a_head_that_is_not_whole_is_not_waited_for() {
    let host = host_of(|_| made(Busy)).run().await;
    let mut first = TcpStream::connect(host.addr).unwrap();
    first.write_all(&REQUEST[..20]).unwrap();
    let mut second = TcpStream::connect(host.addr).unwrap();
    second.write_all(&[REQUEST, &REQUEST[..20]].concat()).unwrap();
    // Until the host has read of both.
    while get(host.addr, "/app", &[]).await.status != 200 {}
    host.stop.notify_one();
    host.task.await.unwrap().unwrap();
    for (mut stream, is_answered) in [(first, false), (second, true)] {
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert_eq!(answer.ends_with(b"done"), is_answered, "{}", String::from_utf8_lossy(&answer));
    }
    assert!(matches!(host.events.lock().unwrap().last(), Some(Event::Stopped { clean: true, .. })));
}

static FIRST_READ: Semaphore = Semaphore::const_new(0);

/// Answers in pieces, the second when it is let.
struct InPieces;

impl bakehouse_sdk::App for InPieces {
    async fn handle(&self, _: Request) -> Result<Response, Error> {
        Ok(Response::new(Body::stream(Pieces { n_left: 2 })))
    }
}

struct Pieces {
    n_left: usize,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        ctx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        use std::task::Poll;
        if self.n_left == 1 && FIRST_READ.try_acquire().is_err() {
            ctx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let is_over = self.n_left == 0;
        self.n_left = self.n_left.saturating_sub(1);
        Poll::Ready((!is_over).then(|| Ok(http_body::Frame::data(Bytes::from_static(b"piece")))))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_has_begun_is_sent_to_its_end() {
    let host = host_of(|_| made(InPieces)).run().await;
    let mut stream = TcpStream::connect(host.addr).unwrap();
    stream.write_all(REQUEST).unwrap();
    let (mut answer, mut bytes) = (Vec::new(), [0; 1024]);
    while !answer.ends_with(b"piece\r\n") {
        let n = stream.read(&mut bytes).unwrap();
        answer.extend(&bytes[..n]);
    }
    host.stop.notify_one();
    // It is ending, and the answer is not.
    while TcpStream::connect(host.addr).is_ok() {
        yield_now().await;
    }
    FIRST_READ.add_permits(1);
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.ends_with(b"\r\n5\r\npiece\r\n5\r\npiece\r\n0\r\n\r\n"), "{}", String::from_utf8_lossy(&answer));
    host.task.await.unwrap().unwrap();
}
