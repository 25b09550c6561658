//! Real trees, where they lie beside the workspace: cal.com's app store, and two thousand APIs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::common::{Host, Run};

/// The folder of a corpus, unless there are none here; in CI they have to be.
fn corpus(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora").join(name);
    if !folder.join("materialize").exists() {
        assert!(std::env::var_os("CI").is_none(), "CI runs with the corpora, but there is no {}", folder.display());
        println!("skipped: there is no {}", folder.display());
        return None;
    }
    Some(folder)
}

fn materialize(corpus: &Path, host: &Host) {
    let output = Command::new(corpus.join("materialize")).arg(host.dir()).output().expect("the corpus' tool runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Looks up paths, a line each.
fn look_up(host: &Host, paths: &[&str]) -> Vec<Value> {
    let stdin = paths.join("\n");
    let run = host.run_with(&["routes", "--stdin", "--format", "json"], &[], stdin.as_bytes());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.json_lines()
}

fn fine(run: Run) -> Run {
    assert_eq!(run.code, Some(0), "{run}");
    run
}

#[test]
fn calcom() {
    let Some(corpus) = corpus("calcom") else { return };
    let host = Host::new(&[]);
    materialize(&corpus, &host);
    let apps = fine(host.run(&["apps", "--format", "json"])).json_lines();
    assert_eq!(apps.len(), 105);
    assert_eq!(apps.iter().filter_map(|app| app["assets"].as_u64()).sum::<u64>(), 410);

    let first = fine(host.run(&["link", "--public", "P", "--format", "json"])).json();
    assert_eq!((&first["created"], &first["conflicts"], &first["failed"]), (&first["planned"], &0.into(), &0.into()));
    assert_eq!(assets_in("P", &corpus, &host).len(), 410);
    let second = fine(host.run(&["link", "--public", "P", "--format", "json"])).json();
    assert_eq!((&second["unchanged"], &second["created"]), (&first["planned"], &0.into()));

    let status = fine(host.run(&["status", "--public", "P", "--format", "json"])).json();
    assert_eq!(status["ok"].as_array().map(Vec::len), first["planned"].as_u64().and_then(|n| n.try_into().ok()));

    let spellings: BTreeSet<(String, &str)> = apps.iter().flat_map(spellings).collect();
    let paths: Vec<&str> = spellings.iter().map(|(path, _)| path.as_str()).collect();
    for (found, (path, slug)) in look_up(&host, &paths).iter().zip(&spellings) {
        assert_eq!((found["path"].as_str(), found["app"].as_str()), (Some(path.as_str()), Some(*slug)));
    }
    assert_eq!(spellings.len(), 230);
}

/// The bytes of the assets that are in a folder as in their apps.
fn assets_in(folder: &str, corpus: &Path, host: &Host) -> Vec<Vec<u8>> {
    let list = fs::read_to_string(corpus.join("assets.tsv")).expect("the list of assets");
    let paths = list.lines().skip(1).filter_map(|line| line.split_once('\t')).map(|(path, _)| path);
    let folder = host.path(folder).join("app-store");
    let bytes = |path: &str| {
        let source = fs::read(host.path("apps").join(path)).ok()?;
        let public = fs::read(folder.join(path.replace("/static/", "/"))).ok()?;
        (source == public).then_some(public)
    };
    paths.filter_map(bytes).collect()
}

#[test]
#[cfg(unix)]
fn calcom_is_shipped_with_equal_files_once() {
    let Some(corpus) = corpus("calcom") else { return };
    let host = Host::new(&[]);
    materialize(&corpus, &host);
    fine(host.run(&["materialize", "M", "--dedupe"]));
    let assets = assets_in("M", &corpus, &host);
    let different: BTreeSet<_> = assets.iter().collect();
    assert_eq!((assets.len(), n_files(&host.path("M"))), (410, different.len()));
}

/// How many files there are below a folder, each counted once however many names it has.
#[cfg(unix)]
fn n_files(folder: &Path) -> usize {
    use std::os::unix::fs::MetadataExt as _;

    let (mut open, mut files) = (vec![folder.to_owned()], BTreeSet::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let metadata = fs::symlink_metadata(&path).expect("what it is");
            assert!(!metadata.is_symlink(), "{}", path.display());
            if metadata.is_dir() {
                open.push(path);
            } else {
                files.insert(metadata.ino());
            }
        }
    }
    files.len()
}

/// A path for each name of an app.
fn spellings(app: &Value) -> Vec<(String, &str)> {
    let slug = app["slug"].as_str().expect("a slug");
    let aliases = app["aliases"].as_array().expect("aliases").iter().filter_map(Value::as_str);
    aliases.chain([slug]).map(|name| (format!("/api/integrations/{name}/add"), slug)).collect()
}

#[test]
fn openapi() {
    let Some(corpus) = corpus("openapi") else { return };
    let host = Host::new(&[]);
    materialize(&corpus, &host);
    let probes = fs::read_to_string(host.path("probes.tsv")).expect("the probes");
    let probes: Vec<Vec<&str>> = probes.lines().map(|line| line.split('\t').collect()).collect();
    let paths: Vec<&str> = probes.iter().map(|probe| probe[0]).collect();
    let found = look_up(&host, &paths);
    assert_eq!((found.len(), probes.len()), (32_127, 32_127));
    for (found, probe) in found.iter().zip(&probes) {
        assert_eq!([&found["path"], &found["app"], &found["pattern"]], [probe[0], probe[1], probe[2]]);
    }
}
