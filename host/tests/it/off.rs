//! Apps that are switched off: nothing of them is served or linked.

use crate::common::{App, Setup};

fn setup(vars: &'static [(&'static str, &'static str)]) -> Setup {
    let app = |slug| App { slug, ..App::default() };
    Setup {
        apps: vec![
            App { off: true, routes: &[("/meet", &[])], assets: &[("static", "meet")], ..app("meet") },
            App {
                routes: &[("/zoom", &[])],
                assets: &[("static", "zoom")],
                lazy_assets: &[("more", "more")],
                ..app("zoom")
            },
        ],
        sources: &[("meet/static/icon.svg", "meet"), ("zoom/static/icon.svg", "zoom"), ("zoom/more/x.txt", "more")],
        vars,
        ..Setup::default()
    }
}

#[tokio::test]
async fn an_app_that_is_off_is_not_there() {
    let host = setup(&[]).run().await;
    let paths = ["/meet", "/meet/icon.svg", "/zoom", "/zoom/icon.svg", "/more/x.txt"];
    for (path, status) in paths.into_iter().zip([404, 404, 200, 200, 200]) {
        assert_eq!(host.get(path).await.status, status, "{path}");
    }
    let planned = |host: &crate::common::Running| host.events.lock().unwrap()[0].to_json()["planned"].clone();
    assert_eq!(planned(&host), 2);

    // The other way round; what the first run linked is taken away.
    let switched = setup(&[("BAKEHOUSE_APP_MEET", "on"), ("BAKEHOUSE_APP_ZOOM", "off")]);
    let host = switched.run_in(host.end().await).await;
    for (path, status) in paths.into_iter().zip([200, 200, 404, 404, 404]) {
        assert_eq!(host.get(path).await.status, status, "{path}");
    }
    assert_eq!(planned(&host), 1);
    assert_eq!(host.events.lock().unwrap()[0].to_json()["removed"], 2);
    for name in ["zoom", "more"] {
        assert!(host.public().join(name).symlink_metadata().is_err(), "{name}");
    }
}

#[tokio::test]
async fn it_is_shown_as_off() {
    let host = setup(&[("BAKEHOUSE_APP_ZOOM", "off")]).run().await;
    let list = host.get("/").await.json();
    for app in list["apps"].as_array().unwrap() {
        assert_eq!((&app["state"], app["href"].is_null(), app["icon"].is_null()), (&"off".into(), true, true), "{app}");
    }
    assert!(host.get_as_browser("/").await.text().contains("class=\"state off\""));
    let metrics = host.get("/metrics").await.json();
    assert_eq!((&metrics["registry"]["off"], &metrics["apps"][1]["state"]), (&2.into(), &"off".into()));
    assert_eq!(metrics["links"]["planned"], 0);
}
