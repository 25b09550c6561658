//! The store's app that finds when several calendars are free.
//!
//! `/free-slots/list` takes `from`, `to`, `minutes` and any number of `calendar`, asks these apps through one interface, and
//! lists the slots in which none of them is busy.

mod slots;

use bakehouse_sdk::{
    App, BoxError, Context, Error, Request, RequestExt, Response, Uses,
    http::{HeaderValue, StatusCode, header::CACHE_CONTROL},
    interfaces::{Busy, Calendar},
    page::{answer, page},
};
use jiff::Timestamp;
use serde_json::json;

use crate::slots::{Wanted, free};

/// The apps that are calendars, as the manifest has them.
const CALENDARS: [&str; 2] = ["google-calendar", "caldav-calendar"];

/// The app: the ways to its calendars.
#[derive(Debug)]
pub struct FreeSlots {
    calendars: Vec<Source>,
}

/// A calendar that may be asked.
#[derive(Debug)]
struct Source {
    slug: &'static str,
    calendar: Uses<dyn Calendar>,
}

/// Makes the app. No calendar loads before one is asked.
///
/// # Errors
///
/// If the manifest does not say that it uses one of the calendars.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(ctx: &Context) -> Result<FreeSlots, BoxError> {
    let calendars = CALENDARS.map(|slug| Ok(Source { slug, calendar: ctx.uses(slug)? }));
    Ok(FreeSlots { calendars: calendars.into_iter().collect::<Result<_, BoxError>>()? })
}

impl App for FreeSlots {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match request.pattern() {
            Some("/free-slots/list") => self.list(&request).await,
            _ => Ok(page("Free slots", "/app-assets/free-slots/icon.svg", include_str!("home.html"))),
        }
    }
}

impl FreeSlots {
    async fn list(&self, request: &Request) -> Result<Response, Error> {
        let wanted = Wanted::from_query(|name| request.query().get(name)).map_err(Error::bad_request)?;
        let mut busy = Vec::new();
        let asked = self.chosen(request)?;
        for source in &asked {
            busy.extend(source.ask(&wanted).await?);
        }
        let busy = Busy::merged(busy, wanted.from, wanted.to);
        let slots = free(&wanted, &busy);
        let time = |second| Timestamp::from_second(second).map(|time| time.to_string()).map_err(Error::internal);
        let slots = slots.map(|slot| Ok(json!({ "from": time(slot.from)?, "to": time(slot.to)? })));
        let slots = slots.collect::<Result<Vec<_>, Error>>()?;
        let calendars: Vec<&str> = asked.iter().map(|source| source.slug).collect();
        let mut response = answer("application/json", json!({ "calendars": calendars, "slots": slots }).to_string());
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }

    /// The calendars that the request names, each once; all if it names none. A form leaves blank what nobody filled in.
    fn chosen(&self, request: &Request) -> Result<Vec<&Source>, Error> {
        let query = request.query();
        let names: Vec<_> =
            query.filter(|(key, name)| key == "calendar" && !name.is_empty()).map(|pair| pair.1).collect();
        if let Some(unknown) = names.iter().find(|name| !CALENDARS.contains(&&***name)) {
            let known = CALENDARS.map(|slug| format!("`{slug}`")).join(" and ");
            return Err(Error::bad_request(format!("no calendar is called `{unknown}`: there are {known}")));
        }
        let is_chosen = |slug: &str| names.is_empty() || names.iter().any(|name| name == slug);
        Ok(self.calendars.iter().filter(|source| is_chosen(source.slug)).collect())
    }
}

impl Source {
    /// When it is busy. What keeps it from telling becomes the answer, with its name before it.
    async fn ask(&self, wanted: &Wanted) -> Result<Vec<Busy>, Error> {
        let told = match self.calendar.get().await {
            Ok(calendar) => calendar.busy(wanted.from, wanted.to).await,
            Err(error) => Err(error.into()),
        };
        told.map_err(|error| {
            let status = if error.status().is_server_error() { error.status() } else { StatusCode::BAD_GATEWAY };
            let why = if error.detail().is_empty() { error.title() } else { error.detail() };
            Error::new(status, format!("`{}` can't be asked: {why}", self.slug)).with_source(error)
        })
    }
}
