//! From a request to its answer: the host's own paths, then the routes of the apps, then the public folder.

use std::io;
use std::sync::Arc;

use bakehouse_runtime::registry::Entered;
use bakehouse_runtime::{Method, Methods};
use http::header::{CONTENT_RANGE, LOCATION, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use hyper::body::Incoming;
use percent_encoding::{CONTROLS, utf8_percent_encode};

use crate::body::Response;
use crate::call;
use crate::files::{self, Outcome};
use crate::head;
use crate::host::Host;
use crate::own;
use crate::problem::Problem;
use crate::site::Site;
use crate::trace;
use crate::trouble::Trouble;

/// Answers any request. To HEAD the server sends the headers alone, with the length that the body would have.
pub(crate) async fn dispatch(host: &Host, request: Parts, body: &mut Incoming) -> Response {
    let site = host.site();
    let mut response = match head::refusal(&host.config, &request) {
        Some(problem) => problem.answer(&request),
        None => match own::answer(host, &site, &request) {
            Some(response) => response,
            None => route(host, &site, request, body).await,
        },
    };
    // Costs nothing, and keeps a browser from taking an upload that an app hands out for a script.
    response.headers_mut().entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    response
}

/// Answers a request that is not for the host itself.
async fn route(host: &Host, site: &Site, request: Parts, body: &mut Incoming) -> Response {
    let uri = request.uri.clone();
    let method = Method::new(request.method.as_str());
    let edition = site.edition;
    let found = trace::find(&request, || edition.find(method, uri.path().as_bytes()));
    match edition.enter_found(found).await {
        Entered::App(entry) => call::enter(host, site, entry, request, body).await,
        Entered::WrongMethod(allowed) => Problem::wrong_method(allowed).answer(&request),
        Entered::Redirect { location } => redirect(&location, &request),
        // What reads files takes more room than an app's answer should have to carry.
        Entered::Nothing => Box::pin(file(host, site, request)).await,
    }
}

/// Sends the client to the path in the form that its pattern has.
fn redirect(location: &[u8], request: &Parts) -> Response {
    let location = target(&String::from_utf8_lossy(location), request.uri.query());
    let detail = format!("This path is served at {location}.");
    Problem::new(StatusCode::PERMANENT_REDIRECT, detail).with(LOCATION, &location).answer(request)
}

/// The path with its query, as a reference to this very host.
///
/// One that begins with two slashes would name another host; with `/.` before it, it names the same path of this one.
/// Bytes that no reference may have, but that clients send all the same, are percent-encoded.
fn target(path: &str, query: Option<&str>) -> String {
    let is_foreign = matches!(path.as_bytes(), [b'/', b'/' | b'\\', ..]);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let reference = format!("{}{path}{query}", if is_foreign { "/." } else { "" });
    utf8_percent_encode(&reference, CONTROLS).to_string()
}

/// Answers from the public folder.
async fn file(host: &Host, site: &Site, request: Parts) -> Response {
    let problem = match look(site, &request).await {
        Ok(Outcome::Answer(response)) => {
            let trouble = || Trouble::message(None, &request, "a file below the public folder broke off".to_owned());
            return response.map(|body| body.or_tell(&host.config.listener, trouble));
        }
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
            host.config.listener.tell(&Trouble::message(None, &request, message));
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "The file can't be read.")
        }
    };
    problem.answer(&request)
}

/// Looks for a file when it has to be there, and again once the lazy assets are linked that it may be one of.
async fn look(site: &Site, request: &Parts) -> io::Result<Outcome> {
    if !site.links.is_settled() && !files::is_critical(&site.place, request) {
        site.links.settled().await;
    }
    let outcome = files::answer(Arc::clone(&site.place), request.clone()).await?;
    if !matches!(outcome, Outcome::Missing) {
        return Ok(outcome);
    }
    let Some(app) = files::lazy_app(&site.place, request) else { return Ok(outcome) };
    site.links.see_to(app).await;
    files::answer(Arc::clone(&site.place), request.clone()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_never_leads_to_another_host() {
        for (path, query, expected) in [
            ("/a", None, "/a"),
            ("/a/", Some("b=1"), "/a/?b=1"),
            ("//evil.example/", None, "/.//evil.example/"),
            ("/\\evil.example", Some(""), "/./\\evil.example?"),
            ("/\u{e4}%2F", Some("\u{9b}"), "/%C3%A4%2F?%C2%9B"),
        ] {
            assert_eq!(target(path, query), expected);
        }
    }
}
