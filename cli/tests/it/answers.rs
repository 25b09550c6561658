//! What each command answers, to people and to programs.

use insta::assert_snapshot;

use crate::common::Host;

const FOREIGN: &[(&str, &str)] = &[
    ("apps.manifest.toml", "[host]\nname = \"foreign\"\ndialect = \"calcom\"\napps = [\"*\", \"templates/*\"]\n"),
    (
        "apps/zoom/config.json",
        "{ \"/*\": \"no comment\", \"slug\": \"zoom\", \"name\": \"Zoom\", \"type\": \"zoom_video\" }",
    ),
];

const BROKEN: &[(&str, &str)] = &[
    ("apps.manifest.toml", "[host]\nname = \"broken\"\napps = [\"*\", \"none/*\"]\n"),
    ("apps/one/app.toml", "slug = \"one\"\nname = \"Eins, zwei\"\nrequires = [\"two\"]\nalias = [\"é\"]\n"),
    ("apps/two/app.toml", "slug = \"two\"\nname = \"Two\"\nrequires = [\"one\"]\n"),
];

#[test]
fn check() {
    assert_snapshot!(Host::office().transcript(&["check", "check --format json"]));
}

#[test]
fn check_tells_warnings_and_under_verbose_notes() {
    assert_snapshot!(Host::new(FOREIGN).transcript(&["check", "check --verbose", "check --verbose --format json"]));
}

#[test]
fn check_tells_errors() {
    assert_snapshot!(Host::new(BROKEN).transcript(&["check", "check --format json"]));
}

#[test]
fn check_comes_to_the_same_if_nobody_reads() {
    let host = Host::new(BROKEN);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = host.command().arg("check").stdout(writer).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "2 apps checked: 2 errors, 1 warning\n");
}

#[test]
fn check_explains_codes() {
    let host = Host::new(&[]);
    for code in bakehouse_codegen::codes() {
        let run = host.run(&["check", "--explain", code]);
        let title = bakehouse_codegen::explain(code).and_then(|page| page.lines().next());
        assert_eq!((run.code, run.stdout.lines().next()), (Some(0), title), "{run}");
    }
    assert_snapshot!(host.transcript(&["check --explain route-conflit", "check --explain E0001"]));
}

#[test]
fn other_commands_tell_errors_alone() {
    let host = Host::new(BROKEN);
    for call in ["bake -o t", "apps", "routes", "routes --stdin", "link", "clean", "serve", "bench", ""] {
        let args: Vec<&str> = call.split(' ').filter(|arg| !arg.is_empty()).collect();
        let run = host.run(&args);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run}");
        assert!(run.stderr.contains("error[requires-circle]") && run.stderr.ends_with("2 errors\n"), "{run}");
        assert!(!run.stderr.contains("warning"), "{run}");
    }
    assert!(!host.path("t").exists() && !host.path("public").exists());
}

#[test]
#[cfg(unix)]
fn bake_goes_through_links_and_puts_no_file_in_the_place_of_a_device() {
    let host = Host::office();
    std::os::unix::fs::symlink("real.table", host.path("link.table")).expect("a link");
    host.write("real.table", "");
    assert_eq!(host.run(&["bake", "-o", "link.table"]).code, Some(0));
    assert!(host.path("link.table").is_symlink());
    std::os::unix::fs::symlink("/dev/null", host.path("device")).expect("a link");
    assert_eq!(host.run(&["bake", "-o", "device"]).code, Some(0));
    assert!(host.path("device").is_symlink());
    assert_eq!(host.run(&["-m", "real.table", "bake", "-o", "apps"]).code, Some(1), "a folder is not replaced");
    assert!(host.path("apps/mail").is_dir());
}

#[test]
fn bake() {
    let host = Host::office();
    assert_snapshot!(host.transcript(&["bake -o office.table", "bake --output again.table --format json", "bake"]));
    let read = |name| std::fs::read(host.path(name)).expect("a baked table");
    assert_eq!(read("office.table"), read("again.table"));
    let names = std::fs::read_dir(host.dir()).expect("the host's folder").count();
    assert_eq!(names, 4, "nothing but two tables was added to the manifest and the apps");
}

#[test]
fn apps() {
    assert_snapshot!(Host::office().transcript(&[
        "apps",
        "apps --format json",
        "apps cal",
        "apps meet",
        "apps mail --format json",
    ]));
}

#[test]
fn routes() {
    let host = Host::office();
    assert_snapshot!(host.transcript(&["routes", "routes --format json", "routes --method PUT"]));
    let [head, get] = ["HEAD", "GET"].map(|method| host.run(&["routes", "--method", method]).stdout);
    assert_eq!(head, get, "HEAD falls to GET");
}

#[test]
fn graph() {
    assert_snapshot!(Host::office().transcript(&[
        "graph",
        "graph --format json",
        "graph --as dot",
        "graph --as mermaid",
    ]));
}

#[test]
fn graph_draws_the_circle_that_keeps_a_host_from_baking() {
    let files: Vec<_> = BROKEN.iter().map(|(path, text)| (*path, text.replace("alias = [\"é\"]\n", ""))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let run = Host::new(&files).run(&["graph"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_eq!(
        run.stdout,
        "one  requires  two  in a circle\ntwo  requires  one  in a circle, to cut\ncircle: one -> two -> one\n\
         cut: two -> one, from `requires` to `uses`\n"
    );
    assert!(run.stderr.contains("error[requires-circle]"), "{run}");
}

#[test]
fn a_selection_is_taken_from_the_environment() {
    let host = Host::office();
    let select = |name| host.run_with(&["apps"], &[("BAKEHOUSE_SELECT", name)], b"");
    assert_eq!(select("small").stdout.lines().count(), 1);
    assert_eq!(select("").stdout.lines().count(), 3);
    assert_snapshot!(select("smal"));
}

#[test]
fn a_table_file_stands_for_its_manifest() {
    let host = Host::office();
    assert_eq!(host.run(&["bake", "-o", "office.table"]).code, Some(0));
    std::fs::rename(host.path("apps"), host.path("elsewhere")).expect("the apps can be moved");
    std::fs::remove_file(host.path("apps.manifest.toml")).expect("the manifest can be removed");
    assert_snapshot!(host.transcript(&[
        "-m office.table apps",
        "-m office.table check",
        "check -m office.table --format json",
        "-m office.table graph",
        "-m office.table routes /cal/1",
        "-m office.table bake -o copy.table",
        "-m office.table link",
        "-m office.table serve",
        "-m office.table link --root elsewhere",
        "-m office.table clean",
    ]));
}

#[test]
fn help() {
    assert_snapshot!(Host::new(&[]).transcript(&[
        "--help",
        "link --help",
        "status --help",
        "materialize --help",
        "doctor --help",
        "routes --help",
        "graph --help",
    ]));
}
