//! The store's app that shows what a webhook sends.
//!
//! Whatever is sent to `/webhook-inspector/{inbox}`, or below it, is kept in memory; GET of the same path shows the last
//! requests, newest first, as a page or as JSON.

mod inbox;
mod list;

use bakehouse_sdk::{
    App, Body, BoxError, Context, Error, Form, Request, RequestExt, Response,
    http::{
        self, HeaderName, HeaderValue, Method, StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL, COOKIE, PROXY_AUTHORIZATION, VARY},
    },
    page::{answer, page},
};
use jiff::Timestamp;
use serde_json::json;

use crate::inbox::{Inboxes, Seen};

/// The app's picture.
const ICON: &str = "/app-assets/webhook-inspector/icon.svg";

/// How long an inbox's name may be, in bytes.
const NAME: usize = 64;

/// How much is kept of a body, in bytes.
const BODY: usize = 8 * 1024;

/// How much is kept of a path with its query, and of a header's name or value, in bytes.
const LINE: usize = 1024;

/// How much is kept of all headers, in bytes.
const HEADERS: usize = 8 * 1024;

/// The app: its inboxes.
#[derive(Debug, Default)]
pub struct WebhookInspector {
    inboxes: Inboxes,
}

/// Makes the app, without an inbox.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(_ctx: &Context) -> Result<WebhookInspector, BoxError> {
    Ok(WebhookInspector::default())
}

impl App for WebhookInspector {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let Some(inbox) = request.param("inbox") else {
            return Ok(page("Webhook inspector", ICON, include_str!("home.html")));
        };
        let inbox = inbox.decode()?;
        if inbox.len() > NAME {
            return Err(Error::bad_request(format!("an inbox's name must have {NAME} bytes at most")));
        }
        if matches!(*request.method(), Method::GET | Method::HEAD) {
            return Ok(self.show(&inbox, Form::wanted(request.headers())));
        }
        let seen = seen(&request, Timestamp::now());
        let receipt = receipt(&seen)?;
        self.inboxes.put(&inbox, seen);
        Ok(receipt)
    }
}

impl WebhookInspector {
    fn show(&self, inbox: &str, form: Form) -> Response {
        let requests = self.inboxes.list(inbox);
        let mut response = match form {
            Form::Page => page(inbox, ICON, list::html(&requests)),
            Form::Json => answer("application/json", json!({ "inbox": inbox, "requests": requests }).to_string()),
        };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
        response
    }
}

/// What the sender is told: nothing, unless the body is too large to be kept whole.
fn receipt(seen: &Seen) -> Result<Response, Error> {
    if seen.cut {
        let text = format!("the body has {} bytes: the first {BODY} are kept\n", seen.bytes);
        return Ok(answer("text/plain; charset=utf-8", text));
    }
    Ok(http::Response::builder().status(StatusCode::NO_CONTENT).body(Body::empty())?)
}

/// What is kept of a request.
fn seen(request: &Request, at: Timestamp) -> Seen {
    let target = request.uri().path_and_query().map(http::uri::PathAndQuery::as_str).unwrap_or_default();
    Seen {
        at: at.to_string(),
        method: cut(request.method().as_str().as_bytes(), LINE),
        target: cut(target.as_bytes(), LINE),
        headers: headers(request),
        body: cut(request.body(), BODY),
        bytes: request.body().len(),
        cut: request.body().len() > BODY,
    }
}

/// The first headers, as many as there is room for.
fn headers(request: &Request) -> Vec<(String, String)> {
    let mut room = HEADERS;
    let all = request.headers().iter();
    all.map(|(name, value)| (cut(name.as_str().as_bytes(), LINE), shown(name, value.as_bytes())))
        .map_while(|(name, value)| {
            room = room.checked_sub(name.len() + value.len())?;
            Some((name, value))
        })
        .collect()
}

/// A header's value, unless it is a secret: whoever knows an inbox's name can read it.
fn shown(name: &HeaderName, value: &[u8]) -> String {
    if [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].contains(name) { "(hidden)".to_owned() } else { cut(value, LINE) }
}

/// The first bytes as text.
fn cut(bytes: &[u8], most: usize) -> String {
    String::from_utf8_lossy(bytes.get(..most).unwrap_or(bytes)).into_owned()
}

#[cfg(test)]
mod tests {
    use bakehouse_sdk::{
        http::header::{ACCEPT, CONTENT_TYPE},
        testing,
    };

    use super::*;

    const INBOX: &str = "/webhook-inspector/{inbox}";
    const BELOW: &str = "/webhook-inspector/{inbox}/{*rest}";

