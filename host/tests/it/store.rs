//! The host's own paths through the real server.

use crate::common::{App, Setup};

fn apps() -> Vec<App> {
    vec![
        App {
            slug: "meet",
            name: "Meet",
            description: "Calls <b>",
            categories: &["video", "q&a"],
            core: true,
            routes: &[("/apps/meet/{id}", &[]), ("/apps/meet", &["GET"])],
            assets: &[("static", "app-assets/meet")],
            ..App::default()
        },
        App { slug: "zoom", name: "Zoom", categories: &["video"], ..App::default() },
    ]
}

fn setup() -> Setup {
    Setup {
        apps: apps(),
        sources: &[("meet/static/icon.svg", "<svg/>"), ("meet/static/a b.svg", "")],
        ..Setup::default()
    }
}

#[tokio::test]
async fn the_store_as_json() {
    let host = setup().run().await;
    let expected = serde_json::json!({ "host": "store", "apps": [
        { "slug": "meet", "name": "Meet", "description": "Calls <b>", "publisher": "", "categories": ["video", "q&a"],
          "icon": "/app-assets/meet/icon.svg", "href": "/apps/meet", "core": true, "state": "declarative" },
        { "slug": "zoom", "name": "Zoom", "description": "", "publisher": "", "categories": ["video"],
          "icon": null, "href": null, "core": false, "state": "declarative" },
    ] });
    let answer = host.get("/").await;
    assert_eq!(answer.json(), expected);
    assert_eq!((answer.header("content-type"), answer.header("vary")), (Some("application/json"), Some("accept")));
}

#[tokio::test]
async fn the_store_as_a_page() {
    let host = setup().run().await;
    let page = host.get_as_browser("/").await;
    for text in [
        "<title>store</title>",
        "2 apps",
        "src=\"/app-assets/meet/icon.svg\"",
        "href=\"/apps/meet\"",
        "Calls &lt;b&gt;",
        "class=\"state declarative\"",
        "href=\"/?category=q%26a\"",
        "prefers-color-scheme:dark",
    ] {
        assert!(page.text().contains(text), "{text}");
    }
    assert!(!page.text().contains("http://") && !page.text().contains("https://"), "it needs nothing from elsewhere");
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert_eq!(host.get("/app-assets/meet/icon.svg").await.text(), "<svg/>");
}

#[tokio::test]
async fn an_app_is_linked_by_the_path_that_has_its_slug() {
    type Routes = &'static [(&'static str, &'static [&'static str])];
    let cases: [(Routes, Option<&str>); 6] = [
        (&[("/z", &[]), ("/apps/zm", &[]), ("/apps/zoom", &[]), ("/zoom", &[])], Some("/apps/zoom")),
        (&[("/zoomvideo", &[]), ("/zoom/{id}", &[]), ("/zoom", &["GET"])], Some("/zoom")),
        (&[("/video/zoom/join", &["POST"]), ("/video", &[]), ("/v", &[])], Some("/video")),
        (&[("/long/path", &[]), ("/z", &[])], Some("/long/path")),
        (&[("/zoom", &["POST"]), ("/z/{id}", &[])], None),
        (&[], None),
    ];
    for (routes, expected) in cases {
        let apps = vec![App { slug: "zoom", routes, ..App::default() }];
        let host = Setup { apps, ..Setup::default() }.run().await;
        assert_eq!(host.get("/").await.json()["apps"][0]["href"].as_str(), expected, "{routes:?}");
    }
}

#[tokio::test]
async fn apps_can_be_looked_for() {
    let host = setup().run().await;
    for (query, slugs) in [
        ("q=ZOOM", vec!["zoom"]),
        ("q=calls+meet", vec!["meet"]),
        ("q=meet+zoom", vec![]),
        ("category=video", vec!["meet", "zoom"]),
        ("category=q%26a", vec!["meet"]),
        ("category=video&q=zo", vec!["zoom"]),
        ("q=", vec!["meet", "zoom"]),
    ] {
        let list = host.get(&format!("/?{query}")).await.json();
        let found: Vec<_> = list["apps"].as_array().unwrap().iter().map(|app| app["slug"].clone()).collect();
        assert_eq!(found, slugs, "{query}");
        assert_eq!(host.get_as_browser(&format!("/?{query}")).await.status, 200, "{query}");
    }
    let page = host.get_as_browser("/?q=%22%3E%3Cscript%3E").await;
    assert!(page.text().contains("value=\"&quot;&gt;&lt;script&gt;\"") && !page.text().contains("<script"));
}

#[tokio::test]
async fn two_thousand_apps_are_one_page() {
    let slug = |idx: usize| -> &'static str { format!("app-{idx:04}").leak() };
    let apps = (0..2000).map(|idx| App { slug: slug(idx), name: slug(idx), ..App::default() }).collect();
    let host = Setup { apps, ..Setup::default() }.run().await;
    let page = host.get_as_browser("/").await;
    assert_eq!(page.text().matches("<li class=\"app\">").count(), 2000);
}

#[tokio::test]
async fn health_and_readiness() {
    let host = setup().run().await;
    let health = host.get("/healthz").await;
    assert_eq!((health.status, health.text()), (200, "ok"));
    assert_eq!(host.get("/readyz").await.status, 200);
}
