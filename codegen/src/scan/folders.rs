//! Which folders hold an app.

use std::path::Path;
use std::{fs, io};

use glob::{MatchOptions, Pattern};

use super::{ReadError, file_names};

/// Which folders below root hold an app.
#[derive(Debug)]
pub(crate) struct FolderGlobs {
    pub(crate) apps: Vec<Pattern>,
    pub(crate) exclude: Vec<Pattern>,
    /// File names to look for; the first that exists wins.
    pub(crate) manifest_names: Vec<String>,
}

impl FolderGlobs {
    /// Whether they take in a folder.
    fn take(&self, path: &str) -> bool {
        let any = |globs: &[Pattern]| globs.iter().any(|glob| glob.matches_with(path, GLOB_OPTIONS));
        any(&self.apps) && !any(&self.exclude)
    }
}

/// A folder that the globs take in.
#[derive(Debug)]
pub(crate) struct AppFolder {
    /// Its path below root, `/`-separated.
    pub(crate) path: String,
    /// The name of the manifest in it; none if it has none.
    pub(crate) manifest: Option<String>,
    /// The names of the files in it; only looked at where there is no manifest.
    pub(crate) files: Vec<String>,
}

/// What [`app_folders`] found.
#[derive(Debug, Default)]
pub(crate) struct Folders {
    pub(crate) found: Vec<AppFolder>,
    pub(crate) errors: Vec<ReadError>,
    /// Links to folders with a manifest that the globs would take in.
    pub(crate) linked: Vec<String>,
    /// For each of the `apps` globs, whether it took in a folder.
    pub(crate) used: Vec<bool>,
}

const GLOB_OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// The folders below `root` that the globs take in, sorted by path.
pub(crate) fn app_folders(root: &Path, globs: &FolderGlobs) -> Folders {
    let mut folders = Folders { used: vec![false; globs.apps.len()], ..Folders::default() };
    let mut open = vec![String::new()];
    while let Some(above) = open.pop() {
        let (entries, errors) = subfolders(&root.join(&above));
        folders.errors.extend(errors);
        for (name, is_link) in entries {
            let path = if above.is_empty() { name } else { format!("{above}/{name}") };
            if is_link {
                take_link(root, globs, path, &mut folders);
                continue;
            }
            take_folder(root, globs, &path, &mut folders);
            if globs.apps.iter().any(|glob| takes_below(glob, &path)) {
                open.push(path);
            }
        }
    }
    folders.found.sort_by(|a, b| a.path.cmp(&b.path));
    folders
}

/// The names of what may be folders in a folder, and whether each is a link; and what could not be read of it.
fn subfolders(folder: &Path) -> (Vec<(String, bool)>, Vec<ReadError>) {
    let (mut names, mut errors) = (Vec::new(), Vec::new());
    let mut fail = |path: &Path, error| errors.push(ReadError { path: path.to_owned(), error });
    let entries = fs::read_dir(folder).map_err(|error| fail(folder, error)).into_iter().flatten();
    for entry in entries {
        let (kind, entry) = match entry.and_then(|entry| Ok((entry.file_type()?, entry))) {
            Ok(found) => found,
            Err(error) => {
                fail(folder, error);
                continue;
            }
        };
        if !kind.is_dir() && !kind.is_symlink() {
            continue;
        }
        if let Ok(name) = entry.file_name().into_string() {
            names.push((name, kind.is_symlink()));
        } else {
            fail(&entry.path(), io::Error::new(io::ErrorKind::InvalidData, "its name is not UTF-8"));
        }
    }
    (names, errors)
}

/// Remembers a link that would be an app if links were followed.
fn take_link(root: &Path, globs: &FolderGlobs, path: String, folders: &mut Folders) {
    let folder = root.join(&path);
    if globs.take(&path) && globs.manifest_names.iter().any(|name| folder.join(name).is_file()) {
        folders.linked.push(path);
    }
}

/// Whether a glob can take in a folder below this one: the beginning of it, of as many parts, takes in this one.
fn takes_below(glob: &Pattern, folder: &str) -> bool {
    if glob.as_str().contains("**") {
        return true;
    }
    let n_parts = folder.split('/').count();
    let beginning: Vec<&str> = glob.as_str().split('/').take(n_parts).collect();
    glob.as_str().split('/').count() > n_parts
        && Pattern::new(&beginning.join("/")).is_ok_and(|beginning| beginning.matches_with(folder, GLOB_OPTIONS))
}

fn take_folder(root: &Path, globs: &FolderGlobs, path: &str, folders: &mut Folders) {
    if !globs.take(path) {
        return;
    }
    let folder = root.join(path);
    for (glob, used) in globs.apps.iter().zip(&mut folders.used) {
        *used |= glob.matches_with(path, GLOB_OPTIONS);
    }
    let manifest = globs.manifest_names.iter().find(|name| folder.join(name).symlink_metadata().is_ok()).cloned();
    let files = if manifest.is_some() { Vec::new() } else { file_names(&folder) };
    folders.found.push(AppFolder { path: path.to_owned(), manifest, files });
}
