//! The store's app that shows what a webhook sends.
//!
//! Whatever is sent to `/webhook-inspector/{inbox}`, or below it, is kept in memory; GET of the same path shows the last
//! requests, newest first.

mod inbox;

use bakehouse_sdk::{
    App, Body, BoxError, Context, Error, Request, RequestExt, Response,
    http::{
        self, HeaderName, Method, StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, COOKIE, PROXY_AUTHORIZATION},
    },
};
use jiff::Timestamp;
use serde_json::json;

use crate::inbox::{Inboxes, Seen};

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
        let Some(inbox) = request.param("inbox") else { return home() };
        let inbox = inbox.decode()?;
        if inbox.len() > NAME {
            return Err(Error::bad_request(format!("an inbox's name must have {NAME} bytes at most")));
        }
        if matches!(*request.method(), Method::GET | Method::HEAD) {
            return self.show(&inbox);
        }
        self.inboxes.put(&inbox, seen(&request, Timestamp::now()));
        Ok(http::Response::builder().status(StatusCode::NO_CONTENT).body(Body::empty())?)
    }
}

impl WebhookInspector {
    fn show(&self, inbox: &str) -> Result<Response, Error> {
        let requests = json!({ "inbox": inbox, "requests": self.inboxes.list(inbox) });
        let list = http::Response::builder().header(CONTENT_TYPE, "application/json").header(CACHE_CONTROL, "no-store");
        Ok(list.body(requests.to_string().into())?)
    }
}

fn home() -> Result<Response, Error> {
    let page = http::Response::builder().header(CONTENT_TYPE, "text/html; charset=utf-8");
    Ok(page.body(include_str!("home.html").into())?)
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
    use bakehouse_sdk::{http::HeaderValue, testing};

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
            { "method": "DELETE", "target": "/webhook-inspector/a%20b/c/d", "headers": [], "body": "", "bytes": 0 },
            {
                "method": "POST", "target": "/webhook-inspector/a%20b?x=1",
                "headers": [["x-signature", "s"], ["authorization", "(hidden)"]],
                "body": "{\"paid\": 7}", "bytes": 11,
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
        app.handle(request.map(|_| vec![b'x'; BODY + 1].into())).await.unwrap();
        let shown = shown_in(&app, "a").await;
        assert_eq!(shown["requests"][0]["body"].as_str().unwrap().len(), BODY);
        assert_eq!(shown["requests"][0]["bytes"], BODY + 1);
        assert_eq!(shown["requests"][0]["target"].as_str().unwrap().len(), LINE);
        assert_eq!(shown["requests"][0]["headers"].as_array().unwrap().len(), HEADERS / (3 * LINE + 4));
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
