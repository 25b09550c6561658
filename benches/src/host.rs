//! Hosts to measure: made up here, or the corpora that lie beside the workspace.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bakehouse_codegen::{Options, compile};
use bakehouse_runtime::Table;

use crate::Result;
use crate::measure::output_of;

/// An app of a made-up host.
#[derive(Debug, Clone, Default)]
pub(crate) struct App {
    pub(crate) slug: String,
    /// Empty for an app without code.
    pub(crate) entry: &'static str,
    pub(crate) patterns: Vec<String>,
}

/// Bakes a host of these apps.
pub(crate) fn bake(apps: &[App]) -> Result<Vec<u8>> {
    let dir = tempfile::tempdir()?;
    for app in apps {
        let folder = dir.path().join("apps").join(&app.slug);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("app.toml"), manifest(app)?)?;
    }
    let manifest = dir.path().join("apps.manifest.toml");
    fs::write(&manifest, "[host]\nname = \"bench\"\n")?;
    table(&manifest)
}

fn manifest(App { slug, entry, patterns }: &App) -> Result<String> {
    let mut text = format!("slug = {slug:?}\nname = {slug:?}\n");
    if !entry.is_empty() {
        writeln!(text, "entry = {entry:?}")?;
    }
    for pattern in patterns {
        writeln!(text, "[[route]]\npath = {pattern:?}")?;
        // It matches the host's own paths too.
        if pattern.starts_with("/{") {
            writeln!(text, "yields = true")?;
        }
    }
    Ok(text)
}

/// The bytes of the table of a host manifest.
pub(crate) fn table(manifest: &Path) -> Result<Vec<u8>> {
    let compilation = compile(manifest, &Options::default());
    let wrong = compilation.diagnostics.first().map_or("", |diagnostic| diagnostic.message.as_str());
    let failed = || format!("{}: {wrong}", manifest.display());
    Ok(compilation.baked.ok_or_else(failed)?.table)
}

/// Keeps a table for the rest of the run, as a binary does.
pub(crate) fn keep(table: Vec<u8>) -> Result<Table<'static>> {
    Ok(Table::parse(table.leak())?)
}

/// A slug that no other number gives, of one to three words.
pub(crate) fn slug(number: usize) -> String {
    const WORDS: [&str; 12] = [
        "alpha",
        "calendar",
        "crm",
        "office365",
        "sync",
        "video",
        "zap",
        "payments",
        "hub",
        "messaging",
        "box",
        "forms",
    ];
    let word = |at: usize| WORDS.iter().cycle().nth(at % WORDS.len()).copied().unwrap_or_default();
    match number % 3 {
        0 => format!("{}{number}", word(number / 3)),
        1 => format!("{}-{}-{number}", word(number / 7), word(number / 3)),
        _ => format!("{}-{number}-{}-{}", word(number), word(number / 5), word(number / 11)),
    }
}

/// A file or folder of the corpora; none where they are not beside the workspace.
pub(crate) fn corpus(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora").join(path);
    path.exists().then_some(path)
}

/// Writes the tree of a corpus into `dir`; the path of its host manifest.
pub(crate) fn materialize(corpus_name: &str, dir: &Path) -> Result<Option<PathBuf>> {
    let Some(tool) = corpus(&format!("{corpus_name}/materialize")) else { return Ok(None) };
    output_of(Command::new(tool).arg(dir))?;
    Ok(Some(dir.join("apps.manifest.toml")))
}
