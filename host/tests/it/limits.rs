//! What a client, a request and an app may take, and what becomes of those that want more; apps that lie about being ready.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bakehouse_host::Config;
use bakehouse_sdk::bytes::Bytes;
use bakehouse_sdk::{Body, Context, Error, Request, RequestExt as _, Response};
use tokio::task::spawn_blocking;

use crate::common::{Answer, App, Made, Running, Setup, exchange, get, made, send};

/// Does what the path says.
struct Liar;

/// How many requests to it were given up.
static N_GIVEN_UP: AtomicUsize = AtomicUsize::new(0);

/// Counts that it goes, and panics then.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        N_GIVEN_UP.fetch_add(1, Ordering::SeqCst);
        panic!("the future goes off");
    }
}

impl bakehouse_sdk::App for Liar {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let what = request.param("what").map(|what| what.decode().map(std::borrow::Cow::into_owned)).transpose()?;
        match what.as_deref() {
            Some("panic") => panic!("it was never ready"),
            Some("hang") => std::future::pending().await,
            Some("bomb") => {
                let _bomb = Bomb;
                std::future::pending().await
            }
            Some("torn") => Ok(Response::new(Body::stream(Torn))),
            _ => Ok(Response::new("fine".into())),
        }
    }
}

/// A body that panics, and panics again when it goes.
struct Torn;

impl http_body::Body for Torn {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        panic!("the stream is torn")
    }
}

impl Drop for Torn {
    fn drop(&mut self) {
        panic!("the stream goes off")
    }
}

/// Panics when it is evicted.
struct Clinging;

impl Drop for Clinging {
    fn drop(&mut self) {
        panic!("the app goes off")
    }
}

impl bakehouse_sdk::App for Clinging {
    async fn handle(&self, _: Request) -> Result<Response, Error> {
        Ok(Response::new("fine".into()))
    }
}

fn never(_: Context) -> Made {
    Box::pin(std::future::pending())
}

async fn host(configure: fn(&mut Config)) -> Running {
    let app = |slug, entry, routes| App { slug, entry, routes, ..App::default() };
    Setup {
        apps: vec![
            app("clinging", "clinging::app", &[("/clinging", &[])]),
            app("liar", "liar::app", &[("/liar", &[]), ("/liar/{what}", &[])]),
            app("never", "never::app", &[("/never", &[])]),
        ],
        constructors: vec![("clinging", |_| made(Clinging)), ("liar", |_| made(Liar)), ("never", never)],
        configure: Some(configure),
        ..Setup::default()
    }
    .run()
    .await
}

#[track_caller]
fn assert_problem(answer: &Answer, status: u16, detail: &str) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let problem = answer.json();
    assert_eq!((answer.status, &problem["status"], &problem["detail"]), (status, &status.into(), &detail.into()));
}

#[tokio::test]
async fn long_paths_and_heads_are_refused() {
    let host = host(|config| {
        (config.path_limit, config.header_limit) = (100, 200);
    })
    .await;
    let path = |len: usize| format!("/liar?{}", "x".repeat(len - 6));
    assert_eq!(host.get(&path(100)).await.status, 200);
    let answer = host.get(&path(101)).await;
    assert_problem(&answer, 414, "A path with its query may have 100 bytes at most.");
    assert_eq!(host.get(&path(9000)).await.status, 414);
    // What `get` sends by itself: `Host`, `Connection`, `Content-Length`.
    let own = "host: test\r\nconnection: close\r\ncontent-length: 0\r\n".len() + "x: \r\n".len();
    assert_eq!(get(host.addr, "/liar", &[("X", &"x".repeat(200 - own))]).await.status, 200);
    let answer = get(host.addr, "/liar", &[("X", &"x".repeat(201 - own))]).await;
    assert_problem(&answer, 431, "The headers of a request may have 200 bytes at most.");
    let page = get(host.addr, "/liar", &[("X", &"x".repeat(300)), ("Accept", "text/html")]).await;
    assert_eq!((page.status, page.header("content-type")), (431, Some("text/html; charset=utf-8")));
}

#[tokio::test]
async fn what_the_parser_refuses_is_answered_without_words() {
    let host = host(|_| {}).await;
    let many = "x: y\r\n".repeat(101);
    let big = format!("x: {}\r\n", "y".repeat(500_000));
    for (path, headers, status) in
        [("/liar", many.as_str(), 431), ("/liar", &big, 431), (&"/x".repeat(40_000), "", 414), ("/li\nar", "", 400)]
    {
        let answer = exchange(host.addr, &format!("GET {path} HTTP/1.1\r\nHost: test\r\n{headers}\r\n")).await;
        assert_eq!((answer.status, answer.body.len()), (status, 0));
    }
    assert_eq!(host.get("/liar").await.status, 200);
}

