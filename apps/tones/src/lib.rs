//! The store's app for sounds of a telephone: `/tones/keys/{keys}.wav` and `/tones/hold-{seconds}s.wav`.

mod hold;
mod keys;
mod wav;

use std::ops::RangeInclusive;

use bakehouse_sdk::{
    App, Body, BoxError, Context, Error, Request, RequestExt, Response,
    http::{HeaderValue, header::CACHE_CONTROL},
    page::{answer, page},
};

use crate::hold::Hold;

/// How long music on hold may be, in seconds.
const SECONDS: RangeInclusive<u32> = 1..=3600;

/// The app. It keeps nothing.
#[derive(Debug)]
pub struct Tones;

/// Makes the app.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(_ctx: &Context) -> Result<Tones, BoxError> {
    Ok(Tones)
}

impl App for Tones {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match request.pattern() {
            Some("/tones/keys/{keys}.wav") => {
                let keys = request.param("keys").ok_or_else(Error::not_found)?.decode()?;
                Ok(sound(keys::file(&keys).map_err(Error::bad_request)?))
            }
            Some("/tones/hold-{seconds}s.wav") => Ok(sound(Body::stream(Hold::new(seconds(&request)?)))),
            _ => Ok(page("Tones", "/app-assets/tones/icon.svg", include_str!("home.html"))),
        }
    }
}

fn seconds(request: &Request) -> Result<u32, Error> {
    let written = request.param("seconds").ok_or_else(Error::not_found)?.decode()?;
    written.parse().ok().filter(|seconds| SECONDS.contains(seconds)).ok_or_else(|| {
        let (least, most) = SECONDS.into_inner();
        Error::bad_request(format!("music on hold may have {least} to {most} seconds, but was to have `{written}`"))
    })
}

/// A file that stays the same as long as the app does.
fn sound(file: impl Into<Body>) -> Response {
    let mut response = answer("audio/wav", file);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    response
}

#[cfg(test)]
mod tests {
    use bakehouse_sdk::{
        http::{StatusCode, header::CONTENT_TYPE},
        testing,
    };
    use http_body::Body as _;

    use super::*;

    const KEYS: &str = "/tones/keys/{keys}.wav";
    const HOLD: &str = "/tones/hold-{seconds}s.wav";

    async fn get(pattern: &'static str, target: &str) -> Result<Response, Error> {
        let app = app(&Context::for_tests("tones")).await.unwrap();
        app.handle(testing::routed(pattern, "GET", target)).await
    }

    #[tokio::test]
    async fn keys_come_whole_and_music_piece_by_piece() {
        let keys = get(KEYS, "/tones/keys/1%23.wav").await.unwrap();
        assert_eq!(keys.headers()[CONTENT_TYPE], "audio/wav");
        assert_eq!(keys.body().as_bytes().unwrap(), &keys::file("1#").unwrap());
        let hold = get(HOLD, "/tones/hold-3600s.wav").await.unwrap();
        assert!(hold.body().as_bytes().is_none());
        assert_eq!(hold.body().size_hint().exact(), Some(44 + 3600 * 16000));
    }

    #[tokio::test]
    async fn says_what_is_wrong() {
        for (pattern, target, expected) in [
            (KEYS, "/tones/keys/x.wav", "`x` is no key"),
            (HOLD, "/tones/hold-0s.wav", "music on hold may have 1 to 3600 seconds, but was to have `0`"),
            (HOLD, "/tones/hold-3601s.wav", "music on hold may have"),
            (HOLD, "/tones/hold--1s.wav", "music on hold may have"),
        ] {
            let error = get(pattern, target).await.unwrap_err();
            assert_eq!(error.status(), StatusCode::BAD_REQUEST, "{target}");
            assert!(error.detail().starts_with(expected), "{}", error.detail());
        }
    }

    #[tokio::test]
    async fn its_other_routes_show_the_page() {
        let page = get("/tones", "/tones").await.unwrap();
        assert!(str::from_utf8(page.body().as_bytes().unwrap()).unwrap().contains("href=\"/tones/hold-60s.wav\""));
    }
}
