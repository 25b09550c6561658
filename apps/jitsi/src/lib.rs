//! The store's app for rooms on a Jitsi server. A room there is made by whoever enters it first, so its address is all there is.
//!
//! `/meet/jitsi` sends people to a new room. To other apps it is a [`Conferencing`] service.

use std::sync::Arc;

use bakehouse_sdk::{
    App, BoxError, BoxFuture, Context, Error, Offer, Request, RequestExt, Response,
    http::{
        self, StatusCode, Uri,
        header::{CACHE_CONTROL, LOCATION},
    },
    interfaces::Conferencing,
    page::page,
};
use serde_json::Value;

/// How many letters at the end of a room's name are random: 26^16 names are more than 2^75.
const SECRET: usize = 16;

/// How much of a topic goes into a room's name, in bytes.
const TOPIC: usize = 40;

/// The app: where its settings are, and the server that the manifest names.
#[derive(Debug)]
pub struct Jitsi {
    ctx: Context,
    default_server: String,
}

/// Makes the app.
///
/// # Errors
///
/// If the manifest's metadata has no `server`.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<Jitsi, BoxError> {
    let metadata: Value = serde_json::from_str(ctx.metadata())?;
    let server = metadata["server"].as_str().ok_or("the manifest's `[metadata]` must have a `server`")?;
    Ok(Jitsi { ctx: ctx.clone(), default_server: server.to_owned() })
}

impl App for Jitsi {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match request.pattern() {
            Some("/meet/jitsi") => self.enter(&request),
            _ => Ok(page("Jitsi", "/app-assets/jitsi/icon.svg", include_str!("home.html"))),
        }
    }

    fn provide(self: Arc<Self>, offer: &mut Offer) {
        offer.give::<dyn Conferencing>(self);
    }
}

impl Conferencing for Jitsi {
    fn name(&self) -> &'static str {
        "Jitsi"
    }

    fn meeting_link<'a>(&'a self, topic: &'a str) -> BoxFuture<'a, Result<String, Error>> {
        Box::pin(async move { self.room(topic) })
    }
}

impl Jitsi {
    fn enter(&self, request: &Request) -> Result<Response, Error> {
        let room = self.room(&request.query().get("topic").unwrap_or_default())?;
        let redirect = http::Response::builder().status(StatusCode::FOUND).header(LOCATION, room);
        Ok(redirect.header(CACHE_CONTROL, "no-store").body("".into())?)
    }

    /// The address of a new room.
    fn room(&self, topic: &str) -> Result<String, Error> {
        let server = self.ctx.setting("server").unwrap_or_else(|_| self.default_server.clone());
        let uri = server.parse::<Uri>().ok().filter(|uri| uri.scheme_str() == Some("https") && uri.query().is_none());
        if uri.is_none() {
            return Err(Error::not_configured("`JITSI_SERVER` must be an address such as `https://jitsi.example.org`"));
        }
        let topic = readable(topic);
        let separator = if topic.is_empty() { "" } else { "-" };
        Ok(format!("{}/{topic}{separator}{}", server.trim_end_matches('/'), secret()?))
    }
}

/// What a room's name keeps of a topic: its words of ASCII letters and digits, joined by `-`.
fn readable(topic: &str) -> String {
    let words: Vec<String> = topic
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut name = words.join("-");
    name.truncate(TOPIC);
    name.trim_end_matches('-').to_owned()
}

/// Letters that nobody guesses.
fn secret() -> Result<String, Error> {
    let mut bytes = [0; SECRET];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    // 256 is no multiple of 26, so some letters come up a tenth more often, which costs less than a bit of all.
    Ok(bytes.iter().map(|byte| char::from(b'a' + byte % 26)).collect())
}

#[cfg(test)]
mod tests {
    use bakehouse_sdk::testing::{self, TestContext};

    use super::*;

    const METADATA: &str = "{\"server\": \"https://meet.example\"}";

    async fn jitsi(settings: &[(&str, &str)]) -> Jitsi {
        let ctx = TestContext::new("jitsi").with_metadata(METADATA);
        app(&settings.iter().fold(ctx, |ctx, (key, value)| ctx.with_setting(key, value)).build()).await.unwrap()
    }

    #[tokio::test]
    async fn each_room_is_new_and_names_its_topic() {
        let jitsi = jitsi(&[]).await;
        for (topic, expected) in [
            ("", "https://meet.example/"),
            ("Lunch", "https://meet.example/lunch-"),
            ("  Q&A: Zoë/2 ", "https://meet.example/q-a-zo-2-"),
            ("../../x?y#z", "https://meet.example/x-y-z-"),
            (&"ab ".repeat(40), &format!("https://meet.example/{}ab-", "ab-".repeat(12))),
        ] {
            let rooms = [jitsi.meeting_link(topic).await.unwrap(), jitsi.meeting_link(topic).await.unwrap()];
            assert_ne!(rooms[0], rooms[1]);
            let secret = rooms[0].strip_prefix(expected).unwrap_or_else(|| panic!("{topic}: {}", rooms[0]));
            assert!(secret.len() >= SECRET && secret.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
        }
    }

    #[tokio::test]
    async fn people_are_sent_to_the_server_that_is_set() {
        let jitsi = jitsi(&[("server", "https://jitsi.example.org/team/")]).await;
        let request = testing::routed("/meet/jitsi", "GET", "/meet/jitsi?topic=Tea+time");
        let response = jitsi.handle(request).await.unwrap();
        assert_eq!(
            (response.status(), &response.headers()[CACHE_CONTROL]),
            (StatusCode::FOUND, &"no-store".parse().unwrap())
        );
        let place = response.headers()[LOCATION].to_str().unwrap();
        assert!(place.starts_with("https://jitsi.example.org/team/tea-time-"), "{place}");
    }

    #[tokio::test]
    async fn a_server_without_tls_is_refused() {
        for server in ["http://jitsi.example.org", "jitsi.example.org", "https://jitsi.example.org/?a", "javascript:a"]
        {
            let error = jitsi(&[("server", server)]).await.meeting_link("").await.unwrap_err();
            assert!(error.detail().starts_with("`JITSI_SERVER` must be"), "{server}: {}", error.detail());
        }
    }

    #[tokio::test]
    async fn a_manifest_without_a_server_makes_no_app() {
        assert!(app(&Context::for_tests("jitsi")).await.is_err());
    }

    #[tokio::test]
    async fn its_other_routes_show_the_page() {
        let page = jitsi(&[]).await.handle(testing::routed("/jitsi", "GET", "/jitsi")).await.unwrap();
        assert!(str::from_utf8(page.body().as_bytes().unwrap()).unwrap().contains("href=\"/meet/jitsi\""));
    }
}
