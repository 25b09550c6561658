//! Rooms for people, for other apps, and to scan.

use std::sync::Arc;

use bakehouse_sdk::{
    App, BoxFuture, Error, Response,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, LOCATION},
    },
    interfaces::{Conferencing, QrCodes},
    testing::{self, TestContext},
};
use static_meeting_link::StaticMeetingLink;

const ROOM: &str = "/meet/{room}";
const PICTURE: &str = "/static-meeting-link/{room}.svg";
const ROOMS: &str = "standup=https://meet.example/standup?a&b, anna=https://video.example/j/1";

/// Draws a text as itself.
struct Mirror;

impl QrCodes for Mirror {
    fn svg<'a>(&'a self, text: &'a str, size: u32) -> BoxFuture<'a, Result<String, Error>> {
        Box::pin(async move { Ok(format!("{text} in {size}")) })
    }
}

async fn app(rooms: &str) -> StaticMeetingLink {
    let ctx = TestContext::new("static-meeting-link").with_setting("rooms", rooms);
    let ctx = ctx.with_interface::<dyn QrCodes>("qr-code", Arc::new(Mirror)).build();
    static_meeting_link::app(&ctx).await.unwrap()
}

async fn get(rooms: &str, pattern: &'static str, target: &str) -> Result<Response, Error> {
    app(rooms).await.handle(testing::routed(pattern, "GET", target)).await
}

fn text(response: &Response) -> &str {
    str::from_utf8(response.body().as_bytes().unwrap()).unwrap()
}

#[tokio::test]
async fn a_room_is_where_its_link_leads() {
    let room = get(ROOMS, ROOM, "/meet/anna").await.unwrap();
    assert_eq!(
        (room.status(), &room.headers()[LOCATION]),
        (StatusCode::FOUND, &"https://video.example/j/1".parse().unwrap())
    );
    let error = get(ROOMS, ROOM, "/meet/attic").await.unwrap_err();
    assert_eq!(error.status(), StatusCode::NOT_FOUND);
    assert!(error.detail().starts_with("no room is called `attic`"), "{}", error.detail());
}

#[tokio::test]
async fn a_room_can_be_scanned() {
    let picture = get(ROOMS, PICTURE, "/static-meeting-link/anna.svg").await.unwrap();
    assert_eq!(picture.headers()[CONTENT_TYPE], "image/svg+xml");
    assert_eq!(text(&picture), "https://video.example/j/1 in 256");
    assert_eq!(get(ROOMS, PICTURE, "/static-meeting-link/x.svg").await.unwrap_err().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn other_apps_get_the_first_room() {
    assert_eq!(app(ROOMS).await.meeting_link("Lunch").await.unwrap(), "https://meet.example/standup?a&b");
}

#[tokio::test]
async fn the_page_lists_the_rooms() {
    let page = get(ROOMS, "/static-meeting-link", "/static-meeting-link").await.unwrap();
    for part in ["href=\"/meet/standup\"", "standup?a&amp;b", "src=\"/static-meeting-link/anna.svg\""] {
        assert!(text(&page).contains(part), "{part}: {}", text(&page));
    }
}

#[tokio::test]
async fn a_wrong_setting_is_told_everywhere() {
    for (rooms, expected) in
        [("", "set the environment variable `STATIC_MEETING_LINK_ROOMS`"), ("a=b", "the link of room `a`")]
    {
        for (pattern, target) in [(ROOM, "/meet/a"), (PICTURE, "/static-meeting-link/a.svg"), ("/x", "/x")] {
            let error = get(rooms, pattern, target).await.unwrap_err();
            assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE, "{target}");
            assert!(error.detail().contains(expected), "{}", error.detail());
        }
        assert!(app(rooms).await.meeting_link("Lunch").await.is_err());
    }
}
