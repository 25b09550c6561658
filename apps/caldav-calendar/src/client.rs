//! One exchange with the server: a request out, the text of its answer in, both within limits.

use std::time::Duration;

use bakehouse_sdk::{
    BoxError, Error,
    bytes::Bytes,
    http::{
        self, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE, HOST},
    },
};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use crate::account::Account;

/// How long an exchange may take from the first packet to the last.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long an answer may be, in bytes.
const MOST: usize = 4 * 1024 * 1024;

/// Sends a WebDAV request about the calendar and gives the body of the answer, if that is a 207.
///
/// # Errors
/// 502 or 504 that says what the server did instead. The cause, which may name its address, is for the log.
pub(crate) async fn send(
    account: &Account,
    method: &'static str,
    depth: &'static str,
    body: String,
) -> Result<String, Error> {
    let request = request(account, method, depth, body)?;
    let Ok(answer) = timeout(PATIENCE, exchange(account, request)).await else {
        let detail = format!("the calendar server did not answer within {} seconds", PATIENCE.as_secs());
        return Err(Error::new(StatusCode::GATEWAY_TIMEOUT, detail));
    };
    let (status, body) = answer?;
    check(status)?;
    String::from_utf8(body.into()).map_err(|error| nonsense("text that is not UTF-8").with_source(error))
}

/// 502: the server answered with something else than it should.
pub(crate) fn nonsense(what: &str) -> Error {
    wrong(format!("the calendar server answered with {what}"))
}

fn wrong(detail: impl Into<String>) -> Error {
    Error::new(StatusCode::BAD_GATEWAY, detail)
}

fn request(
    account: &Account,
    method: &'static str,
    depth: &'static str,
    body: String,
) -> Result<http::Request<Full<Bytes>>, Error> {
    let mut request = http::Request::builder()
        .method(method)
        .uri(&account.path)
        .header(HOST, account.authority.clone())
        .header(CONTENT_TYPE, "application/xml; charset=utf-8")
        .header("depth", depth);
    if let Some(authorization) = &account.authorization {
        request = request.header(AUTHORIZATION, authorization.clone());
    }
    Ok(request.body(Full::from(body))?)
}

async fn exchange(account: &Account, request: http::Request<Full<Bytes>>) -> Result<(StatusCode, Bytes), Error> {
    let stream = TcpStream::connect((account.host.as_str(), account.port)).await;
    let stream = stream.map_err(|error| wrong("the calendar server can't be reached").with_source(error))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let answer = async move {
        let response = sender.send_request(request).await.map_err(broken)?;
        let status = response.status();
        let body = Limited::new(response.into_body(), MOST).collect().await.map_err(cut_off)?;
        Ok((status, body.to_bytes()))
    };
    // What goes wrong with the connection goes wrong with the answer too. It ends when the sender is dropped.
    let (answer, _) = tokio::join!(answer, connection);
    answer
}

fn broken(error: hyper::Error) -> Error {
    let what = if error.is_parse() { "something that is not HTTP" } else { "half an answer or none" };
    nonsense(what).with_source(error)
}

fn cut_off(error: BoxError) -> Error {
    if error.is::<LengthLimitError>() {
        return nonsense(&format!("more than {MOST} bytes"));
    }
    nonsense("half an answer or none").with_source(error)
}

/// Whether the answer is what WebDAV calls a multistatus.
fn check(status: StatusCode) -> Result<(), Error> {
    match status.as_u16() {
        207 => Ok(()),
        401 => Err(wrong("the calendar server refuses the user name and the password, or wants some (status 401)")),
        403 => Err(wrong("the calendar server refuses to show the calendar (status 403)")),
        404 | 410 => Err(wrong(format!("the calendar server has nothing at the configured address (status {status})"))),
        300..=399 => Err(wrong(format!(
            "the calendar server sends to another address, which is not followed (status {status}): configure that one"
        ))),
        _ => Err(nonsense(&format!("the status {status}"))),
    }
}
