//! Links that add an event to a calendar: an [`Event`] in, addresses and a page or JSON of them out.

use std::fmt::Write as _;

use bakehouse_sdk::{
    Response,
    page::{Escaped, page},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{event::Event, ics};

/// What a query value has to escape: everything but RFC 3986's unreserved characters. Outlook shows a `+` as it is, so
/// a space has to be `%20`.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where an event can be added, by name.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Links {
    google: String,
    outlook: String,
    office365: String,
    ics: String,
}

impl Links {
    /// The links for the event; the calendar file's is relative to the host.
    pub(crate) fn new(event: &Event) -> Self {
        Self {
            google: google(event),
            outlook: outlook("https://outlook.live.com", event),
            office365: outlook("https://outlook.office.com", event),
            ics: file(event),
        }
    }

    /// The links as a page for people.
    pub(crate) fn page(&self, event: &Event) -> Response {
        let links = [
            ("Google Calendar", &self.google),
            ("Outlook.com", &self.outlook),
            ("Microsoft 365", &self.office365),
            ("Calendar file (.ics)", &self.ics),
        ];
        let items = links.iter().fold(String::new(), |mut items, (name, href)| {
            let _ = writeln!(items, "  <li><a href=\"{}\">{name}</a></li>", Escaped(href));
            items
        });
        let Event { title, start, end, .. } = event;
        page(title, crate::ICON, format_args!("<p>{start} to {end}</p>\n<ul>\n{items}</ul>\n"))
    }
}

fn google(event: &Event) -> String {
    let dates = format!("{}/{}", ics::utc(event.start), ics::utc(event.end));
    let address = "https://calendar.google.com/calendar/render?action=TEMPLATE".to_owned();
    with_query(
        address,
        &[("text", &event.title), ("dates", &dates), ("location", &event.location), ("details", &event.description)],
    )
}

fn outlook(origin: &str, event: &Event) -> String {
    let address = format!("{origin}/calendar/0/deeplink/compose?path=/calendar/action/compose&rru=addevent");
    with_query(
        address,
        &[
            ("subject", &event.title),
            ("startdt", &event.start.to_string()),
            ("enddt", &event.end.to_string()),
            ("location", &event.location),
            ("body", &event.description),
        ],
    )
}

fn file(event: &Event) -> String {
    let address = "/add-to-calendar/event.ics".to_owned();
    with_query(
        address,
        &[
            ("title", &event.title),
            ("start", &event.start.to_string()),
            ("end", &event.end.to_string()),
            ("location", &event.location),
            ("description", &event.description),
        ],
    )
}

/// The address with those of the pairs that have a value.
fn with_query(mut address: String, pairs: &[(&str, &str)]) -> String {
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        let separator = if address.contains('?') { '&' } else { '?' };
        let _ = write!(address, "{separator}{name}={}", utf8_percent_encode(value, VALUE));
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        Event {
            title: "Brot & <Wein>".to_owned(),
            start: "2027-03-01T12:00:00Z".parse().unwrap(),
            end: "2027-03-01T13:30:00Z".parse().unwrap(),
            location: "Café 1+1".to_owned(),
            description: String::new(),
        }
    }

    #[test]
    fn links_carry_the_event() {
        let links = Links::new(&event());
        assert_eq!(
            links.google,
            "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Brot%20%26%20%3CWein%3E\
             &dates=20270301T120000Z%2F20270301T133000Z&location=Caf%C3%A9%201%2B1"
        );
        assert_eq!(
            links.outlook,
            "https://outlook.live.com/calendar/0/deeplink/compose?path=/calendar/action/compose&rru=addevent\
             &subject=Brot%20%26%20%3CWein%3E&startdt=2027-03-01T12%3A00%3A00Z&enddt=2027-03-01T13%3A30%3A00Z\
             &location=Caf%C3%A9%201%2B1"
        );
        assert_eq!(links.office365, links.outlook.replace("live.com", "office.com"));
        assert_eq!(
            links.ics,
            "/add-to-calendar/event.ics?title=Brot%20%26%20%3CWein%3E&start=2027-03-01T12%3A00%3A00Z\
             &end=2027-03-01T13%3A30%3A00Z&location=Caf%C3%A9%201%2B1"
        );
    }

    #[test]
    fn the_page_shows_texts_as_texts() {
        let response = Links::new(&event()).page(&event());
        let page = str::from_utf8(response.body().as_bytes().unwrap()).unwrap();
        assert!(page.contains("Brot &amp; &lt;Wein&gt;</h1>"), "{page}");
        assert!(page.contains("action=TEMPLATE&amp;text="), "{page}");
        assert_eq!(page.matches("<a href=").count(), 4);
    }
}
