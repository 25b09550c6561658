//! The public folder through the real server.

use crate::common::{App, Running, Setup, get, send};
use std::fs::{self, File};
use std::time::{Duration, SystemTime};

const DIGITS: &str = "0123456789";

/// A host with some files and one app whose folder is linked.
async fn host() -> Running {
    let running = Setup {
        apps: vec![App {
            slug: "zoom",
            description: "secret",
            assets: &[("static", "app-assets/zoom"), ("one.txt", "zoom.txt")],
            ..App::default()
        }],
        sources: &[
            ("zoom/static/icon.svg", "<svg/>"),
            ("zoom/static/a/b.txt", "b"),
            ("zoom/one.txt", "one"),
            ("secret.txt", "secret"),
        ],
        files: &[
            ("digits.txt", DIGITS),
            ("empty.txt", ""),
            ("page.html", "<p>"),
            ("a b/\u{e4}.json", "{}"),
            (".env", "secret"),
            (".git/config", "secret"),
            ("folder/x.txt", "x"),
            ("..x/y.txt", "secret"),
        ],
        ..Setup::default()
    }
    .run()
    .await;
    fs::write(running.dir.path().join("outside.txt"), "secret").unwrap();
    age(&running, "digits.txt");
    running
}

/// Makes a file look old enough for a strong tag.
fn age(running: &Running, name: &str) {
    let file = File::options().write(true).open(running.public().join(name)).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
}

