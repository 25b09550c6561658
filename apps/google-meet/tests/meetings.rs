//! Meeting codes, the look into the calendar, and links for other apps.

use std::sync::Arc;

use bakehouse_sdk::{
    App, BoxFuture, Context, Error, Response,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    interfaces::{Busy, Calendar, Conferencing},
    testing::{self, TestContext},
};
use google_meet::GoogleMeet;
use serde_json::Value;

const NEW: &str = "/google-meet/new";
const ROOM: &str = "/google-meet/{first}-{middle}-{last}";

/// 2027-03-01T12:00:00Z
const NOON: i64 = 1_803_902_400;

/// Is busy from noon to one, and knows nothing of other times.
struct Lunch;

impl Calendar for Lunch {
    fn name(&self) -> &'static str {
        "Lunch"
    }

    fn busy(&self, from: i64, to: i64) -> BoxFuture<'_, Result<Vec<Busy>, Error>> {
        let busy = (from < NOON + 3600 && NOON < to).then_some(Busy { from: NOON, to: NOON + 3600 });
        Box::pin(async move { Ok(busy.into_iter().collect()) })
    }
}

fn with_calendar() -> Context {
    TestContext::new("google-meet").with_interface::<dyn Calendar>("google-calendar", Arc::new(Lunch)).build()
}

async fn meet(ctx: &Context) -> GoogleMeet {
    google_meet::app(ctx).await.unwrap()
}

async fn get(ctx: &Context, pattern: &'static str, target: &str) -> Result<Response, Error> {
    meet(ctx).await.handle(testing::routed(pattern, "GET", target)).await
}

fn text(response: &Response) -> &str {
    str::from_utf8(response.body().as_bytes().unwrap()).unwrap()
}

#[tokio::test]
async fn a_new_meeting_has_a_code_whose_link_leads_somewhere() {
    let ctx = Context::for_tests("google-meet");
    let made = get(&ctx, NEW, NEW).await.unwrap();
    assert_eq!(made.headers()[CACHE_CONTROL], "no-store");
    let meeting: Value = serde_json::from_str(text(&made)).unwrap();
    let code = meeting["code"].as_str().unwrap();
    let room = get(&ctx, ROOM, meeting["href"].as_str().unwrap()).await.unwrap();
    assert!(text(&room).starts_with(&format!("Meeting {code}\n")));
}

#[tokio::test]
async fn a_path_that_is_no_code_is_no_room() {
    for target in ["/google-meet/a-b-c", "/google-meet/abc-defg-hij-k", "/google-meet/abc-def%67x-hij"] {
        let error = get(&Context::for_tests("google-meet"), ROOM, target).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::NOT_FOUND, "{target}");
    }
}

#[tokio::test]
async fn the_calendar_is_asked_first() {
    let ask = |start: &str, end: &str| format!("{NEW}?start=2027-03-01T{start}Z&end=2027-03-01T{end}Z");
    for (start, end) in [("10:00:00", "12:00:00"), ("13:00:00", "14:00:00")] {
        assert!(get(&with_calendar(), NEW, &ask(start, end)).await.is_ok(), "{start} to {end}");
    }
    let error = get(&with_calendar(), NEW, &ask("12:30:00", "15:00:00")).await.unwrap_err();
    assert_eq!(error.status(), StatusCode::CONFLICT);
    assert_eq!(error.detail(), "Lunch is busy from 2027-03-01T12:00:00Z to 2027-03-01T13:00:00Z");
}

#[tokio::test]
async fn times_without_a_calendar_are_an_error() {
    let target = format!("{NEW}?start=2027-03-01T10:00:00Z&end=2027-03-01T11:00:00Z");
    let error = get(&Context::for_tests("google-meet"), NEW, &target).await.unwrap_err();
    assert!(error.status().is_server_error());
}

#[tokio::test]
async fn says_which_time_is_wrong() {
    let cases = [
        ("start=noon&end=", "`start` must be a time with its offset"),
        ("start=2027-03-01T12:00:00Z&end=", "`end` is missing"),
        ("end=2027-03-01T12:00:00Z", "`start` is missing"),
        ("start=2027-03-01T12:00:00Z&end=2027-03-01T12:00:00.9Z", "`end` must be at least a second after"),
    ];
    for (query, expected) in cases {
        let error = get(&with_calendar(), NEW, &format!("{NEW}?{query}")).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::BAD_REQUEST, "{query}");
        assert!(error.detail().starts_with(expected), "{query}: {}", error.detail());
    }
}

#[tokio::test]
async fn other_apps_get_whole_links() {
    let ctx = TestContext::new("google-meet").with_setting("public_url", "https://store.example.org/").build();
    let link = meet(&ctx).await.meeting_link("Lunch").await.unwrap();
    assert!(link.starts_with("https://store.example.org/google-meet/"), "{link}");

    let error = meet(&Context::for_tests("google-meet")).await.meeting_link("Lunch").await.unwrap_err();
    assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(error.detail().contains("`GOOGLE_MEET_PUBLIC_URL`"), "{}", error.detail());
}

#[tokio::test]
async fn its_other_routes_show_the_page() {
    let page = get(&Context::for_tests("google-meet"), "/google-meet", "/google-meet").await.unwrap();
    assert_eq!(page.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(text(&page).contains("action=\"/google-meet/new\""));
    for asset in ["icon", "room"] {
        assert!(text(&page).contains(&format!("src=\"/app-assets/google-meet/{asset}.svg?v=")), "{}", text(&page));
    }
}
