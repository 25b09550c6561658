//! The card as a file, and what is drawn of it.

use std::sync::Arc;

use bakehouse_sdk::{
    App, BoxFuture, Error, Response,
    http::{StatusCode, header::CONTENT_TYPE},
    interfaces::QrCodes,
    testing::{self, TestContext},
};

const FILE: &str = "/business-card/card.vcf";
const PICTURE: &str = "/qr-code/business-card.svg";

/// Draws a text as itself.
struct Mirror;

impl QrCodes for Mirror {
    fn svg<'a>(&'a self, text: &'a str, _: u32) -> BoxFuture<'a, Result<String, Error>> {
        Box::pin(async move { Ok(text.to_owned()) })
    }
}

async fn get(path: &'static str, settings: &[(&str, &str)]) -> Result<Response, Error> {
    let ctx = TestContext::new("business-card").with_interface::<dyn QrCodes>("qr-code", Arc::new(Mirror));
    let ctx = settings.iter().fold(ctx, |ctx, (key, value)| ctx.with_setting(key, value)).build();
    business_card::app(&ctx).await.unwrap().handle(testing::routed(path, "GET", path)).await
}

fn text(response: &Response) -> &str {
    str::from_utf8(response.body().as_bytes().unwrap()).unwrap()
}

#[tokio::test]
async fn the_card_has_what_is_set_and_is_drawn_as_it_is() {
    let settings = [("name", "Anna; \r\nBrot, \\"), ("phone", "+39061"), ("email", "anna@example.org")];
    let file = get(FILE, &settings).await.unwrap();
    let expected = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Anna\\; \\nBrot\\, \\\\\r\nEMAIL:anna@example.org\r\n\
        TEL:+39061\r\nEND:VCARD\r\n";
    assert_eq!((text(&file), &file.headers()[CONTENT_TYPE]), (expected, &"text/vcard; charset=utf-8".parse().unwrap()));
    assert_eq!(text(&get(PICTURE, &settings).await.unwrap()), expected);
}

#[tokio::test]
async fn a_card_needs_a_name() {
    for path in [FILE, PICTURE] {
        let error = get(path, &[("phone", "+39061")]).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(error.detail().contains("`BUSINESS_CARD_NAME`"), "{}", error.detail());
    }
    assert!(text(&get("/vcard", &[]).await.unwrap()).contains("src=\"/qr-code/business-card.svg\""));
}
