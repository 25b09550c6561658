//! Circles in `requires`: told once for the apps in them, and gone once the edges that the answer names are `uses`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use insta::assert_snapshot;
use serde_json::Value;

use crate::common::Host;

type Edges = Vec<BTreeSet<usize>>;

/// A host whose app of each number requires some others, and uses others.
fn host(requires: &Edges, uses: &Edges) -> Host {
    let host = Host::new(&[("apps.manifest.toml", "[host]\nname = \"circles\"\n")]);
    for (app, (requires, uses)) in requires.iter().zip(uses).enumerate() {
        let mut text = format!("slug = \"{}\"\nname = \"App\"\n", slug(app));
        for (key, apps) in [("requires", requires), ("uses", uses)] {
            let _ = writeln!(text, "{key} = {:?}", apps.iter().copied().map(slug).collect::<Vec<_>>());
        }
        host.write(&format!("apps/{}/app.toml", slug(app)), text);
    }
    host
}

fn slug(app: usize) -> String {
    format!("app-{app:03}")
}

fn number(slug: &Value) -> usize {
    slug.as_str().and_then(|slug| slug.strip_prefix("app-")?.parse().ok()).expect("the slug of an app")
}

/// 264 pairs of apps that require each other, each by itself.
fn pairs() -> Edges {
    (0..528).map(|app| BTreeSet::from([app ^ 1])).collect()
}

/// As many pairs, one behind the other.
fn chain() -> Edges {
    (0..=264_usize).map(|app| app.checked_sub(1).into_iter().chain((app < 264).then_some(app + 1)).collect()).collect()
}

/// Sixty apps that all require one another.
fn everybody() -> Edges {
    (0..60).map(|app| (0..60).filter(|other| *other != app).collect()).collect()
}

#[test]
fn many_circles_are_told_and_run_once_the_named_edges_are_uses() {
    for (mut requires, n_told, n_cuts) in [(pairs(), 264, 264), (chain(), 1, 264), (everybody(), 1, 1770)] {
        let mut uses: Edges = vec![BTreeSet::new(); requires.len()];
        let circular = host(&requires, &uses);
        let told = circular.run(&["check", "--format", "json"]);
        assert_eq!((told.code, told.json().as_array().map(Vec::len)), (Some(1), Some(n_told)), "{told}");
        let graph = circular.run(&["graph", "--format", "json"]).json();
        let cuts = graph["cuts"].as_array().expect("a list of edges");
        assert_eq!(cuts.len(), n_cuts);
        for (from, to) in cuts.iter().map(|cut| (number(&cut["from"]), number(&cut["to"]))) {
            assert!(requires[from].remove(&to), "{from} requires {to}");
            uses[from].insert(to);
        }
        let straight = host(&requires, &uses);
        assert_eq!(straight.run(&["check", "--format", "json"]).json(), Value::Array(vec![]));
        assert_eq!(straight.run(&["bake", "-o", "circles.table"]).code, Some(0));
        let graph = straight.run(&["graph", "--format", "json"]).json();
        assert_eq!(graph["cuts"], Value::Array(vec![]), "circles of `uses` are none to cut");
        assert!(!graph["cycles"].as_array().expect("a list of circles").is_empty());
    }
}

/// However many apps are in a circle, what is said of it can be read.
#[test]
fn a_large_circle_is_told_in_short() {
    let ring: Edges = (0..20).map(|app| BTreeSet::from([(app + 1) % 20])).collect();
    let reports = [ring, everybody()].map(|requires| {
        let uses = vec![BTreeSet::new(); requires.len()];
        host(&requires, &uses).run(&["check"]).to_string()
    });
    // The lines of manifests that name sixty apps are as long as their authors made them.
    let is_said = |line: &&str| !line.starts_with("3 | requires = [") || line.len() < 100;
    assert_snapshot!(reports.join("\n").lines().filter(is_said).collect::<Vec<_>>().join("\n"));
}

#[test]
fn edges_to_cut_are_marked_in_every_drawing() {
    let requires = vec![BTreeSet::from([1]), BTreeSet::from([0, 2]), BTreeSet::new()];
    let host = host(&requires, &vec![BTreeSet::new(); 3]);
    let drawings = ["text", "dot", "mermaid"].map(|drawing| host.run(&["graph", "--as", drawing]).stdout);
    let json = host.run(&["graph", "--format", "json"]).stdout;
    assert_snapshot!([&drawings[..], &[json]].concat().join("\n"));
}
