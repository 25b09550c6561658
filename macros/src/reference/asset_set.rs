//! The assets of an app's own manifest: what its sets hold on disk.

use std::fs;
use std::path::Path;

use bakehouse_manifest::AppManifest;

/// An asset by the names that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asset {
    /// Its path in its set.
    pub(crate) name: String,
    /// Its path in the app's folder.
    pub(crate) source: String,
}

/// What the sets of a manifest hold, sorted by path. Files that a bake would leave out, dotfiles for instance, are none.
pub(crate) fn own_assets(manifest: &AppManifest, folder: &Path) -> Vec<Asset> {
    let mut assets = Vec::new();
    for set in &manifest.assets {
        let from = set.from.value.as_str();
        if folder.join(from).is_dir() {
            take_folder(folder, from, "", &mut assets);
        } else if folder.join(from).is_file() {
            let name = from.rsplit('/').next().unwrap_or(from).to_owned();
            assets.extend(real_source(folder, from).map(|source| Asset { name, source }));
        }
    }
    assets
}

/// Takes in the files below a folder of a set. Names that are not UTF-8 can't be written in a literal.
fn take_folder(app: &Path, from: &str, below: &str, assets: &mut Vec<Asset>) {
    let entries = fs::read_dir(app.join(from).join(below)).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    for name in names {
        let name = if below.is_empty() { name } else { format!("{below}/{name}") };
        let path = app.join(from).join(&name);
        if path.is_file() {
            let source = real_source(app, &format!("{from}/{name}"));
            assets.extend(source.map(|source| Asset { name, source }));
        } else if path.is_dir() && !path.is_symlink() {
            take_folder(app, from, &name, assets);
        }
    }
}

/// Where a file of the app really lies, as the table has it; none if a link leads out of the app's folder.
fn real_source(app: &Path, path: &str) -> Option<String> {
    let real = app.join(path).canonicalize().ok()?;
    let below = real.strip_prefix(app.canonicalize().ok()?).ok()?.to_str()?;
    Some(below.replace(std::path::MAIN_SEPARATOR, "/"))
}
