//! What an app reads of a request and puts into a response.

use std::error::Error as _;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bakehouse_sdk::bytes::Bytes;
use bakehouse_sdk::{Body, BoxError, Error, RequestExt, testing};
use http_body::Body as _;
use http_body_util::Full;

fn frames(mut body: Body) -> Vec<Result<Bytes, String>> {
    let mut ctx = Context::from_waker(Waker::noop());
    let mut frames = Vec::new();
    while let Poll::Ready(Some(frame)) = Pin::new(&mut body).poll_frame(&mut ctx) {
        frames.push(frame.map(|frame| frame.into_data().unwrap()).map_err(|error| error.to_string()));
    }
    frames
}

#[test]
fn queries_are_decoded() {
    let request = testing::request("GET", "/x?name=J%C3%BCrgen+M&empty=&flag&name=second&a%26b=%zz");
    let query = request.query();
    let cases =
        [("name", Some("Jürgen M")), ("empty", Some("")), ("flag", Some("")), ("a&b", Some("%zz")), ("Name", None)];
    for (name, value) in cases {
        assert_eq!(query.get(name).as_deref(), value, "{name}");
    }
    assert_eq!(query.filter(|(name, _)| name == "name").count(), 2);
    assert_eq!(testing::request("GET", "/x").query().count(), 0);
}

#[test]
fn params_are_those_of_the_route() {
    let request = testing::routed("/api/{name}/{*rest}", "POST", "/api/zo%20om/a/b?name=query");
    assert_eq!(request.param("name").unwrap().decode().unwrap(), "zo om");
    assert_eq!(request.param("rest").unwrap().raw(), b"a/b");
    assert_eq!(request.param("other"), None);
    assert_eq!(testing::request("GET", "/api/zoom").param("name"), None);
}

#[test]
fn a_body_is_whole_or_a_stream() {
    let whole =
        [Body::from("text"), Body::from("text".to_owned()), Body::from(b"text".to_vec()), Bytes::from("text").into()];
    for body in whole {
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(4), false));
        assert_eq!(frames(body), [Ok(Bytes::from("text"))]);
    }
    assert!(Body::empty().is_end_stream());
    assert_eq!(frames(Body::empty()), []);
    assert_eq!(frames(Body::stream(Full::new(Bytes::from("text")))), [Ok(Bytes::from("text"))]);
}

#[test]
fn a_stream_may_fail_on_the_way() {
    struct Pieces(Vec<Result<&'static str, &'static str>>);
    impl http_body::Body for Pieces {
        type Data = Bytes;
        type Error = BoxError;
        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<http_body::Frame<Bytes>, BoxError>>> {
            let piece = self.0.pop();
            Poll::Ready(piece.map(|piece| piece.map(|text| http_body::Frame::data(text.into())).map_err(Into::into)))
        }
    }
    let body = Body::stream(Pieces(vec![Err("cut off"), Ok("b"), Ok("a")]));
    assert!(body.as_bytes().is_none());
    assert_eq!(frames(body), [Ok("a".into()), Ok("b".into()), Err("cut off".to_owned())]);
}

#[test]
fn errors_tell_the_client_less_than_the_log() {
    let cause = || -> BoxError { "password is `hunter2`".into() };
    let cases = [
        (Error::not_found(), 404, "", None),
        (Error::bad_request("`id` is missing"), 400, "`id` is missing", None),
        (Error::not_configured("set `X`"), 503, "set `X`", None),
        (Error::bad_gateway(cause()), 502, "", Some("password is `hunter2`")),
        (Error::from(cause()), 500, "", Some("password is `hunter2`")),
    ];
    for (error, status, detail, source) in cases {
        assert_eq!((error.status().as_u16(), error.detail()), (status, detail));
        assert_eq!(error.source().map(ToString::to_string).as_deref(), source);
        assert!(!error.to_string().contains("hunter2"));
    }
    assert_eq!(Error::bad_request("`id` is missing").to_string(), "400 Bad Request: `id` is missing");
}
