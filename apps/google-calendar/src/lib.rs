//! The store's Google Calendar app. It keeps events in memory and does not synchronise with Google.
//!
//! `/google-calendar/events` lists events and takes new ones, `/google-calendar/events/{id}` shows one and takes it away.
//! To other apps it is a [`Calendar`]; for a meeting link it asks the Google Meet app, which asks it whether it is busy.

mod events;

use std::sync::Arc;

use bakehouse_sdk::{
    App, Body, BoxError, BoxFuture, Context, Error, Offer, Request, RequestExt, Response, Uses,
    http::{
        self, Method, StatusCode,
        header::{CONTENT_TYPE, LOCATION},
    },
    interfaces::{Busy, Calendar, Conferencing},
    page::{answer, page},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::events::{Event, Events};

/// How long a title may be, in bytes: with the number of events, it bounds what anybody can make this host keep.
const TITLE: usize = 1024;

/// The app: the events, and the way to meetings.
#[derive(Debug)]
pub struct GoogleCalendar {
    events: Events,
    meet: Uses<dyn Conferencing>,
}

/// Makes the app, without an event.
///
/// # Errors
///
/// If the manifest does not say that it uses `google-meet`.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<GoogleCalendar, BoxError> {
    Ok(GoogleCalendar { events: Events::default(), meet: ctx.uses("google-meet")? })
}

impl App for GoogleCalendar {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match (request.pattern(), request.method()) {
            (Some("/google-calendar/events"), &Method::POST) => self.add(&request).await,
            (Some("/google-calendar/events"), _) => Ok(self.list()),
            (Some("/google-calendar/events/{id}"), &Method::DELETE) => self.remove(id(&request)?),
            (Some("/google-calendar/events/{id}"), _) => self.show(id(&request)?),
            _ => Ok(page("Google Calendar", "/app-assets/google-calendar/icon.svg", include_str!("home.html"))),
        }
    }

    fn provide(self: Arc<Self>, offer: &mut Offer) {
        offer.give::<dyn Calendar>(self);
    }
}

impl Calendar for GoogleCalendar {
    fn name(&self) -> &'static str {
        "Google Calendar"
    }

    fn busy(&self, from: i64, to: i64) -> BoxFuture<'_, Result<Vec<Busy>, Error>> {
        Box::pin(async move { Ok(self.events.busy(from, to)) })
    }
}

/// An event as a request describes it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NewEvent {
    title: String,
    start: Timestamp,
    end: Timestamp,
    /// Whether people meet on line.
    #[serde(default)]
    meeting: bool,
}

impl GoogleCalendar {
    async fn add(&self, request: &Request) -> Result<Response, Error> {
        if !is_json(request) {
            let detail = "an event must be sent with `content-type: application/json`";
            return Err(Error::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let event = NewEvent::read(request.body())?;
        let meeting = if event.meeting { Some(self.meet.get().await?.meeting_link(&event.title).await?) } else { None };
        let event = Event { title: event.title, start: event.start, end: event.end, meeting };
        let shown = event.clone();
        let id = self.events.add(event).ok_or_else(|| {
            Error::new(StatusCode::INSUFFICIENT_STORAGE, "the calendar is full: take an event away first")
        })?;
        let mut response = json_answer(StatusCode::CREATED, &json_event(id, &shown));
        response
            .headers_mut()
            .insert(LOCATION, format!("/google-calendar/events/{id}").try_into().map_err(http::Error::from)?);
        Ok(response)
    }

    fn list(&self) -> Response {
        let events: Vec<_> = self.events.list().iter().map(|(id, event)| json_event(*id, event)).collect();
        json_answer(StatusCode::OK, &events.into())
    }

    fn show(&self, id: u64) -> Result<Response, Error> {
        let event = self.events.get(id).ok_or_else(Error::not_found)?;
        Ok(json_answer(StatusCode::OK, &json_event(id, &event)))
    }

    fn remove(&self, id: u64) -> Result<Response, Error> {
        if !self.events.remove(id) {
            return Err(Error::not_found());
        }
        Ok(http::Response::builder().status(StatusCode::NO_CONTENT).body(Body::empty())?)
    }
}

impl NewEvent {
    fn read(body: &[u8]) -> Result<Self, Error> {
        let event: Self = serde_json::from_slice(body).map_err(|error| {
            let form = "{\"title\": \"Lunch\", \"start\": \"2027-03-01T12:00:00Z\", \"end\": \"2027-03-01T13:30:00Z\"}";
            Error::bad_request(format!("the body must be an event such as `{form}`: {error}"))
        })?;
        if event.title.trim().is_empty() {
            return Err(Error::bad_request("`title` must not be blank"));
        }
        if event.title.len() > TITLE {
            let detail = format!("`title` has {} bytes, but may have {TITLE} at most", event.title.len());
            return Err(Error::bad_request(detail));
        }
        if [event.start, event.end].iter().any(|time| time.subsec_nanosecond() != 0) {
            return Err(Error::bad_request("`start` and `end` must be whole seconds"));
        }
        if event.end <= event.start {
            return Err(Error::bad_request("`end` must be after `start`"));
        }
        Ok(event)
    }
}

/// Whether the body is said to be JSON. Without asking this host first, a browser sends nothing of that type for a page of
/// another site, so that no such page adds events.
fn is_json(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
}

/// The event that the path names; one that is no number names none.
fn id(request: &Request) -> Result<u64, Error> {
    let param = request.param("id").ok_or_else(Error::not_found)?;
    param.decode()?.parse().map_err(|_| Error::not_found())
}

fn json_event(id: u64, event: &Event) -> Value {
    let Event { title, start, end, meeting } = event;
    json!({ "id": id, "title": title, "start": start.to_string(), "end": end.to_string(), "meeting": meeting })
}

fn json_answer(status: StatusCode, value: &Value) -> Response {
    let mut response = answer("application/json", value.to_string());
    *response.status_mut() = status;
    response
}
