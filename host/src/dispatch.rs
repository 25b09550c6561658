//! From a request to its answer: the host's own paths, then the routes of the apps, then the public folder.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use bakehouse_runtime::registry::{Entered, Entry, LoadError};
use bakehouse_runtime::{Method, Methods};
use bakehouse_sdk::{DynApp, MatchedRoute};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, LOCATION, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{HeaderValue, Request, StatusCode};
use http_body::Body as _;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::files::{self, Outcome};
use crate::guard;
use crate::host::Host;
use crate::own;
use crate::problem::Problem;
use crate::trouble::Trouble;

/// Answers any request.
pub(crate) async fn dispatch(State(host): State<Arc<Host>>, request: Request<Body>) -> Response {
    let (request, body) = request.into_parts();
    let is_head = request.method == http::Method::HEAD;
    let mut response = match own::answer(&host, &request) {
        Some(response) => response,
        None => route(&host, request, body).await,
    };
    // Costs nothing, and keeps a browser from taking an upload that an app hands out for a script.
    response.headers_mut().entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    if is_head { without_body(response) } else { response }
}

/// Answers a request that is not for the host itself.
async fn route(host: &Host, request: Parts, body: Body) -> Response {
    let uri = request.uri.clone();
    let method = Method::new(request.method.as_str());
    match host.registry.enter(method, uri.path().as_bytes()).await {
        Entered::App(entry) => enter(host, entry, request, body).await,
        Entered::WrongMethod(allowed) => Problem::wrong_method(allowed).answer(&request),
        Entered::Redirect { location } => redirect(&location, &request),
        Entered::Nothing => file(host, request).await,
    }
}

/// Answers a request whose route was found.
async fn enter(host: &Host, entry: Entry<'_, dyn DynApp>, mut request: Parts, body: Body) -> Response {
    for (_, error) in &entry.failed_preloads {
        tell_load(host, entry.matched.app().slug(), &request, error);
    }
    let app = match entry.app {
        Ok(app) => app,
        Err(error) if error.is_declarative() => return declarative(host, &entry, &request),
        Err(error) => return unloaded(host, &entry, &request, &error),
    };
    let slug = entry.matched.app().slug();
    let bytes = match read(body, host.body_limit).await {
        Ok(bytes) => bytes,
        Err(problem) => return problem.answer(&request),
    };
    request.extensions.insert(MatchedRoute::new(entry.matched));
    let asked = request.clone();
    match guard::catch(async { app.handle(Request::from_parts(request, bytes)).await }).await {
        Ok(Ok(response)) => response.map(Body::new),
        Ok(Err(error)) => failed(host, slug, &asked, &error),
        Err(panic) => {
            let message = format!("app `{slug}` panicked: `{panic}`");
            host.listener.tell(&Trouble::message(Some(slug), &asked, message));
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "The app failed to answer.").answer(&asked)
        }
    }
}

/// An app that is there answered with an error.
fn failed(host: &Host, slug: &'static str, request: &Parts, error: &bakehouse_sdk::Error) -> Response {
    if error.status().is_server_error() {
        host.listener.tell(&Trouble::new(Some(slug), request, error));
    }
    Problem::new(error.status(), error.message().to_owned()).answer(request)
}

/// An app without code shows what the table says about it, and can do no more.
fn declarative(host: &Host, entry: &Entry<'_, dyn DynApp>, request: &Parts) -> Response {
    let app = entry.matched.app();
    if matches!(request.method, http::Method::GET | http::Method::HEAD) {
        return own::record(host, host.catalog.entry(app), request);
    }
    let detail = format!("{} has no code that could answer {}.", app.name(), request.method);
    Problem::new(StatusCode::NOT_IMPLEMENTED, detail).answer(request)
}

/// An app that could not be loaded. Why is for whoever runs the host: it may well name a path or a secret.
fn unloaded(host: &Host, entry: &Entry<'_, dyn DynApp>, request: &Parts, error: &LoadError) -> Response {
    if error.is_off() {
        return Problem::not_found().answer(request);
    }
    let app = entry.matched.app();
    tell_load(host, app.slug(), request, error);
    let wait = error.retry_at().map(|at| at.saturating_duration_since(Instant::now()));
    // Rounded up: a client that comes back on the second should find the next attempt due.
    let seconds = wait.map_or(1, |wait| wait.as_secs() + 1);
    Problem::unavailable(format!("{} can't answer right now.", app.name()), seconds).answer(request)
}

fn tell_load(host: &Host, slug: &'static str, request: &Parts, error: &LoadError) {
    if !is_repeated(error) {
        host.listener.tell(&Trouble::new(Some(slug), request, error));
    }
}

/// Whether somebody was told of this failure when it happened.
fn is_repeated(error: &LoadError) -> bool {
    let required = error.source().and_then(|source| source.downcast_ref::<LoadError>());
    error.is_backing_off() || required.is_some_and(is_repeated)
}

/// The whole body, as long as it keeps to the limit.
async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let too_large = || {
        let detail = format!("The body of a request may have {limit} bytes at most.");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    };
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large());
    }
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(Problem::new(StatusCode::BAD_REQUEST, "The body of the request ended early.")),
    }
}

/// Sends the client to the path in the form that its pattern has, with its query.
fn redirect(location: &[u8], request: &Parts) -> Response {
    let path = String::from_utf8_lossy(location);
    // A path that begins with two slashes would name another host; `/.` before it names the same path of this one.
    let is_foreign = matches!(location, [b'/', b'/' | b'\\', ..]);
    let query = request.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let location = format!("{}{path}{query}", if is_foreign { "/." } else { "" });
    let detail = format!("This path is served at {path}.");
    Problem::new(StatusCode::PERMANENT_REDIRECT, detail).with(LOCATION, &location).answer(request)
}

/// Answers from the public folder.
async fn file(host: &Host, request: Parts) -> Response {
    let asked = request.clone();
    let problem = match files::answer(Arc::clone(&host.place), request).await {
        Ok(Outcome::Answer(response)) => return response,
        Ok(Outcome::Missing) => Problem::not_found(),
        Ok(Outcome::WrongMethod) => Problem::wrong_method(Methods::from_iter([Method::GET, Method::HEAD])),
        Ok(Outcome::Changed) => {
            Problem::new(StatusCode::PRECONDITION_FAILED, "The file is not in the state that the request names.")
        }
        Ok(Outcome::Beyond(len)) => {
            let detail = format!("The file has {len} bytes, none of them in the range.");
            Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, detail).with(CONTENT_RANGE, &format!("bytes */{len}"))
        }
        Err(error) => {
            let message = format!("failed to read a file below the public folder: {error}");
            host.listener.tell(&Trouble::message(None, &asked, message));
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "The file can't be read.")
        }
    };
    problem.answer(&asked)
}

/// The answer as HEAD gets it: its headers, with the length that the body would have had.
fn without_body(mut response: Response) -> Response {
    let len = response.body().size_hint().exact();
    if let Some(len) = len.filter(|_| !response.headers().contains_key(CONTENT_LENGTH)) {
        response.headers_mut().insert(CONTENT_LENGTH, len.into());
    }
    response.map(|_| Body::empty())
}
