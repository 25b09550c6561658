//! Apps that are switched off: nothing of them is served or linked.

use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::link::LinkPlan;

use crate::common::{App, Running, Setup, registry};

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
    let planned = |host: &Running| host.linked()["planned"].clone();
    assert_eq!(planned(&host), 2);

    // The other way round; what the first run linked is taken away.
    let switched = setup(&[("BAKEHOUSE_APP_MEET", "on"), ("BAKEHOUSE_APP_ZOOM", "off")]);
    let host = switched.run_in(host.end().await).await;
    for (path, status) in paths.into_iter().zip([200, 200, 404, 404, 404]) {
        assert_eq!(host.get(path).await.status, status, "{path}");
    }
    assert_eq!(planned(&host), 1);
    assert_eq!(host.linked()["removed"], 2);
    for name in ["zoom", "more"] {
        assert!(host.public().join(name).symlink_metadata().is_err(), "{name}");
    }
}

#[test]
fn another_plan_has_another_hash() {
    let dir = tempfile::TempDir::new().unwrap();
    let apps = ["meet", "zoom"].map(|slug| App { slug, assets: &[("app.toml", "$slug.toml")], ..App::default() });
    let table = registry(dir.path(), "", &apps, vec![]).table();
    let plan = |vars: &[(&str, &str)]| {
        let vars = vars.iter().map(|(name, value)| (name.into(), value.into()));
        LinkPlan::new(table, &Environment::from_vars(table, vars).unwrap())
    };
    let whole = plan(&[]);
    assert_eq!((whole.links.len(), whole.hash), (2, table.links_hash()));
    let parts = [plan(&[("BAKEHOUSE_APP_MEET", "off")]), plan(&[("BAKEHOUSE_APP_ZOOM", "off")])];
    assert_eq!([0, 1].map(|idx: usize| parts[idx].links[0].public), [&b"zoom.toml"[..], b"meet.toml"]);
    assert!(parts[0].hash != parts[1].hash && parts.iter().all(|part| part.hash != whole.hash));
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
