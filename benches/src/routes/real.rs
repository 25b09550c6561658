//! Real routes: GitHub's, and those of two thousand APIs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::{Set, hits};
use crate::host::{App, bake, corpus, keep, materialize, table};
use crate::{Report, Result};

/// The sets for which there is a corpus.
pub(super) fn sets(report: &mut Report) -> Result<Vec<Set>> {
    let mut sets = Vec::new();
    match corpus("routes/github_matchit.txt") {
        Some(path) => sets.push(github(&path)?),
        None => report.note("GitHub's routes are left out: there is no ../shared/corpora/routes"),
    }
    let dir = tempfile::tempdir()?;
    match materialize("openapi", dir.path())? {
        Some(manifest) => {
            sets.push(openapi(dir.path(), &part(dir.path(), 9_000)?, 2.5)?);
            sets.push(openapi(dir.path(), &manifest, 4.0)?);
        }
        None => report.note("lookups in the OpenAPI corpus are left out: there is no ../shared/corpora/openapi"),
    }
    Ok(sets)
}

fn github(path: &Path) -> Result<Set> {
    let patterns: Vec<String> = fs::read_to_string(path)?.lines().map(str::to_owned).collect();
    let hits = hits(patterns.iter().map(|pattern| (pattern.clone(), filled(pattern))));
    let app = App { slug: "github".to_owned(), entry: "", patterns };
    Ok(Set { name: "GitHub's routes".to_owned(), table: keep(bake(&[app])?)?, hits, faster: 2.0 })
}

/// A path of a pattern: `{p1}` becomes `p1-value`.
fn filled(pattern: &str) -> String {
    pattern.replace('{', "").replace('}', "-value")
}

/// A host manifest that names only so many apps of the corpus as have `n_routes` routes.
fn part(dir: &Path, n_routes: usize) -> Result<std::path::PathBuf> {
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

fn openapi(dir: &Path, manifest: &Path, faster: f64) -> Result<Set> {
    let table = keep(table(manifest)?)?;
    let probes = fs::read_to_string(dir.join("probes.tsv"))?;
    let rows = probes.lines().filter_map(|line| {
        let mut columns = line.split('\t');
        let (path, app, pattern) = (columns.next()?, columns.next()?, columns.next()?);
        table.resolve(app).map(|_| (pattern.to_owned(), path.to_owned()))
    });
    let hits = hits(rows);
    Ok(Set { name: format!("OpenAPI, {} routes", table.n_routes()), table, hits, faster })
}
