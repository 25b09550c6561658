//! Why an app does not answer a request as it was asked to.

use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;

use crate::href::HrefError;
use crate::{BoxError, DecodeError, SettingError, UsesError};

/// Why an app does not answer: a status and a text for the client, and a cause for the log.
///
/// The host makes a problem details response (RFC 9457) of it, or a page. The cause never leaves the host.
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    status: StatusCode,
    detail: String,
    source: Option<BoxError>,
}

impl Error {
    /// An error of that status, one of 400 to 599, with a text that tells the client what is wrong with this request; it may be empty.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { inner: Box::new(Inner { status, detail: detail.into(), source: None }) }
    }

    /// 404: nothing is there.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "")
    }

    /// 400: the request is not what the app expects.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 503: the app lacks a setting; see [`Context::setting`](crate::Context::setting), whose error becomes this one.
    pub fn not_configured(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    }

    /// 502: what the app asked elsewhere did not answer properly.
    pub fn bad_gateway(source: impl Into<BoxError>) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, "").with_source(source)
    }

    /// 500: something is wrong with the app itself. The client is told no more than that.
    pub fn internal(source: impl Into<BoxError>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "").with_source(source)
    }

    /// With a cause for the log.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.inner.status
    }

    /// What the status means: the `title` of problem details.
    pub fn title(&self) -> &'static str {
        self.inner.status.canonical_reason().unwrap_or("Error")
    }

    /// What is wrong with this request, for the client: the `detail` of problem details. May be empty.
    pub fn detail(&self) -> &str {
        &self.inner.detail
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.inner.status.as_u16(), self.title())?;
        if self.detail().is_empty() { Ok(()) } else { write!(f, ": {}", self.detail()) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Error").field(&self.to_string()).field(&self.inner.source).finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<BoxError> for Error {
    fn from(source: BoxError) -> Self {
        Self::internal(source)
    }
}

impl From<http::Error> for Error {
    fn from(source: http::Error) -> Self {
        Self::internal(source)
    }
}

impl From<SettingError> for Error {
    fn from(error: SettingError) -> Self {
        Self::not_configured(error.to_string())
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::bad_request(error.to_string())
    }
}

impl From<HrefError> for Error {
    /// 500: whoever takes values from clients looks at them first.
    fn from(error: HrefError) -> Self {
        Self::internal(error)
    }
}

impl From<UsesError> for Error {
    /// 503 if the other app may be there later, else 500.
    fn from(error: UsesError) -> Self {
        if error.is_passing() {
            let detail = format!("app `{}` is not available", error.target());
            Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).with_source(error)
        } else {
            Self::internal(error)
        }
    }
}
