//! From requests to the answers of apps, through the real server.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::common::{App, Construct, Made, Running, Setup, exchange, get, made, send};
use bakehouse_sdk::{Context, DynApp, Error, Request, RequestExt as _, Response};

const ACCEPT_HTML: (&str, &str) = ("Accept", "text/html");

/// Answers with what it was asked; fails when the path says so.
struct Echo;

impl bakehouse_sdk::App for Echo {
    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let what = request.param("what").map(|param| param.decode().map(std::borrow::Cow::into_owned)).transpose()?;
        match what.as_deref() {
            Some("panic") => panic!("the handler gives up"),
            Some("broken") => Err(Error::internal("can't read /srv/secret/config")),
            Some("wrong") => Err(Error::bad_request("`<b>` is not a day")),
            Some("bare") => Err(Error::not_found()),
            what => Ok(Response::new(echoed(&request, what).into())),
        }
    }
}

fn echoed(request: &Request, what: Option<&str>) -> String {
    let route = request.route().map_or("none", |route| route.pattern());
    let body = String::from_utf8_lossy(request.body());
    format!("{} {} what={what:?} route={route} body={body}", request.method(), request.uri())
}

fn echo(_: Context) -> Made {
    made(Echo)
}

fn failing(_: Context) -> Made {
    Box::pin(async { Err("can't open /srv/secret/key".into()) })
}

fn panicking(_: Context) -> Made {
    panic!("the constructor gives up")
}

static N_COUNTED: AtomicUsize = AtomicUsize::new(0);

/// Gives way a few times while it is constructed, so that others come in.
fn counted(_: Context) -> Made {
    N_COUNTED.fetch_add(1, Ordering::SeqCst);
    Box::pin(async {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        Ok(Box::new(Echo) as Box<dyn DynApp>)
    })
}

fn app(slug: &'static str, entry: &'static str, routes: &'static [(&'static str, &'static [&'static str])]) -> App {
    App { slug, entry, routes, ..App::default() }
}

async fn host() -> Running {
    host_with("").await
}

async fn host_with(routes_section: &'static str) -> Running {
    let constructors: Vec<Construct> =
        vec![("counted", counted), ("echo", echo), ("failing", failing), ("off", echo), ("panicking", panicking)];
    let apps = vec![
        app("counted", "counted::app", &[("/counted", &[])]),
        app("echo", "echo::app", &[("/echo/{what}", &[]), ("/echo", &["POST", "PUT"]), ("/note.txt", &["GET"])]),
        app("failing", "failing::app", &[("/failing", &[])]),
        App { off: true, ..app("off", "off::app", &[("/off", &[])]) },
        app("panicking", "panicking::app", &[("/panicking", &[])]),
        App {
            name: "Plain <i>",
            description: "An app & no code",
            metadata: "key = \"<value>\"",
            categories: &["video"],
            ..app("plain", "", &[("/plain", &[]), ("/plain/{*rest}", &[])])
        },
    ];
    let files = &[("note.txt", "a file"), ("failing/x.txt", "x")];
    Setup {
        apps,
        constructors,
        files,
        routes_section,
        configure: Some(|config| config.body_limit = 10),
        ..Setup::default()
    }
    .run()
    .await
}

