//! Events from being added to being taken away, and the way to a meeting.

use std::sync::Arc;

use bakehouse_sdk::{
    App, BoxFuture, Context, Error, Request, Response,
    bytes::Bytes,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, LOCATION},
    },
    interfaces::{Busy, Calendar, Conferencing},
    testing::{self, TestContext},
};
use google_calendar::GoogleCalendar;
use serde_json::{Value, json};

const EVENTS: &str = "/google-calendar/events";
const EVENT: &str = "/google-calendar/events/{id}";

/// Gives a link that repeats the topic.
struct Rooms;

impl Conferencing for Rooms {
    fn name(&self) -> &'static str {
        "Rooms"
    }

    fn meeting_link<'a>(&'a self, topic: &'a str) -> BoxFuture<'a, Result<String, Error>> {
        Box::pin(async move { Ok(format!("https://rooms.example/{topic}")) })
    }
}

async fn calendar(ctx: &Context) -> GoogleCalendar {
    google_calendar::app(ctx).await.unwrap()
}

fn post(body: impl Into<Bytes>) -> Request {
    let mut request = testing::routed(EVENTS, "POST", EVENTS).map(|_| body.into());
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    request
}

fn lunch(meeting: bool) -> Request {
    let event = json!({
        "title": "Lunch", "start": "2027-03-01T12:00:00Z", "end": "2027-03-01T15:00:00+01:00", "meeting": meeting,
    });
    post(event.to_string())
}

fn json(response: &Response) -> Value {
    serde_json::from_slice(response.body().as_bytes().unwrap()).unwrap()
}

#[tokio::test]
async fn an_event_is_added_listed_shown_and_taken_away() {
    let calendar = calendar(&Context::for_tests("google-calendar")).await;
    let added = calendar.handle(lunch(false)).await.unwrap();
    let event = json!({
        "id": 1, "title": "Lunch", "start": "2027-03-01T12:00:00Z", "end": "2027-03-01T14:00:00Z", "meeting": null,
    });
    assert_eq!((added.status(), json(&added)), (StatusCode::CREATED, event.clone()));
    let place = added.headers()[LOCATION].to_str().unwrap().to_owned();

    let list = calendar.handle(testing::routed(EVENTS, "GET", EVENTS)).await.unwrap();
    assert_eq!(json(&list), json!([event]));
    let shown = calendar.handle(testing::routed(EVENT, "GET", &place)).await.unwrap();
    assert_eq!(json(&shown), event);
    let removed = calendar.handle(testing::routed(EVENT, "DELETE", &place)).await.unwrap();
    assert_eq!(removed.status(), StatusCode::NO_CONTENT);
    for method in ["GET", "DELETE"] {
        let error = calendar.handle(testing::routed(EVENT, method, &place)).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::NOT_FOUND, "{method}");
    }
}

#[tokio::test]
async fn an_event_with_a_meeting_gets_its_link_from_the_other_app() {
    let ctx = TestContext::new("google-calendar").with_interface::<dyn Conferencing>("google-meet", Arc::new(Rooms));
    let calendar = calendar(&ctx.build()).await;
    let added = calendar.handle(lunch(true)).await.unwrap();
    assert_eq!(json(&added)["meeting"], "https://rooms.example/Lunch");
}

#[tokio::test]
async fn an_event_is_not_kept_without_the_link_that_was_asked_for() {
    let calendar = calendar(&Context::for_tests("google-calendar")).await;
    assert!(calendar.handle(lunch(true)).await.unwrap_err().status().is_server_error());
    let list = calendar.handle(testing::routed(EVENTS, "GET", EVENTS)).await.unwrap();
    assert_eq!(json(&list), json!([]));
}

#[tokio::test]
async fn it_is_a_calendar_to_other_apps() {
    let calendar = calendar(&Context::for_tests("google-calendar")).await;
    calendar.handle(lunch(false)).await.unwrap();
    let (noon, day) = (1_803_902_400, 86_400);
    let busy = calendar.busy(noon - day, noon + day).await.unwrap();
    assert_eq!(busy, [Busy { from: noon, to: noon + 7200 }]);
}

#[tokio::test]
async fn says_what_is_wrong() {
    let event = |title: &str, start: &str, end: &str| json!({ "title": title, "start": start, "end": end }).to_string();
    let cases = [
        (String::new(), "the body must be an event"),
        (event("Lunch", "noon", "2027-03-01T12:00:00Z"), "the body must be an event"),
        (event(" ", "2027-03-01T12:00:00Z", "2027-03-01T13:00:00Z"), "`title` must not be blank"),
        (
            event(&"x".repeat(1025), "2027-03-01T12:00:00Z", "2027-03-01T13:00:00Z"),
            "`title` has 1025 bytes, but may have 1024 at most",
        ),
        (event("Lunch", "2027-03-01T12:00:00.5Z", "2027-03-01T13:00:00Z"), "`start` and `end` must be whole seconds"),
        (event("Lunch", "2027-03-01T12:00:00Z", "2027-03-01T12:00:00Z"), "`end` must be after `start`"),
        (json!({ "titel": "Lunch" }).to_string(), "the body must be an event"),
    ];
    let calendar = calendar(&Context::for_tests("google-calendar")).await;
    for (body, expected) in cases {
        let error = calendar.handle(post(body.clone())).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::BAD_REQUEST, "{body}");
        assert!(error.detail().starts_with(expected), "{body}: {}", error.detail());
    }
}

#[tokio::test]
async fn only_json_is_taken_for_an_event() {
    let calendar = calendar(&Context::for_tests("google-calendar")).await;
    for (kind, status) in [
        (None, Some(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
        (Some("text/plain"), Some(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
        (Some("application/x-www-form-urlencoded"), Some(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
        (Some("Application/JSON"), None),
    ] {
        let mut request = lunch(false);
        request.headers_mut().remove(CONTENT_TYPE);
        if let Some(kind) = kind {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        assert_eq!(calendar.handle(request).await.err().map(|error| error.status()), status, "{kind:?}");
    }
}
