//! The holidays of the manifest that ships.

use bakehouse_sdk::{
    App, Error, Response,
    http::{StatusCode, header::CONTENT_TYPE},
    testing::{self, TestContext},
};
use serde_json::{Value, json};

const ICS: &str = "/holidays/{country}/{year}.ics";
const JSON: &str = "/holidays/{country}/{year}.json";
const RULES: &str = r#"{"countries": {"us": {
    "12-25": "Christmas Day", "4 thursday 11": "Thanksgiving Day", "3 monday 01": "Birthday of Martin Luther King, Jr."}}}"#;

async fn get(pattern: &'static str, target: &str) -> Result<Response, Error> {
    let ctx = TestContext::new("holidays").with_metadata(RULES).build();
    holidays::app(&ctx).await.unwrap().handle(testing::routed(pattern, "GET", target)).await
}

fn text(response: &Response) -> &str {
    str::from_utf8(response.body().as_bytes().unwrap()).unwrap()
}

#[tokio::test]
async fn a_year_is_listed_by_day() {
    let year = get(JSON, "/holidays/us/2027.json").await.unwrap();
    let expected = json!([
        { "day": "2027-01-18", "name": "Birthday of Martin Luther King, Jr." },
        { "day": "2027-11-25", "name": "Thanksgiving Day" },
        { "day": "2027-12-25", "name": "Christmas Day" },
    ]);
    assert_eq!(serde_json::from_str::<Value>(text(&year)).unwrap(), expected);
}

#[tokio::test]
async fn a_calendar_can_be_subscribed_to() {
    let file = get(ICS, "/holidays/us/2027.ics").await.unwrap();
    assert_eq!(file.headers()[CONTENT_TYPE], "text/calendar; charset=utf-8");
    let lines: Vec<&str> = text(&file).split("\r\n").collect();
    for line in [
        "UID:20271125-us@holidays.bakehouse",
        "DTSTART;VALUE=DATE:20271125",
        "DTEND;VALUE=DATE:20271126",
        "SUMMARY:Birthday of Martin Luther King\\, Jr.",
    ] {
        assert!(lines.contains(&line), "{line} in {lines:?}");
    }
    assert!(lines.iter().all(|line| line.len() <= 75));
    assert_eq!(lines.iter().filter(|line| **line == "BEGIN:VEVENT").count(), 3);
}

#[tokio::test]
async fn says_what_is_wrong() {
    for (target, status, expected) in [
        ("/holidays/fr/2027.ics", StatusCode::NOT_FOUND, "no country is called `fr`: there are `us`"),
        ("/holidays/us/1899.ics", StatusCode::BAD_REQUEST, "the year must be one from 1900 to 2199, but was `1899`"),
        ("/holidays/us/next.ics", StatusCode::BAD_REQUEST, "the year must be"),
    ] {
        let error = get(ICS, target).await.unwrap_err();
        assert_eq!(error.status(), status, "{target}");
        assert!(error.detail().starts_with(expected), "{}", error.detail());
    }
}

#[tokio::test]
async fn a_manifest_with_a_wrong_rule_makes_no_app() {
    for (metadata, expected) in [
        ("{}", "must have `countries`"),
        (r#"{"countries": {"us": []}}"#, "country `us` must be a table of rules"),
        (r#"{"countries": {"us": {"02-30": "x"}}}"#, "`02-30` of country `us` is no rule for a holiday"),
        (r#"{"countries": {"us": {"01-01": 1}}}"#, "holiday `01-01` of country `us` must have a name"),
    ] {
        let ctx = TestContext::new("holidays").with_metadata(metadata).build();
        let error = holidays::app(&ctx).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{metadata}: {error}");
    }
}
