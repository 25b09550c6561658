//! The store's app for a calendar on a CalDAV server (RFC 4791).
//!
//! `/caldav-calendar/events` lists the events between `from` and `to`, as a page or as JSON. To other apps it is a
//! [`Calendar`]. Every request asks the server anew; nothing is kept.

mod account;
mod client;
mod dav;
mod event;
mod ical;
mod listing;

use std::sync::Arc;

use bakehouse_sdk::{
    App, BoxError, BoxFuture, Context, Error, Form, Offer, Request, RequestExt, Response,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, VARY},
    },
    interfaces::{Busy, Calendar},
    page::{answer, page},
};
use jiff::{SignedDuration, Timestamp};

use crate::{account::Account, event::Reading, listing::Listing};

/// The app's picture.
const ICON: &str = "/app-assets/caldav-calendar/icon.svg";

/// How far a listing goes unless it is asked for more.
const SPAN: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How far a listing may go: a server expands every repetition in it.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// The app: where its settings are.
#[derive(Debug)]
pub struct CaldavCalendar {
    ctx: Context,
}

/// Makes the app. Settings are read when a request wants them, so that a host without a calendar starts all the same.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<CaldavCalendar, BoxError> {
    Ok(CaldavCalendar { ctx: ctx.clone() })
}

impl App for CaldavCalendar {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match request.pattern() {
            Some("/caldav-calendar/events") => self.list(&request).await,
            _ => Ok(page("CalDAV", ICON, include_str!("home.html"))),
        }
    }

    fn provide(self: Arc<Self>, offer: &mut Offer) {
        offer.give::<dyn Calendar>(self);
    }
}

impl Calendar for CaldavCalendar {
    fn name(&self) -> &'static str {
        "CalDAV"
    }

    fn busy(&self, from: i64, to: i64) -> BoxFuture<'_, Result<Vec<Busy>, Error>> {
        Box::pin(async move {
            let time = |second| Timestamp::from_second(second).map_err(|error| Error::bad_request(error.to_string()));
            let (_, reading) = self.ask(time(from)?, time(to)?).await?;
            busy(&reading, from, to)
        })
    }
}

impl CaldavCalendar {
    async fn list(&self, request: &Request) -> Result<Response, Error> {
        let (from, to) = times(request)?;
        let (calendar, reading) = self.ask(from, to).await?;
        let listing = Listing { calendar, from, to, reading };
        let mut response = match Form::wanted(request.headers()) {
            Form::Page => page(&listing.calendar, ICON, listing.html()),
            Form::Json => answer("application/json", serde_json::to_vec(&listing).map_err(Error::internal)?),
        };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
        Ok(response)
    }

    /// The calendar's name, and its events that touch the time.
    ///
    /// The name is asked for first: a server answers a query for the events of a folder that is no calendar as if it had
    /// none.
    async fn ask(&self, from: Timestamp, to: Timestamp) -> Result<(String, Reading), Error> {
        let account = Account::from_settings(&self.ctx)?;
        let found = client::send(&account, "PROPFIND", "0", dav::NAME_QUERY.to_owned()).await?;
        let name = dav::calendar_name(&found)?;
        let found = client::send(&account, "REPORT", "1", dav::events_query(from, to)).await?;
        let mut reading = Reading::default();
        for object in dav::calendar_objects(&found)? {
            ical::read(&object, &account.time_zone, &mut reading);
        }
        reading.events.sort_by(|one, other| (one.start, &one.title).cmp(&(other.start, &other.title)));
        Ok((name, reading))
    }
}

/// When the calendar is busy: known only if all of it could be read.
fn busy(reading: &Reading, from: i64, to: i64) -> Result<Vec<Busy>, Error> {
    if let Some(problem) = reading.problems.first() {
        return Err(Error::new(StatusCode::BAD_GATEWAY, format!("the calendar can't be read: {problem}")));
    }
    if reading.events.iter().any(|event| event.repeats) {
        let detail = "the calendar server does not work out when a repeating event takes place";
        return Err(Error::new(StatusCode::BAD_GATEWAY, detail));
    }
    let taken = reading.events.iter().filter(|event| event.takes_time);
    let taken = taken.map(|event| Busy { from: event.start.as_second(), to: event.end.as_second() });
    Ok(Busy::merged(taken, from, to))
}

/// From when to when the request wants events.
fn times(request: &Request) -> Result<(Timestamp, Timestamp), Error> {
    let from = time(request, "from")?.unwrap_or_else(Timestamp::now);
    let to = match time(request, "to")? {
        Some(to) => to,
        None => from.checked_add(SPAN).map_err(|error| Error::bad_request(error.to_string()))?,
    };
    if to <= from {
        return Err(Error::bad_request("`to` must be after `from`"));
    }
    if from.duration_until(to) > LONGEST {
        return Err(Error::bad_request("`from` and `to` must not be more than 366 days apart"));
    }
    Ok((from, to))
}

/// The time of that name, if the request has one. A form leaves blank what nobody filled in.
fn time(request: &Request, name: &str) -> Result<Option<Timestamp>, Error> {
    let Some(written) = request.query().get(name).filter(|written| !written.is_empty()) else { return Ok(None) };
    written.parse().map(Some).map_err(|_| {
        let form = "a time with its offset, as RFC 3339 has it: `2027-03-01T12:00:00Z`";
        Error::bad_request(format!("`{name}` must be {form}, but was `{written}`"))
    })
}
