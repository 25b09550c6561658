//! Reads events: the text of an iCalendar object (RFC 5545) in, [`Event`]s out. Of an event it reads what is shown.

use std::collections::HashMap;

use jiff::{Span, Timestamp, Zoned, civil, tz::TimeZone};

use crate::event::{Event, Reading};

/// How deep components are nested before the object is given up: an alarm in an event in a calendar makes three.
const DEPTH: usize = 8;

/// Adds the events of the object to what was read. Times without a zone, and whole days, are those of `zone`.
pub(crate) fn read(text: &str, zone: &TimeZone, reading: &mut Reading) {
    for properties in events(text) {
        match event(&properties, zone) {
            Ok(event) => reading.events.push(event),
            Err(problem) => reading.problems.push(problem),
        }
    }
}

/// A line of an object: `DTSTART;TZID=Europe/Rome:20270301T130000`.
#[derive(Debug, PartialEq, Eq)]
struct Property {
    /// The time zone's name, if the line has one.
    zone: Option<String>,
    value: String,
}

/// The properties of an event by their names in upper case; of two of a name, the first counts.
type Properties = HashMap<String, Property>;

/// The properties of each event, without those of what is nested in it, such as alarms.
fn events(text: &str) -> Vec<Properties> {
    let mut events: Vec<Properties> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for (name, property) in unfold(text).iter().filter_map(|line| split(line)) {
        match name.as_str() {
            "BEGIN" if open.len() == DEPTH => return events,
            "BEGIN" => {
                open.push(property.value.to_ascii_uppercase());
                if is_event(&open) {
                    events.push(Properties::new());
                }
            }
            "END" => drop(open.pop()),
            _ if is_event(&open) => {
                if let Some(event) = events.last_mut() {
                    event.entry(name).or_insert(property);
                }
            }
            _ => {}
        }
    }
    events
}

fn is_event(open: &[String]) -> bool {
    open.last().is_some_and(|component| component == "VEVENT")
}

