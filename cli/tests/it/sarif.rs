//! `check --format sarif`: what tools of code review are told.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::Value;

use crate::common::Host;

/// A mistake with two places, one of a file as a whole, a warning, and names that no URI has as they are.
const WRONG: &[(&str, &str)] = &[
    ("apps.manifest.toml", "[host]\nname = \"wrong\"\napps = [\"*\", \"none/*\"]\n"),
    ("apps/a b/app.toml", "slug = \"one\"\nname = \"Eins\"\nkey = \"é\"\n[[route]]\npath = \"/é/{id}\"\n"),
    ("apps/two/app.toml", "slug = \"two\"\nname = \"Two\"\n[[route]]\npath = \"/é/{name}\"\n"),
    ("apps/three/app.toml", "name = \"Three\"\n"),
];

/// Holds a log against the schema's required parts, as far as `check` uses it, and returns the results.
fn results(log: &Value) -> &[Value] {
    let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    assert!(text(&log["$schema"]) && log["version"] == "2.1.0", "{log}");
    let [run] = log["runs"].as_array().expect("runs").as_slice() else { panic!("one run: {log}") };
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let driver = &run["tool"]["driver"];
    assert!(text(&driver["name"]) && text(&driver["version"]), "{driver}");
    let rules = driver["rules"].as_array().expect("rules");
    let ids: BTreeSet<_> = rules.iter().map(|rule| rule["id"].as_str().expect("an id")).collect();
    assert_eq!(ids.len(), rules.len(), "a rule is there once");
    for rule in rules {
        let texts = [&rule["shortDescription"]["text"], &rule["help"]["text"], &rule["help"]["markdown"]];
        assert!(texts.into_iter().all(text), "{rule}");
    }
    let results = run["results"].as_array().expect("results");
    for result in results {
        let idx = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("a small index");
        assert_eq!(rules[idx]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")), "{result}");
        assert!(text(&result["message"]["text"]), "{result}");
        assert_eq!(result["locations"].as_array().map(Vec::len), Some(1), "{result}");
        let related = result["relatedLocations"].as_array().expect("a list");
        for location in result["locations"].as_array().into_iter().flatten().chain(related) {
            check_location(location);
        }
        let ids: BTreeSet<_> = related.iter().map(|location| location["id"].as_u64().expect("an id")).collect();
        assert_eq!(ids.len(), related.len(), "{result}");
    }
    results
}

fn check_location(location: &Value) {
    let physical = &location["physicalLocation"];
    let uri = physical["artifactLocation"]["uri"].as_str().expect("a URI");
    assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte)), "{uri}");
    if let Some(region) = physical.get("region") {
        let number = |name: &str| region[name].as_u64().filter(|n| *n > 0).expect("numbers begin at 1");
        let [start, end] = ["start", "end"].map(|end| (number(&format!("{end}Line")), number(&format!("{end}Column"))));
        assert!(start <= end, "{region}");
    }
}

#[test]
fn a_log_has_each_diagnostic_with_its_places_and_rule() {
    let host = Host::new(WRONG);
    let run = host.run(&["check", "--format", "sarif"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""), "{run}");
    let log = run.json();
    let json = host.run(&["check", "--format", "json"]).json();
    let told = |value: &Value, code: &str, level: &str| (value[code].clone(), value[level].clone());
    let codes: Vec<_> = json.as_array().expect("a list").iter().map(|it| told(it, "code", "severity")).collect();
    assert_eq!(results(&log).iter().map(|it| told(it, "ruleId", "level")).collect::<Vec<_>>(), codes);
    // The pages on the codes have their own tests.
    assert_snapshot!(serde_json::to_string_pretty(results(&log)).expect("JSON"));
}

#[test]
fn a_log_of_nothing_is_a_log() {
    let host = Host::office();
    assert_eq!(host.run(&["bake", "-o", "office.table"]).code, Some(0));
    for args in [&["check", "--format", "sarif"][..], &["-m", "office.table", "check", "--format", "sarif"]] {
        let run = host.run(args);
        assert_eq!((run.code, results(&run.json()).len()), (Some(0), 0), "{run}");
    }
}

#[test]
fn places_are_relative_to_where_the_command_ran() {
    let host = Host::new(&[]);
    for (path, text) in WRONG {
        host.write(&format!("a store/{path}"), text);
    }
    let log = host.run(&["-m", "a store/apps.manifest.toml", "check", "--format", "sarif"]).json();
    let uris: BTreeSet<_> = results(&log)
        .iter()
        .filter_map(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str())
        .collect();
    assert!(uris.contains("a%20store/apps/a%20b/app.toml"), "{uris:?}");
}

#[test]
fn other_answers_are_not_sarif() {
    let host = Host::office();
    for call in ["routes", "bake -o t", "check --explain syntax", ""] {
        let args: Vec<_> = call.split_terminator(' ').chain(["--format", "sarif"]).collect();
        let run = host.run(&args);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run}");
        assert!(run.stderr.starts_with("error: `--format sarif` is for what `check` finds"), "{run}");
    }
}