#[tokio::test]
async fn files_are_served_with_what_a_client_wants_to_know() {
    let host = host().await;
    for (path, content_type, body) in [
        ("/digits.txt", "text/plain; charset=utf-8", DIGITS),
        ("/digits.txt?v=2", "text/plain; charset=utf-8", DIGITS),
        ("/empty.txt", "text/plain; charset=utf-8", ""),
        ("/page.html", "text/html; charset=utf-8", "<p>"),
        ("/a%20b/%C3%A4.json", "application/json", "{}"),
        ("/app-assets/zoom/icon.svg", "image/svg+xml", "<svg/>"),
        ("/app-assets/zoom/a/b.txt", "text/plain; charset=utf-8", "b"),
        ("/zoom.txt", "text/plain; charset=utf-8", "one"),
    ] {
        let answer = host.get(path).await;
        assert_eq!((answer.status, answer.text()), (200, body), "{path}");
        assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
        assert_eq!(answer.header("content-length"), Some(body.len().to_string().as_str()), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
        assert_eq!(answer.header("accept-ranges"), Some("bytes"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(answer.header("etag").is_some() && answer.header("last-modified").is_some(), "{path}");
    }
}

#[tokio::test]
async fn what_is_hidden_or_outside_is_not_there() {
    let host = host().await;
    for path in [
        "/.env",
        "/%2eenv",
        "/.git/config",
        "/%2Egit/config",
        "/..x/y.txt",
        "/../outside.txt",
        "/folder/../../outside.txt",
        "/folder/../digits.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/%2e%2e%2foutside.txt",
        "/%252e%252e/outside.txt",
        "/folder%2Fx.txt",
        "/folder%5cx.txt",
        "/folder\\x.txt",
        "/folder//x.txt",
        "//folder/x.txt",
        "/./digits.txt",
        "/digits.txt%00",
        "/digits.txt/",
        "/digits.txt/x",
        "/digits%2",
        "/folder",
        "/folder/",
        "/app-assets/zoom",
        "/app-assets/zoom/../app.toml",
        "/app-assets/zoom/nothing.svg",
        "/nothing",
    ] {
        let answer = host.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("secret"), "{path}");
    }
    let long = format!("/{}", "x".repeat(4000));
    assert_eq!(host.get(&long).await.status, 404);
    assert!(host.troubles().is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn links_that_lead_out_show_nothing() {
    use std::os::unix::fs::symlink;
    let host = host().await;
    let (public, root) = (host.public(), host.root());
    symlink(host.dir.path().join("outside.txt"), public.join("out.txt")).unwrap();
    symlink(host.dir.path(), public.join("up")).unwrap();
    symlink("/etc", public.join("etc")).unwrap();
    symlink("loop", public.join("loop")).unwrap();
    symlink("nowhere", public.join("dangling")).unwrap();
    symlink(".env", public.join("env")).unwrap();
    // Not planned, though inside the folder of the apps.
    symlink(root.join("zoom/static"), public.join("unplanned")).unwrap();
    // Inside a linked folder: out of it, and to another place than the plan says.
    symlink("../app.toml", root.join("zoom/static/manifest")).unwrap();
    symlink("../../secret.txt", root.join("zoom/static/secret.txt")).unwrap();
    symlink("/etc/passwd", root.join("zoom/static/passwd")).unwrap();
    for path in [
        "/out.txt",
        "/up/outside.txt",
        "/up/apps/secret.txt",
        "/etc/passwd",
        "/dangling",
        "/env",
        "/unplanned/icon.svg",
        "/app-assets/zoom/manifest",
        "/app-assets/zoom/secret.txt",
        "/app-assets/zoom/passwd",
    ] {
        assert_eq!(host.get(path).await.status, 404, "{path}");
    }
    // Nobody writes into the pipe; opening it would wait for ever.
    assert!(std::process::Command::new("mkfifo").arg(public.join("pipe")).status().unwrap().success());
    assert_eq!(host.get("/pipe").await.status, 404);
    // A circle of links can't be followed: the client is told that much, and the operator why.
    assert_eq!(host.get("/loop").await.status, 500);
    assert_eq!(host.troubles().len(), 1);

    // Links that stay inside are fine.
    symlink("digits.txt", public.join("same.txt")).unwrap();
    symlink("icon.svg", root.join("zoom/static/logo.svg")).unwrap();
    assert_eq!(host.get("/same.txt").await.text(), DIGITS);
    assert_eq!(host.get("/app-assets/zoom/logo.svg").await.text(), "<svg/>");
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_to_another_app_than_the_plan_says_shows_nothing() {
    let host = host().await;
    let place = host.public().join("zoom.txt");
    fs::remove_file(&place).unwrap();
    std::os::unix::fs::symlink(host.root().join("zoom/static/icon.svg"), &place).unwrap();
    assert_eq!(host.get("/zoom.txt").await.status, 404);
}

#[tokio::test]
async fn a_client_that_has_the_file_is_told_so() {
    let host = host().await;
    let first = host.get("/digits.txt").await;
    let (etag, modified) = (first.header("etag").unwrap(), first.header("last-modified").unwrap());
    assert!(etag.starts_with('"'), "a file at rest has a strong tag: {etag}");
    for (name, value, expected) in [
        ("If-None-Match", etag, 304),
        ("If-None-Match", &format!("\"x\", W/{etag}"), 304),
        ("If-None-Match", "*", 304),
        ("If-None-Match", "\"x\"", 200),
        ("If-Modified-Since", modified, 304),
        ("If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT", 200),
        ("If-Match", etag, 200),
        ("If-Match", "\"x\"", 412),
        ("If-Unmodified-Since", "Mon, 01 Jan 2001 00:00:00 GMT", 412),
    ] {
        let answer = get(host.addr, "/digits.txt", &[(name, value)]).await;
        assert_eq!(answer.status, expected, "{name}: {value}");
        if expected == 304 {
            assert_eq!((answer.header("etag"), answer.body.len()), (Some(etag), 0), "{name}: {value}");
        }
    }
    fs::write(host.public().join("digits.txt"), "9876543210").unwrap();
    let answer = get(host.addr, "/digits.txt", &[("If-None-Match", etag)]).await;
    assert_eq!((answer.status, answer.text()), (200, "9876543210"), "a change of the same length is seen");
}

#[tokio::test]
async fn ranges() {
    let host = host().await;
    for (range, status, body, content_range) in [
        ("bytes=0-3", 206, "0123", Some("bytes 0-3/10")),
        ("bytes=8-", 206, "89", Some("bytes 8-9/10")),
        ("bytes=-3", 206, "789", Some("bytes 7-9/10")),
        ("bytes=-99", 206, DIGITS, Some("bytes 0-9/10")),
        ("bytes=0-1,4-5", 200, DIGITS, None),
        ("bytes=5-2", 200, DIGITS, None),
        ("pages=1-2", 200, DIGITS, None),
    ] {
        let answer = get(host.addr, "/digits.txt", &[("Range", range)]).await;
        assert_eq!((answer.status, answer.text()), (status, body), "{range}");
        assert_eq!(answer.header("content-range"), content_range, "{range}");
    }
    let beyond = get(host.addr, "/digits.txt", &[("Range", "bytes=10-")]).await;
    assert_eq!((beyond.status, beyond.header("content-range")), (416, Some("bytes */10")));
    assert_eq!(beyond.header("content-type"), Some("application/problem+json"));
    let head = send(host.addr, "HEAD", "/digits.txt", &[("Range", "bytes=0-3")], "").await;
    assert_eq!((head.status, head.header("content-length")), (200, Some("10")), "a range has no meaning for HEAD");
}

#[tokio::test]
async fn a_range_is_for_the_state_that_the_client_knows() {
    let host = host().await;
    let etag = host.get("/digits.txt").await.header("etag").unwrap().to_owned();
    for (known, expected) in [(etag.as_str(), 206), ("\"x\"", 200), ("Mon, 01 Jan 2001 00:00:00 GMT", 200)] {
        let answer = get(host.addr, "/digits.txt", &[("Range", "bytes=0-3"), ("If-Range", known)]).await;
        assert_eq!(answer.status, expected, "{known}");
    }
}

#[tokio::test]
async fn large_files_come_whole_and_in_part() {
    let host = host().await;
    let large: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    fs::write(host.public().join("large.bin"), &large).unwrap();
    let whole = host.get("/large.bin").await;
    assert_eq!(whole.header("content-length"), Some("4000000"));
    assert!(whole.body == large);
    let part = get(host.addr, "/large.bin", &[("Range", "bytes=1000001-3000000")]).await;
    assert_eq!(part.status, 206);
    assert!(part.body == large[1_000_001..=3_000_000]);
}

#[tokio::test]
async fn files_answer_to_get_and_head_only() {
    let host = host().await;
    let head = send(host.addr, "HEAD", "/digits.txt", &[], "").await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, Some("10"), 0));
    let post = send(host.addr, "POST", "/digits.txt", &[], "x").await;
    assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD")));
    assert_eq!(send(host.addr, "POST", "/nothing", &[], "x").await.status, 404);
}
