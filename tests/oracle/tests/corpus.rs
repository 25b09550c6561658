//! On real APIs the table answers what their list says.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use bakehouse_codegen::{Options, compile};
use bakehouse_oracle::host::told;
use bakehouse_runtime::find::Found;
use bakehouse_runtime::{Method, Table};

#[test]
fn every_route_of_the_real_apis_is_found() {
    let Some(materialize) = corpus("openapi/materialize") else { return };
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new(materialize).arg(folder.path()).output().unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    let compilation = compile(&folder.path().join("apps.manifest.toml"), &Options::default());
    let baked = compilation.baked.as_ref().unwrap_or_else(|| panic!("{}", told(&compilation)));
    let table = Table::parse(&baked.table).unwrap();
    let probes = fs::read_to_string(folder.path().join("probes.tsv")).unwrap();
    for probe in probes.lines() {
        let [path, app, pattern] = probe.split('\t').collect::<Vec<_>>()[..] else { panic!("{probe}") };
        let found = table.find(Method::GET, path.as_bytes());
        let Found::Match(found) = found else { panic!("{probe}: {found:?}") };
        assert_eq!((found.app().slug(), found.route().pattern()), (app, pattern), "{path}");
    }
    assert!(probes.lines().count() > 30_000);
}

/// A file of the corpora, which lie beside the repository. Without it a test is skipped, but not in CI.
fn corpus(path: &str) -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora").join(path);
    if file.exists() {
        return Some(file);
    }
    assert!(env::var_os("CI").is_none(), "{} is not there", file.display());
    println!("skipped: {} is not there", file.display());
    None
}
