//! What rustc says of a call that is wrong: one error, and none of what uses its items.

use std::fs;
use std::path::Path;

/// The manifest of the app as which the cases are compiled.
const MANIFEST: &str = r#"slug = "zoom"
aliases = ["zoomvideo"]
entry = "zoom::app"

[[route]]
path = "/$name"

[[route]]
path = "/api/integrations/$name/{*rest}"

[[route]]
path = "/bookings/{booking-id}/seats/{seat}"

[[assets]]
from = "static"

[[assets]]
from = "dark"
to = "dark/zoom"
"#;

/// Trybuild compiles all cases as one package, whose folder it does not empty: with a manifest in it, that is an app.
fn make_app() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("lies in the target folder");
    let package = target.join("tests/trybuild").join(env!("CARGO_PKG_NAME"));
    for file in ["static/icon.svg", "static/rooms/large.svg", "static/logo.svg", "dark/logo.svg"] {
        let file = package.join(file);
        fs::create_dir_all(file.parent().expect("is in a folder")).expect("makes a folder");
        fs::write(file, "<svg/>\n").expect("writes a file");
    }
    fs::write(package.join("app.toml"), MANIFEST).expect("writes a file");
}

#[test]
fn ui() {
    make_app();
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    cases.pass("tests/app/*.rs");
}
