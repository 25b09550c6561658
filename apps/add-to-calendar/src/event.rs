//! An event as a request describes it: query parameters in, a checked [`Event`] out.

use std::borrow::Cow;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit, tz::TimeZone};

/// What somebody wants in a calendar. Every text is free of control characters but for tabs and, as `\n`, line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// What the calendar shows. Never blank.
    pub(crate) title: String,
    /// A whole second in a year from 1 to 9999.
    pub(crate) start: Timestamp,
    /// As `start`, and later than it.
    pub(crate) end: Timestamp,
    /// Where it takes place; blank for nowhere in particular.
    pub(crate) location: String,
    /// More about it; blank for nothing more.
    pub(crate) description: String,
}

impl Event {
    /// The event that the query describes.
    ///
    /// # Errors
    /// A sentence for the client that names the parameter which is missing or wrong.
    pub(crate) fn from_query<'q>(param: impl Fn(&str) -> Option<Cow<'q, str>>) -> Result<Self, String> {
        let title = text(&param, "title")?;
        if title.trim().is_empty() {
            return Err("`title` is missing: say what the event is called".to_owned());
        }
        let (start, end) = (time(&param, "start")?, time(&param, "end")?);
        if end <= start {
            return Err("`end` must be at least a second after `start`".to_owned());
        }
        Ok(Self { title, start, end, location: text(&param, "location")?, description: text(&param, "description")? })
    }
}

/// A text with its line breaks as `\n`; blank if it is not there.
fn text<'q>(param: impl Fn(&str) -> Option<Cow<'q, str>>, name: &str) -> Result<String, String> {
    let text = param(name).unwrap_or_default().replace("\r\n", "\n").replace('\r', "\n");
    match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        Some(found) => Err(format!("`{name}` must not hold the control character U+{:04X}", u32::from(found))),
        None => Ok(text),
    }
}

/// A point in time, cut to the second, the smallest unit that a calendar file has.
fn time<'q>(param: impl Fn(&str) -> Option<Cow<'q, str>>, name: &str) -> Result<Timestamp, String> {
    const FORM: &str =
        "a time with its offset, as RFC 3339 has it: `2027-03-01T12:00:00Z` or `2027-03-01T13:00:00%2B01:00`";
    let written = param(name).ok_or_else(|| format!("`{name}` is missing: it must be {FORM}"))?;
    let wrong = || format!("`{name}` must be {FORM}, but was `{written}`");
    let time = written.parse::<Timestamp>().map_err(|_| wrong())?;
    let seconds = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
    let whole = time.round(seconds).map_err(|_| wrong())?;
    match whole.to_zoned(TimeZone::UTC).year() {
        1..=9999 => Ok(whole),
        _ => Err(format!("`{name}` must be in a year from 1 to 9999, but was `{written}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LUNCH: [(&str, &str); 3] =
        [("title", "Lunch"), ("start", "2027-03-01T12:00:00Z"), ("end", "2027-03-01T13:00:00+00:00")];

    /// The event of lunch with some parameters set otherwise; an empty value takes the parameter away.
    fn lunch_but(changes: &[(&str, &str)]) -> Result<Event, String> {
        let find =
            |pairs: &[(&str, &str)], name: &str| pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1.to_owned());
        let query = |name: &str| find(changes, name).or_else(|| find(&LUNCH, name));
        Event::from_query(|name| query(name).filter(|value| !value.is_empty()).map(Cow::Owned))
    }

    #[test]
    fn reads_times_of_any_offset() {
        let event = lunch_but(&[("start", "2027-03-01T14:00:00.9+02:00")]).unwrap();
        assert_eq!(event.start.to_string(), "2027-03-01T12:00:00Z");
        assert_eq!(event, lunch_but(&[]).unwrap());
    }

    #[test]
    fn makes_line_breaks_one_kind() {
        let event = lunch_but(&[("description", "a\r\nb\rc\nd")]).unwrap();
        assert_eq!(event.description, "a\nb\nc\nd");
    }

    #[test]
    fn names_the_parameter_that_is_wrong() {
        let cases = [
            (&[("title", "")][..], "`title` is missing"),
            (&[("title", " \n")], "`title` is missing"),
            (&[("title", "a\u{7}")], "`title` must not hold the control character U+0007"),
            (&[("location", "a\u{9f}")], "`location` must not hold the control character U+009F"),
            (&[("start", "")], "`start` is missing"),
            (&[("start", "tomorrow")], "`start` must be a time with its offset"),
            (&[("start", "2027-03-01T12:00:00")], "`start` must be a time with its offset"),
            (&[("start", "2027-03-01T12:00:00 01:00")], "`start` must be a time with its offset"),
            (&[("start", "0000-03-01T12:00:00Z")], "`start` must be in a year from 1 to 9999"),
            (&[("start", "-009999-01-02T01:59:59Z")], "`start` must be in a year from 1 to 9999"),
            (&[("end", "2027-02-30T12:00:00Z")], "`end` must be a time with its offset"),
            (&[("end", "2027-03-01T12:00:00Z")], "`end` must be at least a second after `start`"),
            (&[("start", "2027-03-01T13:00:00.1Z"), ("end", "2027-03-01T13:00:00.9Z")], "`end` must be at least"),
        ];
        for (changes, expected) in cases {
            let error = lunch_but(changes).unwrap_err();
            assert!(error.starts_with(expected), "{changes:?}: {error}");
        }
    }
}