#[tokio::test]
async fn a_request_reaches_its_app_as_it_was_sent() {
    let host = host().await;
    let answer = send(host.addr, "POST", "/echo/a%20b?x=1&y=%2F", &[], "0123456789").await;
    assert_eq!(answer.status, 200);
    let expected = r#"POST /echo/a%20b?x=1&y=%2F what=Some("a b") route=/echo/{what} body=0123456789"#;
    assert_eq!(answer.text(), expected);
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[tokio::test]
async fn a_route_goes_before_a_file() {
    let host = host().await;
    assert!(host.get("/note.txt").await.text().contains("route=/note.txt"));
    assert_eq!(host.get("/failing/x.txt").await.text(), "x", "a path that no route matches is a file's");
}

#[tokio::test]
async fn head_is_answered_as_get_without_a_body() {
    let host = host().await;
    for path in ["/note.txt", "/plain", "/", "/healthz", "/nothing"] {
        let get = host.get(path).await;
        let head = send(host.addr, "HEAD", path, &[], "").await;
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        assert!(head.header("content-length").is_some(), "{path}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let host = host().await;
    assert_eq!(send(host.addr, "POST", "/echo", &[], "01234567890").await.status, 413);
    assert_eq!(send(host.addr, "POST", "/echo", &[], "0123456789").await.status, 200);
    // Said to be too long, it is not waited for.
    let head = "POST /echo HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: 11\r\n\r\n";
    assert_eq!(exchange(host.addr, head).await.status, 413);
}

#[tokio::test]
async fn a_body_of_unknown_length_is_held_to_the_limit_too() {
    let host = host().await;
    for (chunks, status) in
        [("5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n", 200), ("6\r\n012345\r\n6\r\n678901\r\n0\r\n\r\n", 413)]
    {
        let head = "POST /echo HTTP/1.1\r\nHost: test\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(exchange(host.addr, &format!("{head}{chunks}")).await.status, status, "{chunks}");
    }
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let host = host().await;
    for (version, hosts, status) in [
        ("1.1", "Host: test\r\n", 200),
        ("1.1", "Host:\r\n", 200),
        ("1.1", "", 400),
        ("1.1", "Host: test\r\nHost: test\r\n", 400),
        ("1.1", "Host: a b\r\n", 400),
        ("1.0", "", 200),
    ] {
        let head = format!("GET /healthz HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n");
        let answer = exchange(host.addr, &head).await;
        assert_eq!(answer.status, status, "{head}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{head}");
    }
}

#[tokio::test]
async fn a_client_gets_problem_details() {
    let host = host().await;
    for (method, path, status, title, detail) in [
        ("GET", "/nothing", 404, "Not Found", Some("Nothing is served at this path.")),
        ("GET", "/off", 404, "Not Found", Some("Nothing is served at this path.")),
        ("GET", "/echo", 405, "Method Not Allowed", Some("This path answers to POST, PUT only.")),
        ("POST", "/note.txt", 405, "Method Not Allowed", Some("This path answers to GET, HEAD only.")),
        ("DELETE", "/", 405, "Method Not Allowed", Some("This path answers to GET, HEAD only.")),
        ("POST", "/plain", 501, "Not Implemented", Some("Plain <i> has no code that could answer POST.")),
        ("GET", "/echo/wrong", 400, "Bad Request", Some("`<b>` is not a day")),
        ("GET", "/echo/bare", 404, "Not Found", None),
        ("GET", "/echo/broken", 500, "Internal Server Error", None),
        ("GET", "/echo/panic", 500, "Internal Server Error", Some("echo failed to answer.")),
        ("GET", "/failing", 503, "Service Unavailable", Some("failing can't answer right now.")),
    ] {
        let answer = send(host.addr, method, path, &[("Accept", "application/json")], "").await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{method} {path}");
        assert_eq!(answer.header("vary"), Some("accept"), "{method} {path}");
        let mut expected =
            serde_json::json!({ "type": "about:blank", "title": title, "status": status, "instance": path });
        if let Some(detail) = detail {
            expected["detail"] = detail.into();
        }
        assert_eq!(answer.json(), expected, "{method} {path}");
    }
}

#[tokio::test]
async fn a_person_gets_a_page() {
    let host = host().await;
    for (method, path, status, text) in [
        ("GET", "/nothing", 404, "Nothing is served at this path."),
        ("GET", "/%3Cscript%3E", 404, "/%3Cscript%3E"),
        ("GET", "/echo", 405, "This path answers to POST, PUT only."),
        ("POST", "/plain", 501, "Plain &lt;i&gt; has no code that could answer POST."),
        ("GET", "/echo/wrong", 400, "`&lt;b&gt;` is not a day"),
        ("GET", "/echo/broken", 500, "Internal Server Error"),
    ] {
        let answer = send(host.addr, method, path, &[ACCEPT_HTML], "").await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{method} {path}");
        assert!(answer.text().contains(text), "{method} {path}: {}", answer.text());
    }
}

#[tokio::test]
async fn wrong_methods_are_told_the_right_ones() {
    let host = host().await;
    for (method, path, allow) in
        [("GET", "/echo", "POST, PUT"), ("POST", "/note.txt", "GET, HEAD"), ("PUT", "/metrics", "GET, HEAD")]
    {
        assert_eq!(send(host.addr, method, path, &[], "").await.header("allow"), Some(allow), "{method} {path}");
    }
}

#[tokio::test]
async fn what_went_wrong_is_for_the_operator() {
    let host = host().await;
    for path in ["/echo/broken", "/failing"] {
        let answer = host.get(path).await;
        assert!(!answer.text().contains("/srv/secret"), "{path}: {}", answer.text());
    }
    let troubles = host.troubles();
    assert_eq!(troubles.len(), 2, "{troubles:?}");
    assert!(
        troubles[0].contains("GET /echo/broken") && troubles[0].contains("Caused by: can't read /srv/secret/config")
    );
    assert!(troubles[1].contains("`failing`") && troubles[1].contains("Caused by: can't open /srv/secret/key"));
    host.get("/failing").await;
    assert_eq!(host.troubles().len(), 2, "the same failure, told again within its back-off, is not news");
}

#[tokio::test]
async fn a_panic_is_the_affair_of_its_request() {
    let host = host().await;
    assert_eq!(host.get("/echo/panic").await.status, 500);
    assert!(host.troubles()[0].contains("the handler gives up"));
    assert_eq!(host.get("/echo/fine").await.status, 200);
}

#[tokio::test]
async fn an_app_that_does_not_load_leaves_the_others_alone() {
    let host = host().await;
    for path in ["/failing", "/panicking"] {
        let answer = host.get(path).await;
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert_eq!((answer.status, seconds >= 1), (503, true), "{path}");
    }
    assert_eq!(host.get("/echo/fine").await.status, 200);
    let apps = host.get("/").await.json();
    let apps = apps["apps"].as_array().unwrap();
    let listed = |slug: &str| apps.iter().find(|app| app["slug"] == slug).unwrap();
    assert_eq!((&listed("echo")["href"], &listed("off")["href"]), (&"/note.txt".into(), &serde_json::Value::Null));
    for (slug, expected) in [
        ("failing", "failed"),
        ("panicking", "failed"),
        ("echo", "loaded"),
        ("counted", "idle"),
        ("off", "off"),
        ("plain", "declarative"),
    ] {
        assert_eq!(listed(slug)["state"], expected, "{slug}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn first_requests_at_once_construct_an_app_once() {
    let host = host().await;
    assert_eq!(N_COUNTED.load(Ordering::SeqCst), 0, "nothing is loaded before it is needed");
    let requests: Vec<_> = (0..20).map(|_| tokio::spawn(get_status(host.addr))).collect();
    for request in requests {
        assert_eq!(request.await.unwrap(), 200);
    }
    assert_eq!(N_COUNTED.load(Ordering::SeqCst), 1);
}

async fn get_status(addr: std::net::SocketAddr) -> u16 {
    get(addr, "/counted", &[]).await.status
}

#[tokio::test]
async fn an_app_without_code_shows_its_record() {
    let host = host().await;
    let record = host.get("/plain/x/y").await.json();
    assert_eq!((&record["slug"], &record["name"]), (&"plain".into(), &"Plain <i>".into()));
    assert_eq!(record["metadata"], serde_json::json!({ "key": "<value>" }));
    assert_eq!(record["routes"].as_array().unwrap().len(), 2);
    let page = host.get_as_browser("/plain").await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    for text in ["<h1>Plain &lt;i&gt;</h1>", "An app &amp; no code", "&lt;value&gt;", "/plain/{*rest}"] {
        assert!(page.text().contains(text), "{text}");
    }
}

#[tokio::test]
async fn a_slash_too_many_is_redirected_with_the_query() {
    let host = host_with("trailing-slash = \"redirect\"").await;
    for (path, location) in [
        ("/plain/?a=1&b=%2F", "/plain?a=1&b=%2F"),
        ("/note.txt/", "/note.txt"),
        ("/echo/\u{e4}/?\u{9b}", "/echo/%C3%A4?%C2%9B"),
    ] {
        let answer = host.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (308, Some(location)), "{path}");
    }
}

#[tokio::test]
async fn a_slash_too_many_is_ignored_where_the_host_says_so() {
    let host = host_with("trailing-slash = \"ignore\"").await;
    let answer = host.get("/echo/x/").await;
    assert!(answer.text().contains(r#"what=Some("x")"#), "{}", answer.text());
}
