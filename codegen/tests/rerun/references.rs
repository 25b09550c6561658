//! `route!` and `asset!` in the package that bakes and in an app's crate: what they give, what rustc says of one that is
//! wrong, and that a change of what they name is seen.

use std::fs;

use super::project::{Build, Project, dependency};

const MAIN: &str = r#"
mod store {
    bakehouse_macros::apps!(table);
}

use bakehouse_macros::{asset, route};
use bakehouse_runtime::href::{Href, HrefError};

const ICON: Href = asset!("hello/icon.svg");
const HELLO: Href = route!("/api/hello");

fn main() -> Result<(), HrefError> {
    println!("{} apps", store::TABLE.n_apps());
    println!("{ICON}");
    println!("{HELLO}");
    println!("{}", route!("/api/hello/{name}/{*rest}", name = "a/b", rest = format!("{}/d e", "c"))?);
    Ok(())
}
"#;

const MANIFEST: &str = r#"slug = "hello"
name = "Hello"

[[route]]
path = "/$name"

[[route]]
path = "/hello/{name}/{*rest}"

[[assets]]
from = "static"
"#;

/// A host that refers to its app `hello`.
fn host(name: &str, main: &str) -> Project {
    let project = Project::new(name);
    project.write("apps.manifest.toml", "[host]\nname = \"test\"\n\n[routes]\nprefix = \"/api\"\n");
    project.write("apps/hello/app.toml", MANIFEST);
    project.write_main(main);
    project
}

/// A host with the app `hello`, whose code is that, and which refers to itself.
fn app(name: &str, code: &str) -> Project {
    let main = "mod store {\n    bakehouse_macros::apps!(table);\n}\n\nfn main() {\n    \
                let app = store::TABLE.resolve(\"hello\").expect(\"is there\");\n    hello::print(app);\n}\n";
    let project = Project::with_code(name, main);
    let both = format!("{}{}{}", dependency("sdk"), dependency("macros"), dependency("runtime"));
    let package = "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    project.write("apps/hello/Cargo.toml", &format!("{package}[dependencies]\n{both}"));
    project.write("apps/hello/app.toml", &format!("entry = \"hello::app\"\n{MANIFEST}"));
    project.write("apps/hello/src/lib.rs", code);
    project
}

fn lines(build: &Build) -> Vec<String> {
    build.run().lines().map(ToOwned::to_owned).collect()
}

#[test]
fn a_host_has_constants_that_follow_what_they_name() {
    let project = host("refs-host", MAIN);
    let build = project.build();
    let first = lines(&build);
    assert_eq!(
        first,
        ["1 apps", "/app-assets/hello/icon.svg?v=08cfb5ba6c1f1358", "/api/hello", "/api/hello/a%2Fb/c/d%20e"]
    );
    let before = fs::read(build.out_dir().join("bakehouse.table")).expect("reads the table");
    assert!(project.build().is_fresh());

    project.write("apps/hello/static/icon.svg", "<svg></svg>\n");
    let build = project.build();
    let second = lines(&build);
    assert_ne!(second[1], first[1], "another hash");
    let after = fs::read(build.out_dir().join("bakehouse.table")).expect("reads the table");
    assert_eq!(before, after, "in the same table");

    project.write(
        "apps.manifest.toml",
        "[host]\nname = \"test\"\n\n[assets]\nmount = \"x\"\n\n[routes]\nprefix = \"/api\"\n",
    );
    let third = lines(&project.build());
    assert_eq!(third[1], second[1].replace("app-assets/hello", "x"));
    assert!(project.build().is_fresh());
}

const WRONG: &str = r#"
mod store {
    bakehouse_macros::apps!(table);
}

use bakehouse_macros::{asset, route};
use bakehouse_runtime::href::Href;

const ICON: Href = asset!("hello/icno.svg");
const APP: Href = asset!("helo/icon.svg");
const HELLO: Href = route!("/hello");

fn main() {
    println!("{} {ICON} {APP} {HELLO}", store::TABLE.n_apps());
    println!("{}", route!("/api/hello/{name}/{*rest}", nme = 7).unwrap());
    println!("{}", route!("/api/hello/{name}/{*rest}").unwrap());
}
"#;

