//! The store's app for QR codes: `/qr-code/svg?text=…&size=…` and `/qr-code/{text}.svg?size=…` answer a picture. To other
//! apps it draws [`QrCodes`].

mod draw;

use std::{borrow::Cow, ops::RangeInclusive, sync::Arc};

use bakehouse_macros::asset;
use bakehouse_sdk::{
    App, BoxError, BoxFuture, Context, Error, Offer, Request, RequestExt, Response,
    http::{
        self,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    interfaces::QrCodes,
    page::page,
};

/// The sides that may be asked for, in pixels.
const SIZES: RangeInclusive<u32> = 32..=4096;

/// The side of a picture if nobody asks for another, in pixels.
const SIZE: u32 = 256;

/// The app.
#[derive(Debug)]
pub struct Qr {
    ctx: Context,
}

/// Makes the app.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<Qr, BoxError> {
    Ok(Qr { ctx: ctx.clone() })
}

impl App for Qr {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match request.pattern() {
            Some("/qr-code/svg" | "/qr-code/{text}.svg") => picture(&request),
            _ => self.home(),
        }
    }

    fn provide(self: Arc<Self>, offer: &mut Offer) {
        offer.give::<dyn QrCodes>(self);
    }
}

impl QrCodes for Qr {
    fn svg<'a>(&'a self, text: &'a str, size: u32) -> BoxFuture<'a, Result<String, Error>> {
        Box::pin(async move { draw::svg(text, size).map_err(Error::bad_request) })
    }
}

impl Qr {
    fn home(&self) -> Result<Response, Error> {
        let (icon, example) = (self.ctx.asset(asset!("icon.svg"))?, self.ctx.asset(asset!("example.svg"))?);
        let picture = format!(
            "<p><img src=\"{example}\" alt=\"The QR code of the word Bakehouse\" width=\"160\" height=\"160\"></p>\n"
        );
        Ok(page("QR code", icon.as_str(), format_args!("{}{picture}", include_str!("home.html"))))
    }
}

fn picture(request: &Request) -> Result<Response, Error> {
    let svg = draw::svg(&text(request)?, size(request)?).map_err(Error::bad_request)?;
    let picture = http::Response::builder()
        .header(CONTENT_TYPE, "image/svg+xml")
        // The same address gives the same picture as long as the app is the same.
        .header(CACHE_CONTROL, "public, max-age=86400");
    Ok(picture.body(svg.into())?)
}

/// The text to draw: from the path where the pattern has it, else from the query.
fn text(request: &Request) -> Result<Cow<'_, str>, Error> {
    let text = match request.param("text") {
        Some(param) => param.decode()?,
        None => request.query().get("text").unwrap_or_default(),
    };
    if text.is_empty() {
        return Err(Error::bad_request("`text` is missing: it must be the text to draw"));
    }
    Ok(text)
}

fn size(request: &Request) -> Result<u32, Error> {
    let Some(written) = request.query().get("size") else { return Ok(SIZE) };
    written.parse().ok().filter(|size| SIZES.contains(size)).ok_or_else(|| {
        let (least, most) = SIZES.into_inner();
        Error::bad_request(format!("`size` must be a number of pixels from {least} to {most}, but was `{written}`"))
    })
}

#[cfg(test)]
mod tests {
    use bakehouse_sdk::{http::StatusCode, testing};

    use super::*;

    async fn get(pattern: &'static str, target: &str) -> Result<Response, Error> {
        let app = app(&Context::for_tests("qr-code")).await.unwrap();
        app.handle(testing::routed(pattern, "GET", target)).await
    }

    fn body(response: &Response) -> &str {
        str::from_utf8(response.body().as_bytes().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn answers_the_same_picture_on_both_routes() {
        let query = get("/qr-code/svg", "/qr-code/svg?text=a%20b%2Fc&size=100").await.unwrap();
        let path = get("/qr-code/{text}.svg", "/qr-code/a%20b%2Fc.svg?size=100").await.unwrap();
        assert_eq!(body(&query), draw::svg("a b/c", 100).unwrap());
        assert_eq!(body(&path), body(&query));
        assert_eq!(path.headers()[CONTENT_TYPE], "image/svg+xml");
        assert_eq!(path.headers()[CACHE_CONTROL], "public, max-age=86400");
    }

    #[tokio::test]
    async fn a_picture_is_256_pixels_wide_unless_asked_otherwise() {
        let picture = get("/qr-code/svg", "/qr-code/svg?text=a").await.unwrap();
        assert!(body(&picture).contains("width=\"256\""));
    }

    #[tokio::test]
    async fn says_what_is_wrong() {
        let long = format!("/qr-code/svg?text={}", "x".repeat(2400));
        let cases = [
            ("/qr-code/svg", "`text` is missing"),
            ("/qr-code/svg?text=", "`text` is missing"),
            ("/qr-code/svg?text=a&size=", "`size` must be a number of pixels from 32 to 4096, but was ``"),
            ("/qr-code/svg?text=a&size=31", "`size` must be"),
            ("/qr-code/svg?text=a&size=4097", "`size` must be"),
            ("/qr-code/svg?text=a&size=-1", "`size` must be"),
            (&long, "`text` has 2400 bytes, but a QR code holds 2331"),
        ];
        for (target, expected) in cases {
            let error = get("/qr-code/svg", target).await.unwrap_err();
            assert_eq!(error.status(), StatusCode::BAD_REQUEST, "{target}");
            assert!(error.detail().starts_with(expected), "{target}: {}", error.detail());
        }
        let error = get("/qr-code/{text}.svg", "/qr-code/%ff.svg").await.unwrap_err();
        assert_eq!(error.status(), StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn other_apps_get_the_same_picture() {
        let app = app(&Context::for_tests("qr-code")).await.unwrap();
        assert_eq!(QrCodes::svg(&app, "a", 64).await.unwrap(), draw::svg("a", 64).unwrap());
        let error = QrCodes::svg(&app, &"x".repeat(2400), 64).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn its_other_routes_show_the_page() {
        let page = get("/qr-code", "/qr-code").await.unwrap();
        assert_eq!(page.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(body(&page).contains("action=\"/qr-code/svg\""));
        assert!(body(&page).contains("src=\"/app-assets/qr-code/example.svg?v="));
    }
}
