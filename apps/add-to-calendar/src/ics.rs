//! Writes an event as a calendar file: an [`Event`] in, the text of an iCalendar object (RFC 5545) out.

use jiff::Timestamp;

use crate::event::Event;

/// The longest line in octets, its line break not counted (RFC 5545, section 3.1).
const LINE: usize = 75;

/// The calendar file of the event, made at `now`.
pub(crate) fn write(event: &Event, now: Timestamp) -> String {
    let mut file = String::new();
    let mut line = |name: &str, value: &str| fold(&mut file, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Bakehouse//Add to calendar//EN");
    line("BEGIN", "VEVENT");
    line("UID", &uid(event));
    line("DTSTAMP", &utc(now));
    line("DTSTART", &utc(event.start));
    line("DTEND", &utc(event.end));
    line("SUMMARY", &escape(&event.title));
    for (name, text) in [("LOCATION", &event.location), ("DESCRIPTION", &event.description)] {
        if !text.is_empty() {
            line(name, &escape(text));
        }
    }
    line("END", "VEVENT");
    line("END", "VCALENDAR");
    file
}

/// A time as iCalendar and the links of calendar services write it: `20270301T120000Z`.
pub(crate) fn utc(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The same for the same event, so that a calendar which is given a file twice keeps one event.
fn uid(event: &Event) -> String {
    // No field holds a NUL, so different events never run together into one text.
    let Event { title, start, end, location, description } = event;
    let whole = format!("{title}\0{start}\0{end}\0{location}\0{description}");
    format!("{:032x}@add-to-calendar.bakehouse", xxhash_rust::xxh3::xxh3_128(whole.as_bytes()))
}

/// A text with the characters escaped that mean something in a value (RFC 5545, section 3.3.11).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Appends a content line, cut between characters into lines of at most [`LINE`] octets, each but the first after a space.
fn fold(file: &mut String, content: &str) {
    let mut length = 0;
    for c in content.chars() {
        if length + c.len_utf8() > LINE {
            file.push_str("\r\n ");
            length = 1;
        }
        file.push(c);
        length += c.len_utf8();
    }
    file.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(title: &str) -> Event {
        Event {
            title: title.to_owned(),
            start: "2027-03-01T12:00:00Z".parse().unwrap(),
            end: "2027-03-01T13:30:00Z".parse().unwrap(),
            location: String::new(),
            description: String::new(),
        }
    }

    fn written(event: &Event) -> String {
        write(event, "2027-02-03T04:05:06.7Z".parse().unwrap())
    }

    /// What a reader does first (RFC 5545, section 3.1): takes the folds out.
    fn unfold(file: &str) -> Vec<String> {
        let lines = file.replace("\r\n ", "").replace("\r\n\t", "");
        lines.strip_suffix("\r\n").unwrap().split("\r\n").map(str::to_owned).collect()
    }

    /// What a reader does with a text (RFC 5545, section 3.3.11).
    fn unescape(value: &str) -> String {
        let mut chars = value.chars();
        let mut text = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some('n' | 'N') => text.push('\n'),
                    Some(c @ ('\\' | ';' | ',')) => text.push(c),
                    other => panic!("`\\{other:?}` is no escape"),
                },
                ';' | ',' => panic!("a bare `{c}`"),
                _ => text.push(c),
            }
        }
        text
    }

    fn value<'l>(lines: &'l [String], name: &str) -> &'l str {
        let mut found = lines.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let value = found.next().unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(found.next(), None, "{name} appears once");
        value
    }

    #[test]
    fn writes_the_whole_object() {
        let mut event = event("Lunch");
        event.location = "Rome; Italy".to_owned();
        event.description = "Bread, wine\nand \\ more".to_owned();
        let lines = unfold(&written(&event));
        let uid = value(&lines, "UID").to_owned();
        let expected = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Bakehouse//Add to calendar//EN",
            "BEGIN:VEVENT",
            &format!("UID:{uid}"),
            "DTSTAMP:20270203T040506Z",
            "DTSTART:20270301T120000Z",
            "DTEND:20270301T133000Z",
            "SUMMARY:Lunch",
            "LOCATION:Rome\\; Italy",
            "DESCRIPTION:Bread\\, wine\\nand \\\\ more",
            "END:VEVENT",
            "END:VCALENDAR",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn any_text_comes_back_from_lines_of_75_octets() {
        let texts = ["", "é", "漢", "🥐", "a,b;c\\d\ne", "\\n", "\t x"].map(|unit| unit.repeat(300));
        for padding in 0..4 {
            for text in &texts {
                let title = format!("{}{text}", "x".repeat(padding));
                let file = written(&event(&title));
                for line in file.split_terminator("\r\n") {
                    assert!(line.len() <= LINE, "{} octets: {line}", line.len());
                    assert!(!line.contains(['\r', '\n']), "a bare line break: {line:?}");
                }
                assert_eq!(unescape(value(&unfold(&file), "SUMMARY")), title);
            }
        }
    }

    #[test]
    fn a_line_of_75_octets_is_not_folded_and_one_of_76_is() {
        let summary = |octets: usize| written(&event(&"x".repeat(octets - "SUMMARY:".len())));
        assert!(!summary(75).contains("\r\n "));
        assert!(summary(76).contains("\r\n x\r\n"));
    }

    #[test]
    fn the_uid_is_the_events_own() {
        let uid = |event: &Event| value(&unfold(&written(event)), "UID").to_owned();
        let lunch = event("Lunch");
        let mut moved = lunch.clone();
        moved.location = "Rome".to_owned();
        let mut told = lunch.clone();
        told.description = "Rome".to_owned();
        assert_eq!(uid(&lunch), uid(&lunch.clone()));
        assert_ne!(uid(&lunch), uid(&event("Dinner")));
        assert_ne!(uid(&lunch), uid(&moved));
        assert_ne!(uid(&moved), uid(&told));
    }

    #[test]
    fn years_have_four_digits() {
        assert_eq!(utc("0001-01-01T00:00:00Z".parse().unwrap()), "00010101T000000Z");
    }
}