    async fn shown_in(app: &WebhookInspector, inbox: &str) -> serde_json::Value {
        let request = testing::routed(INBOX, "GET", &format!("/webhook-inspector/{inbox}"));
        let response = app.handle(request).await.unwrap();
        serde_json::from_slice(response.body().as_bytes().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn shows_what_was_sent_newest_first() {
        let app = app(&Context::for_tests("webhook-inspector")).await.unwrap();
        let mut paid = testing::routed(INBOX, "POST", "/webhook-inspector/a%20b?x=1").map(|_| "{\"paid\": 7}".into());
        paid.headers_mut().insert("x-signature", HeaderValue::from_static("s"));
        paid.headers_mut().insert(AUTHORIZATION, HeaderValue::from_static("Basic c2VjcmV0"));
        assert_eq!(app.handle(paid).await.unwrap().status(), StatusCode::NO_CONTENT);
        app.handle(testing::routed(BELOW, "DELETE", "/webhook-inspector/a%20b/c/d")).await.unwrap();

        let mut shown = shown_in(&app, "a%20b").await;
        for request in shown["requests"].as_array_mut().unwrap() {
            let at = request.as_object_mut().unwrap().remove("at").unwrap();
            at.as_str().unwrap().parse::<Timestamp>().unwrap();
        }
        let expected = json!({ "inbox": "a b", "requests": [
            { "method": "DELETE", "target": "/webhook-inspector/a%20b/c/d", "headers": [], "body": "", "bytes": 0, "cut": false },
            {
                "method": "POST", "target": "/webhook-inspector/a%20b?x=1",
                "headers": [["x-signature", "s"], ["authorization", "(hidden)"]],
                "body": "{\"paid\": 7}", "bytes": 11, "cut": false,
            },
        ] });
        assert_eq!(shown, expected);
        assert_eq!(shown_in(&app, "other").await["requests"], json!([]));
    }

    #[tokio::test]
    async fn keeps_the_beginning_of_what_is_large() {
        let app = app(&Context::for_tests("webhook-inspector")).await.unwrap();
        let mut request = testing::routed(INBOX, "PUT", &format!("/webhook-inspector/a?{}", "q".repeat(2 * LINE)));
        // Each byte becomes U+FFFD, which has three.
        let value = HeaderValue::from_bytes(&[0xFF; 2 * LINE]).unwrap();
        for idx in 0..40 {
            request.headers_mut().insert(HeaderName::try_from(format!("x-{idx:02}")).unwrap(), value.clone());
        }
        let told = app.handle(request.map(|_| vec![b'x'; BODY + 1].into())).await.unwrap();
        assert_eq!(told.body().as_bytes().unwrap(), "the body has 8193 bytes: the first 8192 are kept\n");
        let shown = shown_in(&app, "a").await;
        assert_eq!(shown["requests"][0]["body"].as_str().unwrap().len(), BODY);
        assert_eq!(shown["requests"][0]["bytes"], BODY + 1);
        assert_eq!(shown["requests"][0]["cut"], true);
        assert_eq!(shown["requests"][0]["target"].as_str().unwrap().len(), LINE);
        assert_eq!(shown["requests"][0]["headers"].as_array().unwrap().len(), HEADERS / (3 * LINE + 4));
    }

    #[tokio::test]
    async fn a_browser_gets_a_page_on_which_texts_are_texts() {
        let app = app(&Context::for_tests("webhook-inspector")).await.unwrap();
        let mut browse = testing::routed(INBOX, "GET", "/webhook-inspector/a");
        browse.headers_mut().insert(ACCEPT, HeaderValue::from_static("text/html"));
        let empty = app.handle(browse.clone()).await.unwrap();
        assert!(str::from_utf8(empty.body().as_bytes().unwrap()).unwrap().contains("Nothing has come in yet"));

        let request = testing::routed(BELOW, "POST", "/webhook-inspector/a/b?c&d");
        app.handle(request.map(|_| vec![b'<'; BODY + 1].into())).await.unwrap();
        let response = app.handle(browse).await.unwrap();
        assert_eq!(response.headers()[VARY], "accept");
        let text = str::from_utf8(response.body().as_bytes().unwrap()).unwrap();
        for part in ["POST /webhook-inspector/a/b?c&amp;d", "the first 8192 of 8193 bytes", "&lt;&lt;"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[tokio::test]
    async fn a_name_has_its_limit() {
        let app = app(&Context::for_tests("webhook-inspector")).await.unwrap();
        let target = format!("/webhook-inspector/{}", "x".repeat(NAME + 1));
        let error = app.handle(testing::routed(INBOX, "POST", &target)).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn its_other_routes_show_the_page() {
        let app = app(&Context::for_tests("webhook-inspector")).await.unwrap();
        let page = app.handle(testing::routed("/webhook-inspector", "GET", "/webhook-inspector")).await.unwrap();
        assert_eq!(page.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
    }
}
