//! A host with the standard library alone: each connection has a thread, which waits for what it needs.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use bakehouse_runtime::Method;
use bakehouse_runtime::find::{Found, Match};
use bakehouse_sdk::bytes::Bytes;
use bakehouse_sdk::http::{self, HeaderName, StatusCode, header};
use bakehouse_sdk::{Body, MatchedRoute, Request, Response, StartOptions, block_on};
use http_body_util::BodyExt as _;

use crate::store::{REGISTRY, TABLE};

mod store {
    bakehouse_macros::apps!();
}

fn main() -> Result<(), Box<dyn Error>> {
    bakehouse_sdk::start(&REGISTRY, StartOptions::default())?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("listening on {}", listener.local_addr()?);
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || serve(&stream).unwrap_or_else(|error| eprintln!("a connection failed: {error}")));
    }
    Ok(())
}

/// Answers one request.
fn serve(stream: &TcpStream) -> io::Result<()> {
    match read(BufReader::new(stream))? {
        Some(request) => {
            let wants_body = request.method() != http::Method::HEAD;
            write(stream, answer(request), wants_body)
        }
        None => write(stream, text(StatusCode::BAD_REQUEST, "this is no request"), true),
    }
}

/// Finds the route of a request, and has its app answer.
fn answer(request: Request) -> Response {
    let path = request.uri().path().to_owned();
    match TABLE.find(Method::new(request.method().as_str()), path.as_bytes()) {
        Found::Match(found) => call(found, request),
        Found::WrongMethod(methods) => {
            let names: Vec<_> = methods.iter().map(Method::name).collect();
            with(StatusCode::METHOD_NOT_ALLOWED, header::ALLOW, names.join(", ").as_bytes())
        }
        Found::Redirect { location } => with(StatusCode::PERMANENT_REDIRECT, header::LOCATION, &location),
        Found::Nothing => text(StatusCode::NOT_FOUND, "nobody serves this"),
    }
}

fn call(found: Match<'static, '_>, mut request: Request) -> Response {
    let app = match REGISTRY.load_blocking(found.app().id()) {
        Ok(app) => app,
        Err(error) => {
            eprintln!("{error}");
            return text(StatusCode::SERVICE_UNAVAILABLE, "the app is not available");
        }
    };
    request.extensions_mut().insert(MatchedRoute::new(found.route()));
    block_on(app.handle(request)).unwrap_or_else(|error| text(error.status(), error.detail()))
}

fn text(status: StatusCode, text: &str) -> Response {
    let mut response = Response::new(text.to_owned().into());
    *response.status_mut() = status;
    response
}

/// An answer that is a status and a header.
fn with(status: StatusCode, name: HeaderName, value: &[u8]) -> Response {
    let response = http::Response::builder().status(status).header(name, value).body(Body::empty());
    response.unwrap_or_else(|_| text(StatusCode::NOT_FOUND, "nobody serves this"))
}

/// Reads a request without a body; none if it is no such thing.
fn read(mut lines: impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    lines.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let mut request = http::Request::builder().method(method).uri(target);
    for line in lines.lines() {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else { break };
        request = request.header(name, value.trim());
    }
    Ok(request.body(Bytes::new()).ok())
}

fn write(mut stream: impl Write, response: Response, wants_body: bool) -> io::Result<()> {
    let (head, body) = response.into_parts();
    let body = block_on(body.collect()).map_err(io::Error::other)?.to_bytes();
    let mut answer = format!("HTTP/1.1 {}\r\n", head.status).into_bytes();
    for (name, value) in &head.headers {
        answer.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    write!(answer, "content-length: {}\r\nconnection: close\r\n\r\n", body.len())?;
    answer.extend_from_slice(if wants_body { &body } else { b"" });
    stream.write_all(&answer)
}
