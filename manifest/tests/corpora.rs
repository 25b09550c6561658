//! Real manifests: cal.com's app store and two thousand APIs, where they lie beside the workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bakehouse_manifest::calcom::{self, DESCRIPTION_NAME};
use bakehouse_manifest::native;

/// Writes the tree of a corpus, unless there are none here; in CI they have to be.
fn materialize(corpus: &str) -> Option<PathBuf> {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora").join(corpus).join("materialize");
    if !tool.exists() {
        assert!(std::env::var_os("CI").is_none(), "CI runs with the corpora, but there is no {}", tool.display());
        println!("skipped: there is no {}", tool.display());
        return None;
    }
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("manifest-{corpus}"));
    let output = Command::new(&tool).arg(&dir).output().expect("the corpus' tool runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(dir)
}

/// All files below `dir` with one of the names.
fn files(dir: &Path, names: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("a folder of the corpus") {
        let path = entry.expect("an entry of the corpus").path();
        if path.is_dir() {
            found.extend(files(&path, names));
        } else if names.iter().any(|name| path.file_name().is_some_and(|it| it == *name)) {
            found.push(path);
        }
    }
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn calcom_has_no_problem() {
    let Some(dir) = materialize("calcom") else { return };
    let (host, problems) = native::parse_host(&read(&dir.join("apps.manifest.toml")));
    assert_eq!(problems, []);
    let root = dir.join(host.host.root.expect("a root").value);
    let manifests = files(&root, &["config.json", "metadata.derived.json"]);
    assert_eq!(manifests.len(), 106, "105 apps, one of which has both files");
    let (mut n_references, mut missing) = (0, Vec::new());
    for path in &manifests {
        let folder = path.parent().expect("a folder");
        let name = folder.strip_prefix(&root).expect("a folder of the corpus").display().to_string().replace('\\', "/");
        let file_name = path.file_name().expect("a file name").to_string_lossy();
        let description = folder.join(DESCRIPTION_NAME);
        let description = description.exists().then(|| read(&description));
        let (app, problems, described) =
            calcom::parse_app(&name, &file_name, &read(path), description.as_deref(), folder.join("static").is_dir());
        assert_eq!((problems, described), (vec![], vec![]), "{name}");
        assert!(app.slug.is_some() && app.name.is_some() && !app.aliases.is_empty(), "{name}: {app:?}");
        serde_json::from_str::<serde_json::Value>(&app.metadata.0).expect("metadata is JSON");
        n_references += app.references.len();
        missing.extend(
            app.references.iter().map(|it| format!("{name}/{}", *it.path)).filter(|it| !root.join(it).exists()),
        );
    }
    println!("{n_references} references, missing: {missing:#?}");
    assert!(n_references > 300, "every description names files, but only {n_references} were found");
    assert!(missing.len() < 10, "nearly all references are right, so these are misread: {missing:#?}");
}

#[test]
fn openapi_has_no_problem() {
    let Some(dir) = materialize("openapi") else { return };
    let manifests = files(&dir, &["app.toml"]);
    assert_eq!(manifests.len(), 1984);
    let mut n_routes = 0;
    for path in &manifests {
        let text = read(path);
        let (app, problems) = native::parse_app(&text);
        assert_eq!(problems, [], "{}", path.display());
        assert!(app.routes.iter().all(|route| text.get(route.span.start..route.span.end) == Some("[[route]]")));
        n_routes += app.routes.len();
    }
    assert_eq!(n_routes, 32_127);
}