#[tokio::test]
async fn slow_clients_are_not_waited_for() {
    let host = host(|config| config.read_limit = Duration::from_secs(1)).await;
    let head = "POST /liar HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: 10\r\n\r\n01234";
    assert_problem(&exchange(host.addr, head).await, 408, "The body of the request did not come in time.");
    let addr = host.addr;
    let read = spawn_blocking(move || {
        let mut stream = TcpStream::connect(addr).unwrap();
        stream.write_all(b"GET /liar HTTP/1.1\r\nHo").unwrap();
        stream.read(&mut [0; 100]).unwrap()
    });
    assert_eq!(read.await.unwrap(), 0, "a head that is not whole");
}

#[tokio::test]
async fn limits_may_be_as_high_as_numbers_go() {
    let host = host(|config| {
        (config.read_limit, config.handle_limit, config.load_limit) = (Duration::MAX, Duration::MAX, Duration::MAX);
        (config.path_limit, config.header_limit, config.body_limit) = (usize::MAX, usize::MAX, usize::MAX);
        config.max_loaded = Some(usize::MAX);
    })
    .await;
    assert_eq!(send(host.addr, "POST", "/liar", &[], "body").await.text(), "fine");
}

#[tokio::test]
async fn a_refusal_is_read_by_who_sends_all_before_reading() {
    let host = host(|config| config.body_limit = 10).await;
    let addr = host.addr;
    let answer = spawn_blocking(move || {
        let mut stream = TcpStream::connect(addr).unwrap();
        let len = 4_000_000;
        write!(stream, "POST /liar HTTP/1.1\r\nHost: test\r\nContent-Length: {len}\r\n\r\n").unwrap();
        stream.write_all(&vec![b'x'; len]).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    assert!(answer.await.unwrap().starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn an_app_that_takes_too_long_is_given_up() {
    let host = host(|config| config.handle_limit = Duration::ZERO).await;
    assert_problem(&host.get("/liar/hang").await, 504, "liar took too long to answer.");
    assert!(host.troubles()[0].contains("app `liar` did not answer within 0 ms"), "{:?}", host.troubles());
    assert_eq!(N_GIVEN_UP.load(Ordering::SeqCst), 0);
    assert_eq!(host.get("/liar/bomb").await.status, 504);
    assert_eq!(N_GIVEN_UP.load(Ordering::SeqCst), 1, "what it did is dropped, and a panic in that is its own");
    assert_eq!(host.get("/liar").await.text(), "fine");
}

#[tokio::test]
async fn an_app_that_never_loads_is_given_up() {
    let host = host(|config| config.load_limit = Duration::ZERO).await;
    assert_problem(&host.get("/never").await, 503, "never can't answer right now.");
    assert!(host.troubles()[0].contains("app `never` was not loaded within 0 ms"), "{:?}", host.troubles());
    assert_eq!(host.get("/liar").await.text(), "fine");
}

#[tokio::test]
async fn an_app_that_panics_harms_no_other_request() {
    let host = host(|_| {}).await;
    for _ in 0..3 {
        assert_eq!(host.get("/liar/panic").await.status, 500);
    }
    assert_eq!(host.get("/liar").await.text(), "fine");
    assert_eq!(host.get("/metrics").await.json()["registry"]["loaded"], 1);
}

#[tokio::test]
async fn a_stream_that_panics_breaks_off_and_is_told() {
    let host = host(|_| {}).await;
    let addr = host.addr;
    let answer = spawn_blocking(move || {
        let mut stream = TcpStream::connect(addr).unwrap();
        stream.write_all(b"GET /liar/torn HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    });
    assert!(!answer.await.unwrap().ends_with(b"0\r\n\r\n"), "the client must not take it for whole");
    let troubles = host.troubles();
    for part in ["answer of app `liar` broke off", "GET /liar/torn", "Caused by: it panicked: `the stream is torn`"] {
        assert!(troubles[0].contains(part), "{part}: {troubles:?}");
    }
    assert_eq!(host.get("/liar").await.text(), "fine");
}

#[tokio::test]
async fn apps_beyond_the_limit_go_and_may_panic_then() {
    let host = host(|config| config.max_loaded = Some(1)).await;
    for path in ["/clinging", "/liar", "/clinging", "/liar"] {
        assert_eq!(host.get(path).await.text(), "fine", "{path}");
        assert_eq!(host.get("/metrics").await.json()["registry"]["loaded"], 1);
    }
    assert_eq!(host.troubles(), [""; 0]);
}

#[tokio::test]
async fn no_refusal_names_a_path_of_this_machine() {
    let host = host(|config| {
        (config.handle_limit, config.load_limit) = (Duration::ZERO, Duration::ZERO);
        config.path_limit = 100;
    })
    .await;
    let dir = host.dir.path().to_str().unwrap().to_owned();
    for path in ["/liar/hang", "/never", "/liar/panic", &"/x".repeat(60)] {
        let answer = send(host.addr, "GET", path, &[], "").await;
        assert!(answer.status >= 400 && !answer.text().contains(&dir), "{path}: {}", answer.text());
    }
}