/// The content lines, put together again where they were folded (RFC 5545, section 3.1).
fn unfold(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// A content line's name and the rest of it.
fn split(line: &str) -> Option<(String, Property)> {
    let mut quoted = false;
    // A parameter's value may have colons and semicolons between quotation marks.
    let mut is_bare = |c: char, wanted: char| {
        quoted ^= c == '"';
        c == wanted && !quoted
    };
    let (head, value) = line.split_at(line.find(|c| is_bare(c, ':'))?);
    let mut parts = head.split(|c| is_bare(c, ';'));
    let name = parts.next()?.to_ascii_uppercase();
    let zone = parts.filter_map(|param| param.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("TZID"));
    let zone = zone.map(|(_, zone)| zone.trim_matches('"').to_owned());
    Some((name, Property { zone, value: value.strip_prefix(':')?.to_owned() }))
}

/// The event that has these properties.
///
/// # Errors
/// A sentence on the time that can't be read.
fn event(properties: &Properties, zone: &TimeZone) -> Result<Event, String> {
    let text = |name| properties.get(name).map(|property| unescape(&property.value)).unwrap_or_default();
    let is = |name, value: &str| properties.get(name).is_some_and(|found| found.value.eq_ignore_ascii_case(value));
    let title = text("SUMMARY");
    let start = properties.get("DTSTART").ok_or_else(|| format!("event `{title}` has no start"))?;
    let unreadable = |what: &str| format!("the {what} of event `{title}` can't be read");
    let whole_days = start.value.len() == DAY;
    let start = time(start, zone).ok_or_else(|| unreadable("start"))?;
    let end = end(properties, &start, whole_days, zone).ok_or_else(|| unreadable("end"))?;
    Ok(Event {
        start: start.timestamp(),
        end: end.max(start.timestamp()),
        whole_days,
        location: text("LOCATION"),
        takes_time: !is("STATUS", "CANCELLED") && !is("TRANSP", "TRANSPARENT"),
        repeats: properties.contains_key("RRULE") || properties.contains_key("RDATE"),
        title,
    })
}

/// When the event ends: said so, or by how long it takes, or a day or a moment after its start (RFC 5545, section 3.6.1).
fn end(properties: &Properties, start: &Zoned, whole_days: bool, zone: &TimeZone) -> Option<Timestamp> {
    if let Some(end) = properties.get("DTEND") {
        return Some(time(end, zone)?.timestamp());
    }
    let span = match properties.get("DURATION") {
        Some(duration) => duration.value.parse::<Span>().ok()?,
        None => Span::new().days(i64::from(whole_days)),
    };
    Some(start.checked_add(span).ok()?.timestamp())
}

/// How many characters a day has: `20270301`.
const DAY: usize = 8;

/// How many characters a time has: `20270301T130000`; in UTC there is a `Z` behind it.
const TIME: usize = 15;

/// The time of a property, in the zone that it is written in.
fn time(property: &Property, zone: &TimeZone) -> Option<Zoned> {
    let value = property.value.as_str();
    if value.len() == DAY {
        return value.parse::<civil::Date>().ok()?.to_zoned(zone.clone()).ok();
    }
    let (local, zone) = match (value.strip_suffix('Z'), &property.zone) {
        (Some(local), _) => (local, TimeZone::UTC),
        (None, Some(name)) => (value, TimeZone::get(name).ok()?),
        (None, None) => (value, zone.clone()),
    };
    let local = if local.len() == TIME { local.parse::<civil::DateTime>().ok()? } else { return None };
    local.to_zoned(zone).ok()
}

/// A text without its escapes (RFC 5545, section 3.3.11).
fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, chars.as_str().chars().next()) {
            ('\\', Some(escaped)) => {
                text.push(if matches!(escaped, 'n' | 'N') { '\n' } else { escaped });
                chars.next();
            }
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const LUNCH: [&str; 4] = ["UID:1", "SUMMARY:Lunch", "DTSTART:20270301T120000Z", "DTEND:20270301T130000Z"];

    fn read_all(lines: &[&str]) -> Reading {
        let mut reading = Reading::default();
        read(&lines.join("\r\n"), &TimeZone::get("Europe/Rome").unwrap(), &mut reading);
        reading
    }

    /// The one event that has these lines.
    fn read_one(lines: &[&str]) -> Result<Event, String> {
        let lines = [&["BEGIN:VCALENDAR", "BEGIN:VEVENT"], lines, &["END:VEVENT", "END:VCALENDAR", ""]].concat();
        let Reading { mut events, mut problems } = read_all(&lines);
        match (events.pop(), problems.pop()) {
            (Some(event), None) => Ok(event),
            (None, Some(problem)) => Err(problem),
            other => panic!("one event or one problem: {other:?}"),
        }
    }

    fn times(lines: &[&str]) -> Result<String, String> {
        read_one(&[&["SUMMARY:x"], lines].concat()).map(|event| format!("{} {}", event.start, event.end))
    }

    #[test]
    fn reads_what_is_shown() {
        let event = read_one(&LUNCH).unwrap();
        let expected = Event {
            title: "Lunch".to_owned(),
            start: "2027-03-01T12:00:00Z".parse().unwrap(),
            end: "2027-03-01T13:00:00Z".parse().unwrap(),
            whole_days: false,
            location: String::new(),
            takes_time: true,
            repeats: false,
        };
        assert_eq!(event, expected);
    }

    #[test]
    fn a_line_may_be_folded_anywhere_and_text_escaped() {
        let folded = ["SUM", " MARY;LANGUAGE=\"a:b;c\":Brot\\, We", "\tin\\nund \\; \\\\n", "DTSTART:20270301T120000Z"];
        assert_eq!(read_one(&folded).unwrap().title, "Brot, Wein\nund ; \\n");
    }

    #[test]
    fn times_are_in_their_zones() {
        let cases = [
            (&["DTSTART:20270301T120000Z", "DTEND:20270301T130000Z"][..], "2027-03-01T12:00:00Z 2027-03-01T13:00:00Z"),
            (
                &["DTSTART;TZID=America/New_York:20270301T120000", "DTEND;TZID=\"Europe/Rome\":20270301T200000"],
                "2027-03-01T17:00:00Z 2027-03-01T19:00:00Z",
            ),
            (&["DTSTART:20270301T120000", "DURATION:PT1H30M"], "2027-03-01T11:00:00Z 2027-03-01T12:30:00Z"),
            (&["DTSTART:20270301T120000Z", "DURATION:P1W"], "2027-03-01T12:00:00Z 2027-03-08T12:00:00Z"),
            (&["DTSTART:20270301T120000Z"], "2027-03-01T12:00:00Z 2027-03-01T12:00:00Z"),
            // The day on which the clocks change has 23 hours.
            (&["DTSTART;VALUE=DATE:20270328"], "2027-03-27T23:00:00Z 2027-03-28T22:00:00Z"),
            (
                &["DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270303"],
                "2027-02-28T23:00:00Z 2027-03-02T23:00:00Z",
            ),
            // An end before the start is none.
            (&["DTSTART:20270301T120000Z", "DTEND:20270301T110000Z"], "2027-03-01T12:00:00Z 2027-03-01T12:00:00Z"),
        ];
        for (lines, expected) in cases {
            assert_eq!(times(lines).unwrap(), expected, "{lines:?}");
        }
    }

    #[test]
    fn an_event_without_a_readable_time_is_a_problem() {
        let cases = [
            (&[][..], "event `x` has no start"),
            (&["DTSTART;TZID=Middle/Earth:20270301T120000"], "the start of event `x` can't be read"),
            (&["DTSTART:20270229T120000Z"], "the start of event `x` can't be read"),
            (&["DTSTART:2027-03-01T12:00"], "the start of event `x` can't be read"),
            (&["DTSTART:soon"], "the start of event `x` can't be read"),
            (&["DTSTART:20270301T120000Z", "DTEND:later"], "the end of event `x` can't be read"),
            (&["DTSTART:20270301T120000Z", "DURATION:long"], "the end of event `x` can't be read"),
            (&["DTSTART:20270301T120000Z", "DURATION:P999999W"], "the end of event `x` can't be read"),
        ];
        for (lines, expected) in cases {
            let problem = times(lines).unwrap_err();
            assert_eq!(problem, expected, "{lines:?}");
        }
    }

    #[test]
    fn free_and_repeating_events_are_told_apart() {
        let with = |line: &'static str| read_one(&[&LUNCH[..], &[line]].concat()).unwrap();
        for (line, takes_time, repeats) in [
            ("STATUS:CONFIRMED", true, false),
            ("STATUS:CANCELLED", false, false),
            ("TRANSP:transparent", false, false),
            ("rrule:FREQ=DAILY", true, true),
            ("RDATE:20270302T120000Z", true, true),
        ] {
            assert_eq!((with(line).takes_time, with(line).repeats), (takes_time, repeats), "{line}");
        }
    }

    #[test]
    fn alarms_zones_and_tasks_are_no_events() {
        let mut lines = vec!["BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", "DTSTART:19700101T000000", "END:VTIMEZONE"];
        lines.extend(["BEGIN:VTODO", "SUMMARY:Task", "END:VTODO", "BEGIN:VEVENT", "BEGIN:VALARM", "SUMMARY:Beep"]);
        lines.extend(["END:VALARM"].into_iter().chain(LUNCH).chain(["END:VEVENT", "END:VCALENDAR"]));
        let reading = read_all(&lines);
        assert_eq!(reading.events.iter().map(|event| event.title.as_str()).collect::<Vec<_>>(), ["Lunch"]);
        assert_eq!(reading.problems, [""; 0]);
    }

    #[test]
    fn what_is_no_object_has_no_events() {
        let deep = "BEGIN:VEVENT\n".repeat(100_000);
        for text in ["", ":", "END:VEVENT", "\r\n \r\n", "SUMMARY:x", "BEGIN", "\u{1F950};;;:::"] {
            assert_eq!(read_all(&[text]), Reading::default(), "{text}");
        }
        assert_eq!(read_all(&[&deep]).events, []);
    }
}
