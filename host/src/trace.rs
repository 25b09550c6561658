//! Spans for who wants to know what a host spends its time on. Without a subscriber, each costs a comparison.
//!
//! | target | span | fields |
//! |---|---|---|
//! | `bakehouse::find` | `find`, debug | `method`, `path`; `app` and `pattern` where a route matches |
//! | `bakehouse::load` | `load`, info | `app`, `why`; `elapsed_us` or `error` |
//! | `bakehouse::handle` | `handle`, info | `app`, `pattern`, `method`, `path`; `status` |
//! | `bakehouse::link` | `link`, info | `app`, for the assets of one; `planned`, `created`, `elapsed_us` or `error` |
//! | `bakehouse::connection` | none | an event, debug: a connection that broke off |

use std::time::Duration;

use bakehouse_runtime::find::{Found, Match};
use bakehouse_runtime::link::{LinkError, Report};
use bakehouse_runtime::registry::{LoadError, Observer};
use http::StatusCode;
use http::request::Parts;
use tracing::field::{Empty, display};
use tracing::{Span, debug, debug_span, info_span, warn};

use crate::event::{chain, micros};

/// Looks a request up.
pub(crate) fn find<'p>(request: &Parts, find: impl FnOnce() -> Found<'static, 'p>) -> Found<'static, 'p> {
    let (method, path) = (request.method.as_str(), request.uri.path());
    let span = debug_span!(target: "bakehouse::find", "find", method, path, app = Empty, pattern = Empty);
    let found = span.in_scope(find);
    if let Found::Match(matched) = &found
        && !span.is_disabled()
    {
        span.record("app", matched.app().slug()).record("pattern", matched.route().pattern());
    }
    found
}

/// The span of an app's work on a request.
pub(crate) fn handle(matched: Match<'static, '_>, request: &Parts) -> Span {
    info_span!(
        target: "bakehouse::handle",
        "handle",
        app = matched.app().slug(),
        pattern = matched.route().pattern(),
        method = request.method.as_str(),
        path = request.uri.path(),
        status = Empty,
    )
}

/// Notes what the app's work came to.
pub(crate) fn handled(span: &Span, status: StatusCode) {
    span.record("status", status.as_u16());
}

/// A span for each load.
pub(crate) fn loads() -> Observer {
    Observer::new(|app, why| {
        let span = info_span!(target: "bakehouse::load", "load", app = app.slug(), why = %why, elapsed_us = Empty, error = Empty);
        Box::new(move |outcome| loaded(&span, outcome))
    })
}

fn loaded(span: &Span, outcome: Result<Duration, &LoadError>) {
    match outcome {
        Ok(took) => drop(span.record("elapsed_us", micros(took))),
        Err(error) if !span.is_disabled() => {
            span.record("error", display(chain(error)));
            warn!(target: "bakehouse::load", parent: span, "the load failed");
        }
        Err(_) => {}
    }
}

/// Runs the linker, for all apps or for one.
pub(crate) fn link(app: Option<&str>, run: impl FnOnce() -> Result<Report, LinkError>) -> Result<Report, LinkError> {
    let span = info_span!(
        target: "bakehouse::link",
        "link",
        app,
        planned = Empty,
        created = Empty,
        elapsed_us = Empty,
        error = Empty,
    );
    let outcome = span.in_scope(run);
    match &outcome {
        Ok(report) => {
            span.record("planned", report.planned).record("created", report.created);
            span.record("elapsed_us", micros(report.elapsed));
        }
        Err(error) if !span.is_disabled() => drop(span.record("error", display(chain(error)))),
        Err(_) => {}
    }
    outcome
}

/// Notes that a connection broke off.
pub(crate) fn broken(error: &hyper::Error) {
    debug!(target: "bakehouse::connection", error = %chain(error), "a connection broke off");
}
