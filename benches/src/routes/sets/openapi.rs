//! The routes of two thousand APIs, an app each.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::Planned;
use crate::Result;
use crate::host::{corpus, keep, materialize, table};
use crate::routes::set::Set;

pub(super) fn sets() -> Vec<Planned> {
    if corpus("openapi").is_none() {
        return Vec::new();
    }
    vec![
        Planned::new("OpenAPI 9k", |name| in_dir(name, 2.5, |dir| part(dir, 9_000))),
        Planned::new("OpenAPI 32k", |name| in_dir(name, 4.0, |dir| Ok(dir.join("apps.manifest.toml")))),
    ]
}

fn in_dir(name: &str, faster: f64, manifest: impl FnOnce(&Path) -> Result<PathBuf>) -> Result<Set> {
    let dir = tempfile::tempdir()?;
    materialize("openapi", dir.path())?;
    let table = keep(table(&manifest(dir.path())?)?)?;
    let probes = fs::read_to_string(dir.path().join("probes.tsv"))?;
    let served = probes.lines().filter_map(|line| {
        let mut columns = line.split('\t');
        let (path, app, pattern) = (columns.next()?, columns.next()?, columns.next()?);
        table.resolve(app).map(|_| (pattern.to_owned(), path.to_owned()))
    });
    let mut set = Set::new(name, table, served)?.budget("matchit", faster);
    set.is_weighed = true;
    Ok(set)
}

/// A host manifest that names only so many apps of the corpus as have `n_routes` routes.
fn part(dir: &Path, n_routes: usize) -> Result<PathBuf> {
    let probes = fs::read_to_string(dir.join("probes.tsv"))?;
    let mut apps: Vec<&str> = probes.lines().take(n_routes).filter_map(|line| line.split('\t').nth(1)).collect();
    apps.dedup();
    let mut text = "[host]\nname = \"openapi\"\nroot = \"apps\"\napps = [".to_owned();
    for app in apps {
        write!(text, "{app:?}, ")?;
    }
    let manifest = dir.join("part.manifest.toml");
    fs::write(&manifest, text + "]\n")?;
    Ok(manifest)
}
