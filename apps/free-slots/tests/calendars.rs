//! What the calendars say together.

use std::sync::Arc;

use bakehouse_sdk::{
    App, BoxFuture, Error, Response,
    http::StatusCode,
    interfaces::{Busy, Calendar},
    testing::{self, TestContext},
};
use serde_json::{Value, json};

const LIST: &str = "/free-slots/list";

/// 2027-03-01T08:00:00Z
const EIGHT: i64 = 1_803_888_000;

/// Is busy in these hours after eight, or can't be asked.
struct Hours(Result<Vec<(i64, i64)>, &'static str>);

impl Calendar for Hours {
    fn name(&self) -> &'static str {
        "Hours"
    }

    fn busy(&self, _: i64, _: i64) -> BoxFuture<'_, Result<Vec<Busy>, Error>> {
        let hour = |hour: &i64| EIGHT + hour * 3600;
        let busy =
            self.0.as_ref().map(|hours| hours.iter().map(|(a, b)| Busy { from: hour(a), to: hour(b) }).collect());
        let told = busy.map_err(|why| Error::not_configured(*why));
        Box::pin(async move { told })
    }
}

async fn list(google: Hours, caldav: Hours, more: &str) -> Result<Response, Error> {
    let ctx = TestContext::new("free-slots")
        .with_interface::<dyn Calendar>("google-calendar", Arc::new(google))
        .with_interface::<dyn Calendar>("caldav-calendar", Arc::new(caldav));
    let app = free_slots::app(&ctx.build()).await.unwrap();
    let target = format!("{LIST}?from=2027-03-01T08:00:00Z&to=2027-03-01T13:00:00Z&minutes=60{more}");
    app.handle(testing::routed(LIST, "GET", &target)).await
}

fn starts(response: &Response) -> Vec<String> {
    let answer: Value = serde_json::from_slice(response.body().as_bytes().unwrap()).unwrap();
    let slots = answer["slots"].as_array().unwrap().iter();
    slots.map(|slot| slot["from"].as_str().unwrap()[11..13].to_owned()).collect()
}

fn both() -> (Hours, Hours) {
    (Hours(Ok(vec![(0, 1), (3, 4)])), Hours(Ok(vec![(3, 5)])))
}

#[tokio::test]
async fn a_slot_is_free_in_every_calendar_that_is_asked() {
    for (more, expected) in [
        ("", &["09", "10"][..]),
        ("&calendar=", &["09", "10"]),
        ("&calendar=google-calendar", &["09", "10", "12"]),
        ("&calendar=caldav-calendar", &["08", "09", "10"]),
        ("&calendar=caldav-calendar&calendar=google-calendar", &["09", "10"]),
    ] {
        let (google, caldav) = both();
        assert_eq!(starts(&list(google, caldav, more).await.unwrap()), expected, "{more}");
    }
    let answer = list(Hours(Ok(vec![(0, 4)])), Hours(Ok(vec![])), "").await.unwrap();
    let expected = json!({
        "calendars": ["google-calendar", "caldav-calendar"],
        "slots": [{ "from": "2027-03-01T12:00:00Z", "to": "2027-03-01T13:00:00Z" }],
    });
    assert_eq!(serde_json::from_slice::<Value>(answer.body().as_bytes().unwrap()).unwrap(), expected);
}

#[tokio::test]
async fn a_calendar_that_cannot_be_asked_makes_nobody_free() {
    let away = || Hours(Err("set the environment variable `X`"));
    let error = list(Hours(Ok(vec![])), away(), "").await.unwrap_err();
    assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(error.detail(), "`caldav-calendar` can't be asked: set the environment variable `X`");
    assert!(list(Hours(Ok(vec![])), away(), "&calendar=google-calendar").await.is_ok());
}

#[tokio::test]
async fn says_what_is_wrong() {
    for (more, expected) in [
        ("&calendar=outlook", "no calendar is called `outlook`: there are `google-calendar` and `caldav-calendar`"),
        ("0000", "`minutes` must be a number from 5 to 1440"),
    ] {
        let (google, caldav) = both();
        let error = list(google, caldav, more).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::BAD_REQUEST);
        assert!(error.detail().starts_with(expected), "{}", error.detail());
    }
}
