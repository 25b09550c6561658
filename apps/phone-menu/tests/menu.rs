//! A caller's way through the menu.

use bakehouse_sdk::{
    App, Error, Response,
    http::StatusCode,
    testing::{self, TestContext},
};
use serde_json::{Value, json};

const CALL: &str = "/phone-menu/call";
const CHOICE: &str = "/phone-menu/choice";
const MENU: &str = r#"{"greeting": "Hello.", "choices": [
    {"digit": "1", "name": "sales", "number": "PHONE_MENU_SALES"},
    {"digit": "2", "name": "bread", "says": "Sold out.", "number": "PHONE_MENU_SHOP"},
    {"digit": "3", "name": "the hours", "says": "From six."}]}"#;

async fn post(path: &'static str, body: &str) -> Result<Response, Error> {
    let ctx = TestContext::new("phone-menu").with_metadata(MENU).with_setting("SALES", "+39061").build();
    let app = phone_menu::app(&ctx).await.unwrap();
    app.handle(testing::routed(path, "POST", path).map(|_| body.to_owned().into())).await
}

async fn verbs(path: &'static str, body: &Value) -> Value {
    serde_json::from_slice(post(path, &body.to_string()).await.unwrap().body().as_bytes().unwrap()).unwrap()
}

#[tokio::test]
async fn a_call_hears_the_menu() {
    let verbs = verbs(CALL, &json!({ "call_sid": "x" })).await;
    assert_eq!((&verbs[0]["verb"], &verbs[0]["actionHook"]), (&"gather".into(), &CHOICE.into()));
    assert_eq!(verbs[0]["say"]["text"], "Hello. For sales, press 1. For bread, press 2. For the hours, press 3.");
}

#[tokio::test]
async fn a_choice_leads_somewhere() {
    let dial = json!({ "verb": "dial", "target": [{ "type": "phone", "number": "+39061" }], "answerOnBridge": true });
    let (say, hangup) = (json!({ "verb": "say", "text": "From six." }), json!({ "verb": "hangup" }));
    assert_eq!(verbs(CHOICE, &json!({ "digits": "1" })).await, json!([dial, hangup]));
    assert_eq!(verbs(CHOICE, &json!({ "digits": "3" })).await, json!([say, hangup]));
}

#[tokio::test]
async fn a_wrong_digit_is_asked_for_again_and_silence_is_not() {
    let again = verbs(CHOICE, &json!({ "digits": "9" })).await;
    assert!(again[0]["say"]["text"].as_str().unwrap().starts_with("There is no such choice. For sales"));
    assert_eq!(verbs(CHOICE, &json!({ "reason": "timeout" })).await[1]["verb"], "hangup");
}

#[tokio::test]
async fn says_what_is_wrong() {
    let error = post(CHOICE, "{\"digits\": \"2\"}").await.unwrap_err();
    assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(error.detail().contains("`PHONE_MENU_SHOP`"), "{}", error.detail());
    assert_eq!(post(CHOICE, "1").await.unwrap_err().status(), StatusCode::BAD_REQUEST);
    assert!(phone_menu::app(&TestContext::new("phone-menu").build()).await.is_err());
}
