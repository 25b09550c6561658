//! The store's app that shows a request as it came in: at `/echo`, or anywhere below it, under any method.

use bakehouse_sdk::{
    App, BoxError, Context, Error, Request, RequestExt, Response,
    http::{
        HeaderName, HeaderValue,
        header::{AUTHORIZATION, CACHE_CONTROL, COOKIE, PROXY_AUTHORIZATION},
    },
    page::answer,
};
use serde_json::{Value, json};

/// How much is shown of a body, in bytes.
const BODY: usize = 8 * 1024;

/// The app. It keeps nothing.
#[derive(Debug)]
pub struct Echo;

/// Makes the app.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(_ctx: &Context) -> Result<Echo, BoxError> {
    Ok(Echo)
}

impl App for Echo {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let mut response = answer("application/json", format!("{:#}\n", echo(&request)));
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }
}

/// The request as JSON; what is not UTF-8 comes as U+FFFD.
fn echo(request: &Request) -> Value {
    let query: Vec<_> = request.query().collect();
    let headers = request.headers().iter().map(|(name, value)| (name.as_str(), shown(name, value)));
    let body = request.body();
    json!({
        "method": request.method().as_str(),
        "version": format!("{:?}", request.version()),
        "path": request.uri().path(),
        // Raw, as the route's catch-all took it.
        "rest": request.param("path").map(|path| String::from_utf8_lossy(path.raw()).into_owned()),
        "query": query,
        "headers": headers.collect::<Vec<_>>(),
        "body": String::from_utf8_lossy(body.get(..BODY).unwrap_or(body)),
        "bytes": body.len(),
    })
}

/// A header's value, unless it is a secret: an answer may be shown to others.
fn shown(name: &HeaderName, value: &HeaderValue) -> String {
    let is_secret = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].contains(name);
    if is_secret { "(hidden)".to_owned() } else { String::from_utf8_lossy(value.as_bytes()).into_owned() }
}

#[cfg(test)]
mod tests {
    use bakehouse_sdk::testing;

    use super::*;

    async fn echoed(request: Request) -> Value {
        let response = app(&Context::for_tests("echo")).await.unwrap().handle(request).await.unwrap();
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
        serde_json::from_slice(response.body().as_bytes().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_request_comes_back() {
        let mut request = testing::routed("/echo/{*path}", "PATCH", "/echo/a%20b/c?x=1&x=2+3").map(|_| "\u{e4}".into());
        request.headers_mut().insert("x-forwarded-for", HeaderValue::from_static("192.0.2.1"));
        request.headers_mut().insert(COOKIE, HeaderValue::from_static("session=secret"));
        let expected = json!({
            "method": "PATCH", "version": "HTTP/1.1", "path": "/echo/a%20b/c", "rest": "a%20b/c",
            "query": [["x", "1"], ["x", "2 3"]],
            "headers": [["x-forwarded-for", "192.0.2.1"], ["cookie", "(hidden)"]],
            "body": "\u{e4}", "bytes": 2,
        });
        assert_eq!(echoed(request).await, expected);
    }

    #[tokio::test]
    async fn a_body_is_cut_and_its_length_told() {
        let echo = echoed(testing::routed("/echo", "POST", "/echo").map(|_| vec![0xFF; BODY + 1].into())).await;
        assert_eq!(echo["body"].as_str().unwrap().chars().count(), BODY);
        assert_eq!((&echo["bytes"], &echo["rest"]), (&(BODY + 1).into(), &Value::Null));
    }
}
