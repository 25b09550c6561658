//! The store's app for adding an event to a calendar.
//!
//! `/add-to-calendar/event.ics` answers a calendar file (RFC 5545), `/add-to-calendar/links` a page of links that add the
//! event to other calendars, `/add-to-calendar/links.json` the same links as JSON. All take `title`, `start` and `end`,
//! and may be given `location` and `description`.

mod event;
mod ics;
mod links;

use bakehouse_sdk::{
    App, BoxError, Context, Error, Request, RequestExt, Response,
    http::{
        self,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    page::{answer, page},
};
use jiff::Timestamp;

use crate::{event::Event, links::Links};

/// The app's picture.
const ICON: &str = "/app-assets/add-to-calendar/icon.svg";

/// The app. It keeps nothing.
#[derive(Debug)]
pub struct AddToCalendar;

/// Makes the app.
#[expect(clippy::unused_async, reason = "a constructor is async, also where it awaits nothing")]
pub async fn app(_ctx: &Context) -> Result<AddToCalendar, BoxError> {
    Ok(AddToCalendar)
}

impl App for AddToCalendar {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match request.pattern() {
            Some("/add-to-calendar/event.ics") => file(&event(&request)?),
            Some("/add-to-calendar/links") => Ok(links(&event(&request)?)),
            Some("/add-to-calendar/links.json") => json(&event(&request)?),
            _ => Ok(page("Add to calendar", ICON, include_str!("home.html"))),
        }
    }
}

fn event(request: &Request) -> Result<Event, Error> {
    let query = request.query();
    Event::from_query(|name| query.get(name)).map_err(Error::bad_request)
}

fn file(event: &Event) -> Result<Response, Error> {
    let file = http::Response::builder()
        .header(CONTENT_TYPE, "text/calendar; charset=utf-8")
        .header(CONTENT_DISPOSITION, "attachment; filename=\"event.ics\"");
    Ok(file.body(ics::write(event, Timestamp::now()).into())?)
}

fn links(event: &Event) -> Response {
    Links::new(event).page(event)
}

fn json(event: &Event) -> Result<Response, Error> {
    let links = serde_json::to_vec(&Links::new(event)).map_err(Error::internal)?;
    Ok(answer("application/json", links))
}

#[cfg(test)]
mod tests {
    use bakehouse_sdk::{http::StatusCode, testing};

    use super::*;

    const LUNCH: &str = "title=Brot+%26+Wein&start=2027-03-01T12:00:00Z&end=2027-03-01T15:00:00%2B01:00&location=Rome";

    async fn get(path: &'static str, query: &str) -> Result<Response, Error> {
        let app = app(&Context::for_tests("add-to-calendar")).await.unwrap();
        app.handle(testing::routed(path, "GET", &format!("{path}?{query}"))).await
    }

    fn body(response: &Response) -> &str {
        str::from_utf8(response.body().as_bytes().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn answers_a_calendar_file() {
        let file = get("/add-to-calendar/event.ics", LUNCH).await.unwrap();
        assert_eq!(file.status(), StatusCode::OK);
        assert_eq!(file.headers()[CONTENT_TYPE], "text/calendar; charset=utf-8");
        assert_eq!(file.headers()[CONTENT_DISPOSITION], "attachment; filename=\"event.ics\"");
        let lines: Vec<_> = body(&file).split("\r\n").collect();
        for line in ["SUMMARY:Brot & Wein", "DTSTART:20270301T120000Z", "DTEND:20270301T140000Z", "LOCATION:Rome"] {
            assert!(lines.contains(&line), "{line} in {lines:?}");
        }
    }

    #[tokio::test]
    async fn answers_links_for_people_and_for_programs() {
        let page = get("/add-to-calendar/links", LUNCH).await.unwrap();
        assert_eq!(page.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(body(&page).contains("Brot &amp; Wein</h1>"));
        let json = get("/add-to-calendar/links.json", LUNCH).await.unwrap();
        assert_eq!(json.headers()[CONTENT_TYPE], "application/json");
        let links: serde_json::Value = serde_json::from_str(body(&json)).unwrap();
        let mut names: Vec<_> = links.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["google", "ics", "office365", "outlook"]);
    }

    #[tokio::test]
    async fn the_link_to_the_file_leads_to_the_same_event() {
        let json = get("/add-to-calendar/links.json", LUNCH).await.unwrap();
        let links: serde_json::Value = serde_json::from_str(body(&json)).unwrap();
        let (path, query) = links["ics"].as_str().unwrap().split_once('?').unwrap();
        assert_eq!(path, "/add-to-calendar/event.ics");
        let events = [LUNCH, query].map(|query| event(&testing::request("GET", &format!("/?{query}"))).unwrap());
        assert_eq!(events[0], events[1]);
    }

    #[tokio::test]
    async fn every_route_for_events_wants_a_whole_one() {
        for path in ["/add-to-calendar/event.ics", "/add-to-calendar/links", "/add-to-calendar/links.json"] {
            let error = get(path, "title=Lunch&start=2027-03-01T12:00:00Z").await.unwrap_err();
            assert_eq!(error.status(), StatusCode::BAD_REQUEST);
            assert!(error.detail().starts_with("`end` is missing"), "{}", error.detail());
        }
    }

    #[tokio::test]
    async fn its_other_routes_show_the_page() {
        let page = get("/add-to-calendar", "").await.unwrap();
        assert!(body(&page).contains("action=\"/add-to-calendar/links\""));
    }
}
