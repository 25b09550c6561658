//! The store's Google Meet app. It makes meeting codes of its own, and does not ask Google for rooms.
//!
//! `/google-meet/new` makes a code, after a look into the calendar if it is given a `start` and an `end`;
//! `/google-meet/{first}-{middle}-{last}` is where its link leads. To other apps it is a [`Conferencing`] service.

mod code;

use std::sync::Arc;

use bakehouse_macros::{asset, route};
use bakehouse_sdk::{
    App, BoxError, BoxFuture, Context, Error, Offer, Request, RequestExt, Response, Uses,
    href::Href,
    http::{self, StatusCode, header::CACHE_CONTROL},
    interfaces::{Calendar, Conferencing},
    page::{answer, page},
};
use jiff::Timestamp;
use serde_json::json;

/// The app: the way to the calendar, and the settings.
#[derive(Debug)]
pub struct GoogleMeet {
    ctx: Context,
    calendar: Uses<dyn Calendar>,
}

/// Makes the app. The calendar is asked for only when a request wants it.
///
/// # Errors
///
/// If the manifest does not say that it uses `google-calendar`.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<GoogleMeet, BoxError> {
    Ok(GoogleMeet { ctx: ctx.clone(), calendar: ctx.uses("google-calendar")? })
}

impl App for GoogleMeet {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match request.pattern() {
            Some("/google-meet/new") => self.make(&request).await,
            Some("/google-meet/{first}-{middle}-{last}") => room(&request),
            _ => self.home(),
        }
    }

    fn provide(self: Arc<Self>, offer: &mut Offer) {
        offer.give::<dyn Conferencing>(self);
    }
}

impl Conferencing for GoogleMeet {
    fn name(&self) -> &'static str {
        "Google Meet"
    }

    fn meeting_link<'a>(&'a self, _topic: &'a str) -> BoxFuture<'a, Result<String, Error>> {
        Box::pin(async move {
            let origin = self.ctx.setting("public_url")?;
            Ok(format!("{}{}", origin.trim_end_matches('/'), self.href(&new_code()?)?))
        })
    }
}

impl GoogleMeet {
    fn home(&self) -> Result<Response, Error> {
        let (icon, room) = (self.ctx.asset(asset!("icon.svg"))?, self.ctx.asset(asset!("room.svg"))?);
        let picture = format!("<p><img src=\"{room}\" alt=\"\" width=\"320\" height=\"180\"></p>\n");
        Ok(page("Google Meet", icon.as_str(), format_args!("{}{picture}", include_str!("home.html"))))
    }

    /// Where a code's link leads on this host.
    fn href(&self, [first, middle, last]: &[String; 3]) -> Result<Href, Error> {
        let room = route!("/google-meet/{first}-{middle}-{last}", first = first, middle = middle, last = last);
        Ok(self.ctx.href(room)?)
    }

    async fn make(&self, request: &Request) -> Result<Response, Error> {
        if let Some((start, end)) = times(request)? {
            self.check_free(start, end).await?;
        }
        let code = new_code()?;
        let mut response = answer(
            "application/json",
            json!({ "code": code.join("-"), "href": self.href(&code)?.as_str() }).to_string(),
        );
        response.headers_mut().insert(CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
        Ok(response)
    }

    /// # Errors
    ///
    /// 409 if the calendar has something in that time.
    async fn check_free(&self, start: Timestamp, end: Timestamp) -> Result<(), Error> {
        let calendar = self.calendar.get().await?;
        let busy = calendar.busy(start.as_second(), end.as_second()).await?;
        let Some(first) = busy.first() else { return Ok(()) };
        let time = |second| Timestamp::from_second(second).map_err(|error| Error::internal(error.to_string()));
        let detail = format!("{} is busy from {} to {}", calendar.name(), time(first.from)?, time(first.to)?);
        Err(Error::new(StatusCode::CONFLICT, detail))
    }
}

fn new_code() -> Result<[String; 3], Error> {
    code::random().map_err(|error| Error::internal(error.to_string()))
}

/// When the meeting shall be, if the request says so. A form leaves blank what nobody filled in.
fn times(request: &Request) -> Result<Option<(Timestamp, Timestamp)>, Error> {
    match (time(request, "start")?, time(request, "end")?) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(Error::bad_request("`end` is missing: `start` and `end` go together")),
        (None, Some(_)) => Err(Error::bad_request("`start` is missing: `start` and `end` go together")),
        (Some(start), Some(end)) if start.as_second() < end.as_second() => Ok(Some((start, end))),
        _ => Err(Error::bad_request("`end` must be at least a second after `start`")),
    }
}

fn time(request: &Request, name: &str) -> Result<Option<Timestamp>, Error> {
    let Some(written) = request.query().get(name).filter(|written| !written.is_empty()) else { return Ok(None) };
    written.parse().map(Some).map_err(|_| {
        let form = "a time with its offset, as RFC 3339 has it: `2027-03-01T12:00:00Z`";
        Error::bad_request(format!("`{name}` must be {form}, but was `{written}`"))
    })
}

/// Where a link leads: nobody is called here, and the page says so.
fn room(request: &Request) -> Result<Response, Error> {
    let group = |name| request.param(name).ok_or_else(Error::not_found)?.decode().map_err(Error::from);
    let (first, middle, last) = (group("first")?, group("middle")?, group("last")?);
    if !code::is_code([&first, &middle, &last]) {
        return Err(Error::not_found());
    }
    let text = format!("Meeting {first}-{middle}-{last}\nThis host makes meeting codes, and carries no calls.\n");
    Ok(answer("text/plain; charset=utf-8", text))
}
