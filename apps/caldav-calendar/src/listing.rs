//! The events as a client gets them: a [`Listing`] in, JSON or HTML out.

use std::fmt::Write as _;

use bakehouse_sdk::page::Escaped;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use crate::event::{Event, Reading};

/// A calendar's events between two points in time.
#[derive(Debug, Serialize)]
pub(crate) struct Listing {
    /// What the calendar is called.
    pub(crate) calendar: String,
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    #[serde(flatten)]
    pub(crate) reading: Reading,
}

impl Listing {
    /// The listing as HTML, with times in UTC.
    pub(crate) fn html(&self) -> String {
        let Self { from, to, reading: Reading { events, problems }, .. } = self;
        let mut html = format!("<p class=\"soft\">{} to {}</p>\n<ul class=\"list\">\n", minute(*from), minute(*to));
        html.extend(events.iter().map(item));
        html.push_str("</ul>\n");
        if events.is_empty() {
            html.push_str("<p>Nothing takes place in that time.</p>\n");
        }
        // Writing into a string can't fail.
        for problem in problems {
            let _ = writeln!(html, "<p>Left out: {}.</p>", Escaped(problem));
        }
        html
    }
}

fn item(event: &Event) -> String {
    let title = if event.title.is_empty() { "Without a title" } else { &event.title };
    let mut item =
        format!("<li><strong>{}</strong><br>{} to {}", Escaped(title), minute(event.start), minute(event.end));
    if !event.location.is_empty() {
        let _ = write!(item, "<br>{}", Escaped(&event.location));
    }
    if event.repeats {
        item.push_str("<br><span class=\"soft\">It repeats; the server does not say when.</span>");
    }
    item.push_str("</li>\n");
    item
}

fn minute(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string()
}
