//! What becomes of a call.

use std::sync::Arc;

use bakehouse_sdk::{
    App, BoxFuture, Error, Response,
    http::StatusCode,
    interfaces::{Busy, Calendar},
    testing::{self, TestContext},
};
use serde_json::{Value, json};

const CALL: &str = "/call-screening/call";

/// Is always busy, never, or out of reach.
#[derive(Clone, Copy)]
enum Owner {
    Busy,
    Free,
    Away,
}

impl Calendar for Owner {
    fn name(&self) -> &'static str {
        "Owner"
    }

    fn busy(&self, from: i64, to: i64) -> BoxFuture<'_, Result<Vec<Busy>, Error>> {
        let told = match self {
            Self::Busy => Ok(vec![Busy { from, to }]),
            Self::Free => Ok(vec![]),
            Self::Away => Err(Error::new(StatusCode::BAD_GATEWAY, "the calendar server can't be reached")),
        };
        Box::pin(async move { told })
    }
}

async fn call(owner: Owner, number: &str, body: &str) -> Result<Response, Error> {
    call_with(owner, number, body, "/call-screening/call?key=7f3a").await
}

async fn call_with(owner: Owner, number: &str, body: &str, target: &str) -> Result<Response, Error> {
    let ctx = TestContext::new("call-screening")
        .with_setting("key", "7f3a")
        .with_setting("number", number)
        .with_setting("blocked", "+15550100, +15550101")
        .with_interface::<dyn Calendar>("caldav-calendar", Arc::new(owner));
    let app = call_screening::app(&ctx.build()).await.unwrap();
    app.handle(testing::routed(CALL, "POST", target).map(|_| body.to_owned().into())).await
}

async fn verbs(owner: Owner, from: &str) -> Value {
    let response =
        call(owner, "+390612345678", &json!({ "from": from, "to": "+39068", "call_sid": "x" }).to_string()).await;
    serde_json::from_slice(response.unwrap().body().as_bytes().unwrap()).unwrap()
}

fn names(verbs: &Value) -> Vec<&str> {
    verbs.as_array().unwrap().iter().map(|verb| verb["verb"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_call_is_put_through_unless_its_owner_is_busy() {
    let free = verbs(Owner::Free, "+15550199").await;
    assert_eq!(names(&free), ["tag", "dial", "say", "hangup"]);
    assert_eq!(free[1]["target"], json!([{ "type": "phone", "number": "+390612345678" }]));
    assert_eq!(names(&verbs(Owner::Busy, "+15550199").await), ["say", "hangup"]);
}

#[tokio::test]
async fn a_calendar_out_of_reach_loses_no_call_and_is_told() {
    let verbs = verbs(Owner::Away, "").await;
    assert_eq!(names(&verbs), ["tag", "dial", "say", "hangup"]);
    assert_eq!(verbs[0]["data"]["calendar"], "502 Bad Gateway: the calendar server can't be reached");
}

#[tokio::test]
async fn some_callers_are_declined() {
    for (from, expected) in [("+15550101", true), ("+1555010", false), ("", false)] {
        let declined = verbs(Owner::Free, from).await[0]["verb"] == "sip:decline";
        assert_eq!(declined, expected, "{from}");
    }
}

#[tokio::test]
async fn says_what_is_wrong() {
    for (number, body, status, expected) in [
        ("", "{}", 503, "app `call-screening` is not configured: set the environment variable `CALL_SCREENING_NUMBER`"),
        ("0612345678", "{}", 503, "`CALL_SCREENING_NUMBER` must be a number"),
        ("+39 06 1234", "{}", 503, "`CALL_SCREENING_NUMBER` must be a number"),
        ("+390612345678", "", 400, "the body must be a call"),
        ("+390612345678", "{\"from\": 7}", 400, "the body must be a call"),
    ] {
        let error = call(Owner::Free, number, body).await.unwrap_err();
        assert_eq!(error.status().as_u16(), status, "{number} {body}");
        assert!(error.detail().starts_with(expected), "{}", error.detail());
    }
}

#[tokio::test]
async fn the_number_is_for_those_with_the_key() {
    for target in [CALL, "/call-screening/call?key=", "/call-screening/call?key=7f3", "/call-screening/call?key=7f3b"] {
        let error = call_with(Owner::Free, "+390612345678", "{}", target).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::FORBIDDEN, "{target}");
    }
}
