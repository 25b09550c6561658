//! Lazy assets through the real server: not linked at the start, there for whoever asks.

use std::fs;

use crate::common::{App, Made, Running, Setup, made, send};
use bakehouse_sdk::{Context, Error, Request, Response};

struct Silent;

impl bakehouse_sdk::App for Silent {
    async fn handle(&self, _: Request) -> Result<Response, Error> {
        Ok(Response::new("loaded".into()))
    }
}

fn silent(_: Context) -> Made {
    made(Silent)
}

/// `code` and `plain` have a lazy folder each, `code` a file too that is always there.
fn setup() -> Setup {
    Setup {
        apps: vec![
            App {
                slug: "code",
                entry: "code::app",
                routes: &[("/code", &[])],
                assets: &[("icon.svg", "icons/code.svg")],
                lazy_assets: &[("static", "code"), ("one.txt", "one.txt")],
                ..App::default()
            },
            App { slug: "plain", routes: &[("/plain", &[])], lazy_assets: &[("static", "plain")], ..App::default() },
        ],
        constructors: vec![("code", silent)],
        sources: &[
            ("code/icon.svg", "<svg/>"),
            ("code/one.txt", "one"),
            ("code/static/a/b.txt", "b"),
            ("plain/static/x.txt", "x"),
            ("plain/static/y.txt", "y"),
        ],
        ..Setup::default()
    }
}

/// Which of the lazy entries are in the public folder.
fn linked(host: &Running) -> Vec<&'static str> {
    ["code", "one.txt", "plain"].into_iter().filter(|name| host.public().join(name).exists()).collect()
}

#[tokio::test]
async fn a_start_leaves_them_for_later_and_says_so() {
    let host = setup().run().await;
    assert_eq!((linked(&host), host.get("/icons/code.svg").await.status), (vec![], 200));
    let event = host.linked();
    assert_eq!((&event["planned"], &event["created"], &event["deferred"]), (&4.into(), &1.into(), &3.into()));
    assert_eq!(host.get("/metrics").await.json()["links"]["deferred"], 3);
    assert!(host.report().contains("1 link, 3 more when needed, in "), "{}", host.report());
}

#[tokio::test]
async fn a_file_of_theirs_is_linked_when_it_is_asked_for() {
    for (path, text, expected) in [
        ("/code/a/b.txt", "b", vec!["code", "one.txt"]),
        ("/one.txt", "one", vec!["code", "one.txt"]),
        ("/plain/x.txt", "x", vec!["plain"]),
    ] {
        let host = setup().run().await;
        assert_eq!(send(host.addr, "HEAD", path, &[], "").await.status, 200, "{path}");
        assert_eq!(linked(&host), expected, "{path}");
        let answer = host.get(path).await;
        assert_eq!((answer.status, answer.text()), (200, text), "{path}");
        assert_eq!(host.troubles(), [""; 0]);
    }
}

#[tokio::test]
async fn what_is_not_theirs_links_nothing() {
    let host = setup().run().await;
    for path in ["/codes/a/b.txt", "/two.txt", "/plai", "/icons/x.svg", "/plain/.hidden", "/plain/../plain/x.txt"] {
        assert_eq!(host.get(path).await.status, 404, "{path}");
    }
    assert_eq!(linked(&host), [""; 0]);
    assert_eq!(host.get("/plain/z.txt").await.status, 404, "it is no file of the folder, but may be one");
    assert_eq!(linked(&host), ["plain"]);
}

#[tokio::test]
async fn entering_a_route_links_those_of_its_app() {
    for (path, expected) in [("/code", vec!["code", "one.txt"]), ("/plain", vec!["plain"]), ("/", vec![])] {
        let host = setup().run().await;
        assert_eq!(host.get(path).await.status, 200);
        assert_eq!(linked(&host), expected, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn first_requests_at_the_same_time_are_all_answered() {
    let host = setup().run().await;
    let paths = ["/plain/x.txt", "/code", "/plain/y.txt", "/code/a/b.txt", "/plain", "/one.txt"];
    let requests =
        paths.iter().cycle().take(60).map(|path| (path, tokio::spawn(crate::common::get(host.addr, path, &[]))));
    for (path, request) in requests.collect::<Vec<_>>() {
        assert_eq!(request.await.unwrap().status, 200, "{path}");
    }
    assert_eq!(host.troubles(), [""; 0]);
    // The ledger has all of it: the next start finds it unchanged.
    let host = setup().run_in(host.end().await).await;
    let event = host.linked();
    assert_eq!((&event["unchanged"], &event["deferred"]), (&4.into(), &0.into()));
    assert_eq!(linked(&host), ["code", "one.txt", "plain"]);
}

#[tokio::test]
async fn something_in_the_way_is_told_once_and_tried_again() {
    let host = setup().run().await;
    fs::create_dir(host.public().join("plain")).unwrap();
    fs::write(host.public().join("plain/mine.txt"), "mine").unwrap();
    assert_eq!(host.get("/plain/x.txt").await.status, 404);
    assert_eq!(host.get("/plain/mine.txt").await.text(), "mine");
    assert_eq!(host.get("/plain").await.status, 200, "an app answers without its assets too");
    let troubles = host.troubles();
    assert_eq!(troubles.len(), 1, "tried again with the same end, it is not news: {troubles:?}");
    for part in ["the lazy assets of app `plain` were not linked", "app: plain", "a folder is in the way at `plain`"] {
        assert!(troubles[0].contains(part), "{part}: {troubles:?}");
    }
    assert!(!troubles[0].contains("on: "), "{troubles:?}");

    fs::remove_dir_all(host.public().join("plain")).unwrap();
    assert_eq!(host.get("/plain/x.txt").await.text(), "x");
    assert_eq!(host.troubles().len(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_that_becomes_a_copy_is_told_once() {
    use std::os::unix::fs::{MetadataExt as _, symlink};

    let dir = tempfile::TempDir::new().unwrap();
    let device = |path: &std::path::Path| fs::metadata(path).unwrap().dev();
    let elsewhere = tempfile::TempDir::new_in("/dev/shm").ok();
    let Some(elsewhere) = elsewhere.filter(|elsewhere| device(elsewhere.path()) != device(dir.path())) else {
        println!("skipped: there is no second file system");
        return;
    };
    symlink(elsewhere.path(), dir.path().join("public")).unwrap();
    let host = Setup { vars: &[("BAKEHOUSE_LINK", "hardlink")], ..setup() }.run_in(dir).await;
    for _ in 0..2 {
        assert_eq!(host.get("/plain/x.txt").await.text(), "x");
    }
    let troubles = host.troubles();
    assert_eq!(troubles.len(), 1, "{troubles:?}");
    assert!(troubles[0].contains("1 by copy: hardlink failed"), "{troubles:?}");
}
