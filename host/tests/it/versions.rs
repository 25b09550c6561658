//! Addresses that name what a file holds, as `asset!` gives them.

use std::fs;
use std::time::Duration;

use xxhash_rust::xxh3::xxh3_64;

use crate::common::{Answer, App, Running, Setup, send};

const ICON: &str = "/app-assets/zoom/icon.svg";
/// What may be kept for ever.
const LASTING: &str = "public, max-age=31536000, immutable";
/// What a client has to ask for again.
const PASSING: &str = "no-cache";

fn zoom() -> App {
    App { slug: "zoom", assets: &[("static", "app-assets/zoom")], ..App::default() }
}

async fn host() -> Running {
    Setup { apps: vec![zoom()], sources: &[("zoom/static/icon.svg", "<svg/>")], ..Setup::default() }.run().await
}

/// The address of a file that holds `text`.
fn version(path: &str, text: &str) -> String {
    format!("{path}?v={:016x}", xxh3_64(text.as_bytes()))
}

/// Asks until the answer may be kept: a file that has just been written may change once more within the same tick of the
/// file system's clock.
async fn until_it_lasts(host: &Running, path: &str) -> Answer {
    loop {
        let answer = host.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        if answer.header("cache-control") == Some(LASTING) {
            return answer;
        }
        assert_eq!(answer.header("cache-control"), Some(PASSING), "{path}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What the answer holds, and how long it may be kept.
async fn kept(host: &Running, path: &str) -> (String, Option<String>) {
    let answer = host.get(path).await;
    (answer.text().to_owned(), answer.header("cache-control").map(str::to_owned))
}

fn answer(text: &str, keep: &str) -> (String, Option<String>) {
    (text.to_owned(), Some(keep.to_owned()))
}

#[tokio::test]
async fn an_answer_lasts_while_the_file_holds_what_the_address_names() {
    let host = host().await;
    let (old, new) = (version(ICON, "<svg/>"), version(ICON, "<SVG/>"));
    assert_eq!(until_it_lasts(&host, &old).await.text(), "<svg/>");
    assert_eq!(kept(&host, &new).await, answer("<svg/>", PASSING));

    // Of the same length, in the same file: only what it holds is new.
    fs::write(host.root().join("zoom/static/icon.svg"), "<SVG/>").unwrap();
    assert_eq!(kept(&host, &old).await, answer("<SVG/>", PASSING));
    assert_eq!(until_it_lasts(&host, &new).await.text(), "<SVG/>");
    assert_eq!(kept(&host, &old).await, answer("<SVG/>", PASSING));
}

#[tokio::test]
async fn every_answer_about_a_file_says_how_long_it_lasts() {
    let host = host().await;
    let address = version(ICON, "<svg/>");
    let tag = until_it_lasts(&host, &address).await.header("etag").unwrap().to_owned();
    for (path, expected) in [(address.as_str(), LASTING), (ICON, PASSING), (&version(ICON, ""), PASSING)] {
        for (method, headers, status) in [
            ("GET", &[][..], 200),
            ("HEAD", &[], 200),
            ("GET", &[("Range", "bytes=1-3")], 206),
            ("GET", &[("If-None-Match", tag.as_str())], 304),
        ] {
            let answer = send(host.addr, method, path, headers, "").await;
            let found = (answer.status, answer.header("cache-control"));
            assert_eq!(found, (status, Some(expected)), "{method} {path} {headers:?}");
        }
    }
}

/// It is looked at once more when all of it was read.
#[tokio::test]
async fn a_file_that_is_sent_while_it_is_read_lasts_too() {
    let host = host().await;
    let text = "0123456789abcdef".repeat(16 * 1024);
    fs::write(host.public().join("long.txt"), &text).unwrap();
    assert_eq!(until_it_lasts(&host, &version("/long.txt", &text)).await.text(), text);
}

#[tokio::test]
async fn an_address_works_under_the_next_table() {
    let host = host().await;
    let address = version(ICON, "<svg/>");
    host.swap(&[], &[]).await.unwrap();
    assert_eq!(host.get(&address).await.status, 404, "no app shows it");
    host.swap(&[zoom()], &[]).await.unwrap();
    assert_eq!(until_it_lasts(&host, &address).await.text(), "<svg/>");
    fs::write(host.root().join("zoom/static/icon.svg"), "<svg></svg>").unwrap();
    host.swap(&[App { description: "new", ..zoom() }], &[]).await.unwrap();
    assert_eq!(kept(&host, &address).await, answer("<svg></svg>", PASSING));
}
