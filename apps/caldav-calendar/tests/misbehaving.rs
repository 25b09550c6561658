//! Servers that do not do what they should: each is told in a sentence that gives nothing away.

use bakehouse_sdk::{
    App, Context, Error,
    http::StatusCode,
    interfaces::Calendar,
    testing::{self, TestContext},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

const EVENTS: &str = "/caldav-calendar/events";

const CALENDAR: &str = "<multistatus xmlns='DAV:'><response><propstat><prop><displayname>Work</displayname>\
    <resourcetype><calendar xmlns='urn:ietf:params:xml:ns:caldav'/></resourcetype></prop>\
    <status>HTTP/1.1 200 OK</status></propstat></response></multistatus>";

/// An answer with this status and body.
fn answer(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nlocation: /secret/\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// An answer to the query for events.
fn events(object: &str) -> Vec<u8> {
    let xml = format!(
        "<multistatus xmlns='DAV:'><response><propstat><prop><calendar-data xmlns='urn:ietf:params:xml:ns:caldav'>{object}\
         </calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
    );
    answer("207 Multi-Status", &xml)
}

/// Reads a request as far as its body's end.
async fn read_request(stream: &mut TcpStream) {
    let mut read = Vec::new();
    while !read.ends_with(b"</propfind>") && !read.ends_with(b"</C:calendar-query>") {
        assert!(stream.read_buf(&mut read).await.unwrap() > 0, "the request ends early");
    }
}

/// A server that gives these answers, one a connection, and then is gone; the context of an app that asks it.
async fn server(answers: Vec<Vec<u8>>) -> Context {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/secret/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await;
            // The app may hang up before it has read all of an answer that is too long.
            let _ = stream.write_all(&answer).await;
        }
    });
    TestContext::new("caldav-calendar").with_setting("url", &url).build()
}

async fn list(ctx: &Context) -> Result<String, Error> {
    let app = caldav_calendar::app(ctx).await.unwrap();
    let target = format!("{EVENTS}?from=2027-03-01T00:00:00Z&to=2027-03-08T00:00:00Z");
    let response = app.handle(testing::routed(EVENTS, "GET", &target)).await?;
    Ok(String::from_utf8(response.body().as_bytes().unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn each_is_told_in_a_sentence() {
    let calendar = || answer("207 Multi-Status", CALENDAR);
    let long = "x".repeat(4 * 1024 * 1024 + 1);
    let cases = [
        (vec![], "the calendar server can't be reached"),
        (vec![answer("401 Unauthorized", "secret")], "the calendar server refuses the user name and the password"),
        (vec![answer("403 Forbidden", "secret")], "the calendar server refuses to show the calendar"),
        (vec![answer("404 Not Found", "secret")], "the calendar server has nothing at the configured address"),
        (vec![answer("302 Found", "")], "the calendar server sends to another address, which is not followed"),
        (vec![answer("500 Oops", "secret")], "the calendar server answered with the status 500"),
        (vec![answer("200 OK", "<html>secret</html>")], "the calendar server answered with the status 200"),
        (vec![b"SSH-2.0-secret\r\n".to_vec()], "the calendar server answered with something that is not HTTP"),
        (vec![vec![]], "the calendar server answered with half an answer or none"),
        (
            vec![b"HTTP/1.1 207 M\r\ncontent-length: 9\r\n\r\nx".to_vec()],
            "the calendar server answered with half an answer",
        ),
        (vec![answer("207 M", &long)], "the calendar server answered with more than 4194304 bytes"),
        (vec![answer("207 M", "secret")], "the calendar server answered with something that is not XML"),
        (vec![answer("207 M", "<secret/>")], "the calendar server answered with XML that is not WebDAV's"),
        (vec![b"HTTP/1.1 207 M\r\n\r\n\xFF".to_vec()], "the calendar server answered with text that is not UTF-8"),
        (vec![answer("207 M", "<multistatus xmlns='DAV:'/>")], "what is at the configured address is not a calendar"),
        (vec![calendar(), answer("403 Forbidden", "secret")], "the calendar server refuses to show the calendar"),
        (vec![calendar(), answer("207 M", "<secret/>")], "the calendar server answered with XML that is not WebDAV's"),
    ];
    for (answers, expected) in cases {
        let error = list(&server(answers).await).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::BAD_GATEWAY, "{expected}");
        assert!(error.detail().starts_with(expected), "{expected}: {}", error.detail());
        assert!(!error.detail().contains("secret") && !error.detail().contains("127.0.0.1"), "{}", error.detail());
    }
}

/// The clock stands still while somebody works, and leaps when all wait.
#[tokio::test(start_paused = true)]
async fn one_that_never_answers_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/secret/", listener.local_addr().unwrap());
    let ctx = TestContext::new("caldav-calendar").with_setting("url", &url).build();
    let error = list(&ctx).await.unwrap_err();
    assert_eq!(error.status(), StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(error.detail(), "the calendar server did not answer within 10 seconds");
}

#[tokio::test]
async fn what_cannot_be_read_is_listed_as_left_out_and_makes_nobody_free() {
    let object = "BEGIN:VEVENT\nSUMMARY:Lunch\nDTSTART:20270301T120000Z\nEND:VEVENT\n\
        BEGIN:VEVENT\nSUMMARY:Dinner\nDTSTART;TZID=Middle/Earth:20270301T190000\nEND:VEVENT\n";
    let repeating = "BEGIN:VEVENT\nSUMMARY:Tea\nDTSTART:20270301T160000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n";
    let answers = |object| vec![answer("207 M", CALENDAR), events(object)];
    let listing: serde_json::Value =
        serde_json::from_str(&list(&server(answers(object)).await).await.unwrap()).unwrap();
    assert_eq!(listing["events"].as_array().unwrap().len(), 1);
    assert_eq!(listing["problems"][0], "the start of event `Dinner` can't be read");

    for (object, expected) in [
        (object, "the calendar can't be read: the start of event `Dinner` can't be read"),
        (repeating, "the calendar server does not work out when a repeating event takes place"),
    ] {
        let app = caldav_calendar::app(&server(answers(object)).await).await.unwrap();
        let error = app.busy(1_803_859_200, 1_804_464_000).await.unwrap_err();
        assert_eq!(error.detail(), expected);
    }
}

#[tokio::test]
async fn says_what_is_wrong_with_the_request() {
    let ctx = Context::for_tests("caldav-calendar");
    let app = caldav_calendar::app(&ctx).await.unwrap();
    for (query, status, expected) in [
        ("from=noon", 400, "`from` must be a time with its offset"),
        ("to=2027-03-01", 400, "`to` must be a time with its offset"),
        ("from=2027-03-02T00:00:00Z&to=2027-03-02T00:00:00Z", 400, "`to` must be after `from`"),
        ("from=2027-03-02T00:00:00Z&to=2028-03-04T00:00:00Z", 400, "`from` and `to` must not be more than 366 days"),
        ("from=9999-12-30T00:00:00Z", 400, ""),
        ("", 503, "app `caldav-calendar` is not configured: set the environment variable `CALDAV_CALENDAR_URL`"),
    ] {
        let request = testing::routed(EVENTS, "GET", &format!("{EVENTS}?{query}"));
        let error = app.handle(request).await.unwrap_err();
        assert_eq!(error.status().as_u16(), status, "{query}");
        assert!(error.detail().starts_with(expected), "{query}: {}", error.detail());
    }
    let home = app.handle(testing::routed("/caldav", "GET", "/caldav")).await.unwrap();
    assert!(str::from_utf8(home.body().as_bytes().unwrap()).unwrap().contains("action=\"/caldav-calendar/events\""));
}
