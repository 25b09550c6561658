//! The flow as a browser goes through it.

use std::collections::HashMap;

use bakehouse_sdk::{
    App, Error, Request, RequestExt, Response,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, COOKIE, HOST, LOCATION, SET_COOKIE},
    },
    testing::{self, TestContext},
};

const AUTHORIZE: &str = "/oauth/{provider}/authorize";
const CALLBACK: &str = "/oauth/{provider}/callback";

async fn handle(settings: &[(&str, &str)], request: Request) -> Result<Response, Error> {
    let start = TestContext::new("oauth");
    let ctx = settings.iter().fold(start, |ctx, (key, value)| ctx.with_setting(key, value)).build();
    oauth::app(&ctx).await.unwrap().handle(request).await
}

fn header(mut request: Request, name: bakehouse_sdk::http::HeaderName, value: &str) -> Request {
    request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
    request
}

fn authorize(path: &str) -> Request {
    header(testing::routed(AUTHORIZE, "GET", path), HOST, "127.0.0.1:4310")
}

fn location(response: &Response) -> (String, HashMap<String, String>) {
    let target = response.headers()[LOCATION].to_str().unwrap();
    let query = testing::request("GET", target).query().map(|(name, value)| (name.into(), value.into())).collect();
    (target.split('?').next().unwrap().to_owned(), query)
}

/// Begins a sign-in with Google, and gives the state and what the browser keeps.
async fn begin() -> (String, String) {
    let response = handle(&[("google_client_id", "abc")], authorize("/oauth/google/authorize")).await.unwrap();
    let cookie = response.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    (location(&response).1["state"].clone(), cookie)
}

async fn come_back(query: &str, cookie: &str) -> Error {
    let request = testing::routed(CALLBACK, "GET", &format!("/oauth/google/callback?{query}"));
    handle(&[], header(request, COOKIE, cookie)).await.unwrap_err()
}

#[tokio::test]
async fn sends_people_to_the_provider() {
    let settings = [("google_client_id", "a&b"), ("zoom_client_id", "z")];
    let response = handle(&settings, authorize("/oauth/google/authorize")).await.unwrap();
    assert_eq!(response.status(), StatusCode::FOUND);
    assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    let (address, query) = location(&response);
    assert_eq!(address, "https://accounts.google.com/o/oauth2/v2/auth");
    assert_eq!(query["response_type"], "code");
    assert_eq!(query["client_id"], "a&b");
    assert_eq!(query["redirect_uri"], "http://127.0.0.1:4310/oauth/google/callback");
    assert_eq!(query["scope"], "openid email https://www.googleapis.com/auth/calendar.events");
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!((query["state"].len(), query["code_challenge"].len()), (32, 43));
    let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with(&format!("oauth_google={}.", query["state"])), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Lax"), "{cookie}");

    let (address, query) = location(&handle(&settings, authorize("/oauth/zoom/authorize")).await.unwrap());
    assert_eq!(address, "https://zoom.us/oauth/authorize");
    assert_eq!(query["client_id"], "z");
    assert!(!query.contains_key("scope"));
}

#[tokio::test]
async fn each_state_is_new() {
    assert_ne!(begin().await.0, begin().await.0);
}

#[tokio::test]
async fn the_public_url_goes_before_the_host() {
    let settings = [("google_client_id", "abc"), ("public_url", "https://store.example.org/")];
    let response = handle(&settings, authorize("/oauth/google/authorize")).await.unwrap();
    assert_eq!(location(&response).1["redirect_uri"], "https://store.example.org/oauth/google/callback");
    assert!(response.headers()[SET_COOKIE].to_str().unwrap().ends_with("; Secure"));
}

#[tokio::test]
async fn says_which_variable_is_not_set() {
    let settings = [("google_client_id", "abc")];
    let error = handle(&settings, authorize("/oauth/zoom/authorize")).await.unwrap_err();
    assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(error.detail().contains("`OAUTH_ZOOM_CLIENT_ID`"), "{}", error.detail());
}

#[tokio::test]
async fn knows_its_providers_only() {
    let error = handle(&[], authorize("/oauth/nobody/authorize")).await.unwrap_err();
    assert_eq!(error.status(), StatusCode::NOT_FOUND);
    assert_eq!(error.detail(), "no provider is called `nobody`: there are `google` and `zoom`");
}

#[tokio::test]
async fn a_request_names_its_host() {
    for host in ["", "a@b", "a b"] {
        let request = header(authorize("/oauth/google/authorize"), HOST, host);
        let error = handle(&[("google_client_id", "abc")], request).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::BAD_REQUEST, "{host}");
    }
}

#[tokio::test]
async fn a_callback_with_the_state_of_the_browser_gets_as_far_as_the_network() {
    let (state, cookie) = begin().await;
    let error = come_back(&format!("code=x&state={state}"), &cookie).await;
    assert_eq!(error.status(), StatusCode::NOT_IMPLEMENTED);
}

#[tokio::test]
async fn any_other_callback_is_refused() {
    let (state, cookie) = begin().await;
    let (other, _) = begin().await;
    let forged = "`state` is not that of the sign-in under way";
    let cases = [
        (format!("code=x&state={other}"), &*cookie, forged),
        ("code=x".to_owned(), &cookie, forged),
        ("code=x&state=".to_owned(), &cookie, forged),
        (format!("code=x&state={state}"), "theme=dark", "no sign-in is under way"),
        (format!("code=x&state={state}"), "oauth_google=.", "no sign-in is under way"),
        (format!("state={state}"), &cookie, "`code` is missing"),
        (
            format!("error=access_denied&state={state}"),
            &cookie,
            "google did not sign you in: it answered `access_denied`",
        ),
        (format!("error=access_denied&state={other}"), &cookie, forged),
    ];
    for (query, cookie, expected) in cases {
        let error = come_back(&query, cookie).await;
        assert_eq!(error.status(), StatusCode::BAD_REQUEST, "{query}");
        assert!(error.detail().starts_with(expected), "{query}: {}", error.detail());
    }
}
