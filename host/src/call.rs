//! Calls an app: from a route that was entered to the app's answer, or to what stands in for it when the app has no code,
//! is switched off, can't be loaded, fails, panics, or takes too long.

use std::error::Error;
use std::time::Instant;

use bakehouse_runtime::find::Match;
use bakehouse_runtime::registry::{Entry, LoadError};
use bakehouse_runtime::table::AppRecord;
use bakehouse_sdk::{DynApp, MatchedRoute};
use bytes::Bytes;
use http::header::ACCEPT;
use http::request::Parts;
use http::{HeaderValue, Request, StatusCode, Uri};
use http_body::Body as _;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use tokio::time::timeout;
use tracing::Instrument as _;

use crate::body::{Body, Response};
use crate::config::Config;
use crate::guard;
use crate::host::Host;
use crate::own;
use crate::problem::Problem;
use crate::site::Site;
use crate::trace;
use crate::trouble::Trouble;

/// Answers a request whose route was found.
pub(crate) async fn enter(
    host: &Host,
    site: &Site,
    entry: Entry<'_, dyn DynApp>,
    request: Parts,
    body: &mut Incoming,
) -> Response {
    let record = entry.matched.app();
    for (_, error) in &entry.failed_preloads {
        tell_load(host, record, &request, error);
    }
    match entry.app {
        Ok(app) => call(host, &*app, entry.matched, request, body).await,
        Err(error) if error.is_declarative() => declarative(site, record, &request),
        Err(error) => unloaded(host, record, &request, &error),
    }
}

async fn call(
    host: &Host,
    app: &dyn DynApp,
    matched: Match<'static, '_>,
    mut request: Parts,
    body: &mut Incoming,
) -> Response {
    let record = matched.app();
    let bytes = match read(body, &host.config).await {
        Ok(bytes) => bytes,
        Err(problem) => return problem.answer(&request),
    };
    let (asked, span) = (Asked::of(&request), trace::handle(matched, &request));
    request.extensions.insert(MatchedRoute::new(matched.route()));
    let work = guard::catch(|| app.handle(Request::from_parts(request, bytes))).instrument(span.clone());
    let response = match timeout(host.config.handle_limit, work).await {
        Ok(Ok(Ok(response))) => answered(host, record, asked, response),
        Ok(Ok(Err(error))) => failed(host, record, &asked.parts(), &error),
        Ok(Err(panic)) => panicked(host, record, &asked.parts(), &panic),
        Err(_) => too_slow(host, record, &asked.parts()),
    };
    trace::handled(&span, response.status());
    response
}

/// What has to be known of a request if its answer goes wrong: the app is given the request itself.
struct Asked {
    method: http::Method,
    uri: Uri,
    accept: Vec<HeaderValue>,
}

impl Asked {
    fn of(request: &Parts) -> Self {
        let accept = request.headers.get_all(ACCEPT).iter().cloned().collect();
        Self { method: request.method.clone(), uri: request.uri.clone(), accept }
    }

    /// The head of such a request.
    fn parts(self) -> Parts {
        let (mut parts, ()) = Request::new(()).into_parts();
        (parts.method, parts.uri) = (self.method, self.uri);
        parts.headers.extend(self.accept.into_iter().map(|value| (ACCEPT, value)));
        parts
    }
}

fn answered(host: &Host, app: AppRecord<'static>, asked: Asked, answer: bakehouse_sdk::Response) -> Response {
    let trouble = || {
        let message = format!("the answer of app `{}` broke off", app.slug());
        Trouble::message(Some(app.slug()), &asked.parts(), message)
    };
    answer.map(|body| Body::of_app(body).or_tell(&host.config.listener, trouble))
}

/// An app answered with an error, or could not.
fn failed(host: &Host, app: AppRecord<'static>, request: &Parts, error: &bakehouse_sdk::Error) -> Response {
    if error.status().is_server_error() {
        host.config.listener.tell(&Trouble::new(Some(app.slug()), request, error));
    }
    Problem::new(error.status(), error.detail().to_owned()).answer(request)
}

fn panicked(host: &Host, app: AppRecord<'static>, request: &Parts, panic: &str) -> Response {
    let message = format!("app `{}` panicked: `{panic}`", app.slug());
    host.config.listener.tell(&Trouble::message(Some(app.slug()), request, message));
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, format!("{} failed to answer.", app.name())).answer(request)
}

fn too_slow(host: &Host, app: AppRecord<'static>, request: &Parts) -> Response {
    let limit = host.config.handle_limit.as_millis();
    let message = format!("app `{}` did not answer within {limit} ms", app.slug());
    host.config.listener.tell(&Trouble::message(Some(app.slug()), request, message));
    Problem::new(StatusCode::GATEWAY_TIMEOUT, format!("{} took too long to answer.", app.name())).answer(request)
}

/// An app without code shows what the table says about it, and can do no more.
fn declarative(site: &Site, app: AppRecord<'static>, request: &Parts) -> Response {
    if matches!(request.method, http::Method::GET | http::Method::HEAD) {
        return own::record(site, site.catalog.entry(app), request);
    }
    let detail = format!("{} has no code that could answer {}.", app.name(), request.method);
    Problem::new(StatusCode::NOT_IMPLEMENTED, detail).answer(request)
}

/// An app that could not be loaded. Why is for whoever runs the host: it may well name a path or a secret.
fn unloaded(host: &Host, app: AppRecord<'static>, request: &Parts, error: &LoadError) -> Response {
    if error.is_off() {
        return Problem::not_found().answer(request);
    }
    tell_load(host, app, request, error);
    let wait = error.retry_at().map(|at| at.saturating_duration_since(Instant::now()));
    // Rounded up: a client that comes back on the second should find the next attempt due.
    let seconds = wait.map_or(1, |wait| wait.as_secs() + 1);
    Problem::unavailable(format!("{} can't answer right now.", app.name()), seconds).answer(request)
}

fn tell_load(host: &Host, app: AppRecord<'static>, request: &Parts, error: &LoadError) {
    if !is_repeated(error) {
        host.config.listener.tell(&Trouble::new(Some(app.slug()), request, error));
    }
}

/// Whether somebody was told of this failure when it happened.
fn is_repeated(error: &LoadError) -> bool {
    let required = error.source().and_then(|source| source.downcast_ref::<LoadError>());
    error.is_backing_off() || required.is_some_and(is_repeated)
}

/// The whole body, as long as it keeps to the limits.
async fn read(body: &mut Incoming, config: &Config) -> Result<Bytes, Problem> {
    if body.is_end_stream() { Ok(Bytes::new()) } else { Box::pin(collect(body, config)).await }
}

async fn collect(body: &mut Incoming, config: &Config) -> Result<Bytes, Problem> {
    let limit = config.body_limit;
    let too_large = || {
        let detail = format!("The body of a request may have {limit} bytes at most.");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    };
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large());
    }
    match timeout(config.read_limit, Limited::new(body, limit).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "The body of the request did not come in time.")),
        Ok(Err(_)) => Err(Problem::new(StatusCode::BAD_REQUEST, "The body of the request ended early.")),
    }
}
