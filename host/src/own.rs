//! The host's own paths: `/`, `/healthz`, `/readyz` and `/metrics`.

use bakehouse_runtime::{Method, Methods};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::body::{Body, Response};
use crate::catalog::{Catalog, Entry};
use crate::host::Host;
use crate::metrics::{Metrics, PROMETHEUS};
use crate::pages::{self, store::Filter};
use crate::problem::Problem;
use crate::site::Site;
use bakehouse_sdk::{Accept, Form};

/// Answers a request for one of the host's own paths; none if it is for another.
pub(crate) fn answer(host: &Host, site: &Site, request: &Parts) -> Option<Response> {
    let answer: fn(&Host, &Site, &Parts) -> Response = match request.uri.path() {
        "/" => store,
        "/healthz" => healthz,
        "/readyz" => readyz,
        "/metrics" => metrics,
        _ => return None,
    };
    if matches!(request.method, http::Method::GET | http::Method::HEAD) {
        let mut response = answer(host, site, request);
        // Each of them says how things are right now.
        response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        return Some(response);
    }
    Some(Problem::wrong_method(Methods::from_iter([Method::GET, Method::HEAD])).answer(request))
}

/// The record of an app, at the routes of an app without code.
pub(crate) fn record(site: &Site, entry: Entry<'_>, request: &Parts) -> Response {
    negotiated(request, || pages::app::page(&site.catalog, entry), || site.catalog.record(entry))
}

fn store(_: &Host, site: &Site, request: &Parts) -> Response {
    let filter = Filter::parse(request.uri.query());
    negotiated(request, || pages::store::page(&site.catalog, &filter), || list(&site.catalog, &filter))
}

fn list(catalog: &Catalog, filter: &Filter) -> Value {
    let admitted = catalog.entries().filter(|entry| filter.admits(*entry));
    json!({ "host": catalog.host_name(), "apps": admitted.map(Catalog::summary).collect::<Vec<_>>() })
}

fn negotiated(request: &Parts, page: impl Fn() -> pages::Page, value: impl Fn() -> Value) -> Response {
    let mut response = match Form::wanted(&request.headers) {
        Form::Page => page().into_response(StatusCode::OK),
        Form::Json => json(&value()),
    };
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    response
}

fn healthz(_: &Host, _: &Site, _: &Parts) -> Response {
    text("ok")
}

fn readyz(host: &Host, site: &Site, request: &Parts) -> Response {
    match host.obstacle(site) {
        None => text("ready"),
        Some(obstacle) => Problem::unavailable(obstacle, 1).answer(request),
    }
}

/// Prometheus' text for who prefers text to JSON and to a page, as its scrapers do; whoever takes anything gets JSON.
fn metrics(host: &Host, _: &Site, request: &Parts) -> Response {
    let (metrics, accept) = (Metrics::collect(host), Accept::of(&request.headers));
    let text = accept.quality("text", "plain").max(accept.quality("application", "openmetrics-text"));
    let other = accept.quality("application", "json").max(accept.quality("text", "html"));
    let mut response = if text > other { typed(PROMETHEUS, metrics.to_prometheus()) } else { json(&metrics.to_json()) };
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    response
}

fn text(text: &'static str) -> Response {
    typed("text/plain; charset=utf-8", text.to_owned())
}

fn json(value: &Value) -> Response {
    typed("application/json", value.to_string())
}

fn typed(content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
