//! What is asked of the server and read of its answers: WebDAV's XML (RFC 4918) as far as CalDAV needs it here.

use bakehouse_sdk::{Error, http::StatusCode};
use jiff::Timestamp;
use roxmltree::{Document, Node, ParsingOptions};

use crate::client::nonsense;

const DAV: &str = "DAV:";
const CALDAV: &str = "urn:ietf:params:xml:ns:caldav";

/// How many parts an answer's XML may have: more than any fits into an answer's limit with events in it.
const NODES: u32 = 200_000;

/// Asks what the calendar is called, and whether it is one.
pub(crate) const NAME_QUERY: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
    <propfind xmlns=\"DAV:\"><prop><displayname/><resourcetype/></prop></propfind>";

/// Asks for the events that touch a time, each repetition as an event of its own (RFC 4791, section 7.8.3).
pub(crate) fn events_query(from: Timestamp, to: Timestamp) -> String {
    let utc = |time: Timestamp| time.strftime("%Y%m%dT%H%M%SZ").to_string();
    let range = format!("start=\"{}\" end=\"{}\"", utc(from), utc(to));
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <C:calendar-query xmlns=\"{DAV}\" xmlns:C=\"{CALDAV}\">\
         <prop><C:calendar-data><C:expand {range}/></C:calendar-data></prop>\
         <C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:time-range {range}/>\
         </C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
    )
}

/// What the calendar is called; `Calendar` if it has no name.
///
/// # Errors
/// 502 if the answer is no answer to [`NAME_QUERY`], or tells of something that is not a calendar.
pub(crate) fn calendar_name(text: &str) -> Result<String, Error> {
    let document = parse(text)?;
    let props: Vec<Node<'_, '_>> = props(&document).collect();
    let is_calendar = |prop: &Node<'_, '_>| prop.descendants().any(|node| node.has_tag_name((CALDAV, "calendar")));
    if !props.iter().any(is_calendar) {
        let detail = "what is at the configured address is not a calendar: it may be the folder that it is in";
        return Err(Error::new(StatusCode::BAD_GATEWAY, detail));
    }
    let mut names = props.iter().filter_map(|prop| child(*prop, DAV, "displayname")?.text()).map(str::trim);
    Ok(names.find(|name| !name.is_empty()).unwrap_or("Calendar").to_owned())
}

/// The iCalendar objects of the answer to [`events_query`].
///
/// # Errors
/// 502 if it is no such answer.
pub(crate) fn calendar_objects(text: &str) -> Result<Vec<String>, Error> {
    let document = parse(text)?;
    let data = props(&document).filter_map(|prop| child(prop, CALDAV, "calendar-data"));
    // A text may be cut into several nodes.
    Ok(data.map(|data| data.children().filter_map(|node| node.text()).collect()).collect())
}

fn parse(text: &str) -> Result<Document<'_>, Error> {
    let options = ParsingOptions { nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options);
    let document = document.map_err(|error| nonsense("something that is not XML").with_source(error))?;
    if !document.root_element().has_tag_name((DAV, "multistatus")) {
        return Err(nonsense("XML that is not WebDAV's"));
    }
    Ok(document)
}

/// The properties that the server has: those that it has not come with a status of their own.
fn props<'d>(document: &'d Document<'d>) -> impl Iterator<Item = Node<'d, 'd>> {
    let found = document.descendants().filter(|node| node.has_tag_name((DAV, "propstat")));
    let found = found.filter(|propstat| {
        let status = child(*propstat, DAV, "status").and_then(|status| status.text());
        status.is_some_and(|status| status.split(' ').nth(1) == Some("200"))
    });
    found.filter_map(|propstat| child(propstat, DAV, "prop"))
}

fn child<'d>(node: Node<'d, 'd>, namespace: &str, name: &str) -> Option<Node<'d, 'd>> {
    node.children().find(|child| child.has_tag_name((namespace, name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn multistatus(status: &str, prop: &str) -> String {
        format!(
            "<?xml version='1.0'?><x:multistatus xmlns:x='DAV:' xmlns:C='{CALDAV}'><x:response><x:href>/a/</x:href>\
             <x:propstat><x:prop>{prop}</x:prop><x:status>HTTP/1.1 {status}</x:status></x:propstat>\
             </x:response></x:multistatus>"
        )
    }

    #[test]
    fn a_calendar_has_a_name() {
        let kind = "<x:resourcetype><x:collection/><C:calendar/></x:resourcetype>";
        for (name, expected) in [
            ("<x:displayname> Work &amp; Play </x:displayname>", "Work & Play"),
            ("<x:displayname/>", "Calendar"),
            ("", "Calendar"),
        ] {
            assert_eq!(calendar_name(&multistatus("200 OK", &format!("{name}{kind}"))).unwrap(), expected);
        }
    }

    #[test]
    fn other_things_are_no_calendar() {
        let kind = "<x:resourcetype><x:collection/><C:calendar/></x:resourcetype>";
        for answer in
            [multistatus("200 OK", "<x:resourcetype><x:collection/></x:resourcetype>"), multistatus("404", kind)]
        {
            assert!(calendar_name(&answer).unwrap_err().detail().contains("is not a calendar"), "{answer}");
        }
    }

    #[test]
    fn objects_come_out_whole() {
        let answer = multistatus("200 OK", "<C:calendar-data>a &lt;b><![CDATA[<c>]]>\r\nd</C:calendar-data>");
        assert_eq!(calendar_objects(&answer).unwrap(), ["a <b><c>\nd"]);
        assert_eq!(calendar_objects(&multistatus("404 Not Found", "<C:calendar-data/>")).unwrap(), [""; 0]);
        assert_eq!(calendar_objects("<multistatus xmlns='DAV:'/>").unwrap(), [""; 0]);
    }

    #[test]
    fn nonsense_is_told() {
        let deep = format!("<multistatus xmlns='DAV:'>{}", "<a>".repeat(1_000_000));
        let bomb = "<!DOCTYPE a [<!ENTITY b 'c'>]><multistatus xmlns='DAV:'>&b;</multistatus>";
        let many = format!("<multistatus xmlns='DAV:'>{}</multistatus>", "<a/>".repeat(NODES as usize));
        for (text, expected) in [
            ("", "is not XML"),
            ("<html><p>Welcome</html>", "is not XML"),
            ("<html xmlns='http://www.w3.org/1999/xhtml'/>", "is not WebDAV's"),
            (bomb, "is not XML"),
            (&deep, "is not XML"),
            (&many, "is not XML"),
        ] {
            let error = calendar_objects(text).unwrap_err();
            assert_eq!(error.status(), StatusCode::BAD_GATEWAY);
            assert!(error.detail().contains(expected), "{}", error.detail());
        }
    }

    #[test]
    fn queries_are_xml_and_have_the_time_in_utc() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let query = events_query(time("2027-03-01T12:00:00+01:00"), time("2027-03-02T00:00:00Z"));
        assert!(Document::parse(&query).is_ok() && Document::parse(NAME_QUERY).is_ok());
        assert_eq!(query.matches("start=\"20270301T110000Z\" end=\"20270302T000000Z\"").count(), 2);
    }
}