#[test]
fn each_wrong_reference_is_one_error_at_its_literal() {
    let project = host("refs-wrong", WRONG);
    let errors = project.build().errors();
    let expected = [
        ("asset!(\"hello/icno.svg\")", "there is no asset `hello/icno.svg`", "nearest asset is `hello/icon.svg`"),
        ("asset!(\"helo/icon.svg\")", "there is no asset `helo/icon.svg`", "nearest asset is `hello/icon.svg`"),
        ("route!(\"/hello\")", "there is no route `/hello`", "nearest route that the table has is `/api/hello`"),
        ("nme = 7", "`/api/hello/{name}/{*rest}` has no param `nme`", "nearest param is `name`"),
        ("{*rest}\").unwrap()", "params `name`, `rest` of", "add `name = …, rest = …`"),
    ];
    assert_eq!(errors.len(), expected.len(), "{errors:#?}");
    for ((place, message, help), error) in expected.into_iter().zip(&errors) {
        assert!([place, message, help].iter().all(|part| error.contains(part)), "{error}");
    }
}

/// A mistake in a manifest is told once: what refers to the host's apps has nothing to add.
#[test]
fn references_are_silent_while_manifests_are_wrong() {
    let project = host("refs-broken", MAIN);
    project.write("apps/hello/app.toml", &MANIFEST.replace("name = \"Hello\"", "nmae = \"Hello\""));
    let errors = project.build().errors();
    assert!(matches!(errors.as_slice(), [error] if error.contains("unknown key `nmae`")), "{errors:#?}");
}

const CODE: &str = r#"
use bakehouse_macros::{asset, route};
use bakehouse_runtime::table::AppRecord;

pub async fn app(_: &bakehouse_sdk::Context) -> Result<Hello, bakehouse_sdk::BoxError> {
    Ok(Hello)
}

pub struct Hello;

impl bakehouse_sdk::App for Hello {
    async fn handle(&self, _: bakehouse_sdk::Request) -> Result<bakehouse_sdk::Response, bakehouse_sdk::Error> {
        Err(bakehouse_sdk::Error::not_found())
    }
}

pub fn print(app: AppRecord<'static>) {
    println!("{}", app.asset(asset!("icon.svg")).unwrap());
    println!("{}", app.href(&route!("/$name")).unwrap());
    println!("{}", app.href(&route!("/hello/{name}/{*rest}", name = 7, rest = "x")).unwrap());
}
"#;

#[test]
fn an_app_refers_to_itself_wherever_its_host_puts_it() {
    let project = app("refs-app", CODE);
    let first = lines(&project.build());
    assert_eq!(first, ["/app-assets/hello/icon.svg?v=08cfb5ba6c1f1358", "/hello", "/hello/7/x"]);

    project.write(
        "apps.manifest.toml",
        "[host]\nname = \"test\"\n\n[assets]\nmount = \"x\"\n\n[routes]\nprefix = \"/v1\"\n",
    );
    let build = project.build();
    let moved = ["/x/icon.svg?v=08cfb5ba6c1f1358", "/v1/hello", "/v1/hello/7/x"];
    assert_eq!(lines(&build), moved);
    assert_eq!(build.fresh("hello"), Some(true), "the host's decision is no matter of the app's crate");

    project.write("apps/hello/static/icon.svg", "<svg></svg>\n");
    let build = project.build();
    assert_eq!(build.fresh("hello"), Some(false), "what it names has changed");
    assert_ne!(lines(&build)[0], moved[0]);

    project.write("apps/plain/app.toml", "slug = \"plain\"\nname = \"Plain, too\"\n");
    assert_eq!(project.build().fresh("hello"), Some(true), "another app is no matter of its crate");

    project.write(
        "apps/hello/app.toml",
        &format!("entry = \"hello::app\"\n{}", MANIFEST.replace("/hello/{name}", "/hi/{name}")),
    );
    let build = project.build();
    assert!(build.says("there is no route `/hello/{name}/{*rest}`"), "{}", build.stderr);
    assert!(build.says("the nearest route that the app's manifest has is `/hi/{name}/{*rest}`"), "{}", build.stderr);
}
