//! What a selection leaves out is left out: not compiled, not named, not in the table.

use std::fs;

use bakehouse_runtime::Table;
use bakehouse_runtime::table::RouteRecord;

use super::project::{PRINT_TABLE, Project, dependency};

/// The app that is left out, which others name in every way they can.
const SLUG: &str = "leftover";

/// A host of two apps with code, of which one can't be compiled.
fn project(name: &str) -> Project {
    let project = Project::with_code(name, &PRINT_TABLE.replace("apps!(table)", "apps!()"));
    let optional = |app: &str| format!("{app} = {{ path = \"apps/{app}\", optional = true }}\n");
    let dependencies = [dependency("sdk"), optional("hello"), optional(SLUG)].concat();
    project.write_package(&dependencies, "[features]\ndefault = [\"hello\"]\n");
    let selections = "[select]\nkept = [\"hello\"]\nleft = [\"leftover\"]\n";
    project.write("apps.manifest.toml", &format!("[host]\nname = \"test\"\ncore = [\"{SLUG}\"]\n{selections}"));
    let hello = "slug = \"hello\"\nname = \"Hello\"\nentry = \"hello::app\"\nuses = [\"leftover\"]\n\
        [[route]]\npath = \"/hello\"\npreload = [\"remains\"]\noverrides = [\"leftover\"]\n\
        [[assets]]\nfrom = \"static\"\n";
    project.write("apps/hello/app.toml", hello);
    let leftover = "slug = \"leftover\"\naliases = [\"remains\"]\nname = \"Leftover\"\nentry = \"leftover::app\"\n\
        [[route]]\npath = \"/leftover-route\"\n[[assets]]\nfrom = \"leftover.svg\"\n";
    project.write("apps/leftover/app.toml", leftover);
    project.write("apps/leftover/leftover.svg", "<svg/>\n");
    let package = "[package]\nname = \"leftover\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    project.write("apps/leftover/Cargo.toml", package);
    project.write("apps/leftover/src/lib.rs", "compile_error!(\"the app that was left out is compiled\");\n");
    project
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.to_ascii_lowercase().windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn an_app_that_is_not_selected_is_nowhere_in_the_host() {
    let project = project("rerun-selection");
    let build = project.build_with("", Some("kept"));
    assert_eq!(build.apps(), ["hello: Hello"]);
    let compiled = build.compiled();
    assert!(compiled.contains("hello") && !compiled.contains(SLUG), "{compiled:?}");

    let table = fs::read(build.out_dir().join("bakehouse.table")).expect("reads the table");
    let program = fs::read(build.executable()).expect("reads the program");
    for name in [SLUG, "remains"] {
        assert!(!holds(&table, name) && !holds(&program, name), "`{name}` is in the host");
    }
    assert!(holds(&program, "/hello"), "what is selected is there");

    let table = Table::parse(&table).expect("is a table");
    assert_eq!(table.routes().map(RouteRecord::pattern).collect::<Vec<_>>(), ["/hello"]);
    assert_eq!(table.links().map(|link| table.app(link.app).slug()).collect::<Vec<_>>(), ["hello"]);
}

/// That the app can't be compiled is what the other test stands on.
#[test]
fn an_app_that_is_selected_is_compiled() {
    let project = project("rerun-selection-left");
    let build = project.build_with("--no-default-features --features leftover", Some("left"));
    assert!(!build.success);
    assert!(build.says("the app that was left out is compiled"), "{}", build.stderr);
}
