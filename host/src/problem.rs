//! Answers to requests that went wrong: problem details (RFC 9457) for clients, a page for people.

use std::borrow::Cow;

use bakehouse_runtime::{Method, Methods};
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, VARY};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use crate::body::{Body, Response};
use crate::pages;
use bakehouse_sdk::Form;

/// The longest path that problem details repeat, in bytes.
const SHOWN: usize = 1024;

/// What went wrong with a request, as its sender may know it: never a path of this machine.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    detail: Cow<'static, str>,
    headers: HeaderMap,
}

impl Problem {
    /// A problem with a status and a sentence for whoever sent the request; it may be empty.
    pub(crate) fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, detail: detail.into(), headers: HeaderMap::new() }
    }

    /// 404.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Nothing is served at this path.")
    }

    /// 405 with the methods that would do.
    pub(crate) fn wrong_method(allowed: Methods) -> Self {
        let names: Vec<&str> = allowed.iter().map(Method::name).collect();
        let names = names.join(", ");
        let problem = Self::new(StatusCode::METHOD_NOT_ALLOWED, format!("This path answers to {names} only."));
        problem.with(ALLOW, &names)
    }

    /// 503, worth another try after that many seconds.
    pub(crate) fn unavailable(detail: impl Into<Cow<'static, str>>, retry_after: u64) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).with(RETRY_AFTER, &retry_after.to_string())
    }

    /// The problem with a header added to its answer.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The answer to this request, in the form that it prefers.
    pub(crate) fn answer(self, request: &Parts) -> Response {
        let mut response = match Form::wanted(&request.headers) {
            Form::Page => {
                let path = request.uri.path();
                pages::problem::page(self.status, self.title(), &self.detail, path).into_response(self.status)
            }
            Form::Json => self.details(request.uri.path()),
        };
        response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
        response.headers_mut().extend(self.headers);
        response
    }

    fn details(&self, path: &str) -> Response {
        let mut details = json!({
            "type": "about:blank",
            "title": self.title(),
            "status": self.status.as_u16(),
        });
        if let Some(details) = details.as_object_mut().filter(|_| path.len() <= SHOWN) {
            details.insert("instance".to_owned(), path.into());
        }
        if let Some(details) = details.as_object_mut().filter(|_| !self.detail.is_empty()) {
            details.insert("detail".to_owned(), self.detail.as_ref().into());
        }
        let mut response = Response::new(Body::from(details.to_string()));
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }

    fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Error")
    }
}
