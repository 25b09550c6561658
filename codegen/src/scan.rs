//! Reads the disk: manifests, descriptions and what asset sets hold. Nothing else in this crate does.
//!
//! Folders are walked in the order of their names and links are not followed, so that the same tree always gives the same
//! answer. What is read here is what cargo is told to watch.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};
use walkdir::{DirEntry, WalkDir};

/// A file or folder that could not be read.
#[derive(Debug)]
pub(crate) struct ReadError {
    /// What was wanted.
    pub(crate) path: PathBuf,
    /// Why it could not be had.
    pub(crate) error: io::Error,
}

/// A text file as it was found.
#[derive(Debug)]
pub(crate) enum Text {
    Utf8(String),
    /// The text with replacement characters, and how many bytes of it are right.
    NotUtf8 {
        lossy: String,
        valid_up_to: usize,
    },
    Unreadable(ReadError),
}

/// Reads a text file.
pub(crate) fn read_text(path: &Path) -> Text {
    match fs::read(path) {
        Ok(bytes) => String::from_utf8(bytes).map_or_else(
            |error| Text::NotUtf8 {
                valid_up_to: error.utf8_error().valid_up_to(),
                lossy: String::from_utf8_lossy(error.as_bytes()).into_owned(),
            },
            Text::Utf8,
        ),
        Err(error) => Text::Unreadable(ReadError { path: path.to_owned(), error }),
    }
}

/// Reads a text file that need not be there.
pub(crate) fn read_optional_text(path: &Path) -> Option<Text> {
    match read_text(path) {
        Text::Unreadable(ReadError { error, .. }) if error.kind() == io::ErrorKind::NotFound => None,
        text => Some(text),
    }
}

/// Whether there is a folder at `path`, links followed: the folder of all apps may be one.
pub(crate) fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

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

/// The names of the files in a folder, sorted; empty where it cannot be read.
pub(crate) fn file_names(folder: &Path) -> Vec<String> {
    let entries = WalkDir::new(folder).min_depth(1).max_depth(1).sort_by_file_name();
    let files = entries.into_iter().flatten().filter(|entry| !entry.file_type().is_dir());
    files.filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).collect()
}

fn read_error(root: &Path, error: walkdir::Error) -> ReadError {
    let path = error.path().unwrap_or(root).to_owned();
    ReadError { path, error: error.into() }
}

/// What an asset set's `from` is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Assets {
    /// Nothing is there.
    Missing,
    /// A link on the way leads out of the app's folder, or nowhere.
    Outside,
    /// A folder, but a link is on the way.
    FolderLink,
    /// Neither a file nor a folder.
    Special,
    /// It could not be read: the path relative to the app's folder, and why.
    Unreadable { path: String, error: String },
    /// One file; where it really lies, relative to the app's folder.
    File(Vec<u8>),
    /// A folder.
    Folder(AssetFolder),
}

/// What a folder of assets holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AssetFolder {
    /// Its files, sorted by path.
    pub(crate) files: Vec<AssetFile>,
    /// Folders, relative to it, that hold something unplanned directly: a dotfile, or a link.
    pub(crate) mixed: Vec<Vec<u8>>,
    /// Things that no link can be made to: relative path and what they are.
    pub(crate) refused: Vec<(String, &'static str)>,
}

/// A file of an asset folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AssetFile {
    /// Its path relative to the asset folder, `/`-separated, as the file system has it.
    pub(crate) path: Vec<u8>,
    /// Where it really lies, relative to the app's folder: elsewhere only for a link that stays inside.
    pub(crate) source: Vec<u8>,
}

/// Looks at what `from`, a checked relative path, is in an app's folder.
pub(crate) fn assets(app_folder: &Path, from: &str) -> Assets {
    let found = match look_at(app_folder, from) {
        Ok(found) => found,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Assets::Missing;
        }
        Err(error) => return Assets::Unreadable { path: from.to_owned(), error: error.to_string() },
    };
    let path = app_folder.join(from);
    match found {
        Found::Folder => asset_folder(app_folder, &path),
        Found::File => Assets::File(from.as_bytes().to_vec()),
        Found::Special => Assets::Special,
        // A link to a folder is not followed, wherever it leads.
        Found::BehindLink => match real_source(app_folder, &path).and_then(|it| path_bytes(&it)) {
            Some(_) if path.is_dir() => Assets::FolderLink,
            Some(source) if path.is_file() => Assets::File(source),
            Some(_) => Assets::Special,
            None => Assets::Outside,
        },
    }
}

/// What lies at the end of a path.
enum Found {
    Folder,
    File,
    Special,
    /// A link is on the way or at the end.
    BehindLink,
}

/// Looks at each part of a path below a folder, so that a link on the way is seen.
fn look_at(folder: &Path, below: &str) -> io::Result<Found> {
    let mut path = folder.to_owned();
    let mut found = Found::Folder;
    for part in below.split('/') {
        path.push(part);
        let metadata = path.symlink_metadata()?;
        found = match metadata.file_type() {
            kind if kind.is_symlink() => return Ok(Found::BehindLink),
            kind if kind.is_dir() => Found::Folder,
            kind if kind.is_file() => Found::File,
            _ => Found::Special,
        };
    }
    Ok(found)
}

/// Where `path` really lies, relative to the app's folder; none if that is outside of it or nowhere.
fn real_source(app_folder: &Path, path: &Path) -> Option<PathBuf> {
    let real = path.canonicalize().ok()?;
    let folder = app_folder.canonicalize().ok()?;
    real.strip_prefix(folder).ok().map(Path::to_owned)
}

fn asset_folder(app_folder: &Path, folder: &Path) -> Assets {
    let mut found = AssetFolder::default();
    let mut walk = WalkDir::new(folder).min_depth(1).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        match entry {
            Ok(entry) if is_dot(&entry) => {
                found.mixed.extend(entry.path().strip_prefix(folder).ok().and_then(parent_bytes));
                if entry.file_type().is_dir() {
                    walk.skip_current_dir();
                }
            }
            Ok(entry) => take_asset(app_folder, folder, &entry, &mut found),
            Err(error) => {
                let error = read_error(folder, error);
                let path = error.path.strip_prefix(app_folder).unwrap_or(&error.path);
                return Assets::Unreadable { path: path.display().to_string(), error: error.error.to_string() };
            }
        }
    }
    found.mixed.dedup();
    Assets::Folder(found)
}

fn is_dot(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn take_asset(app_folder: &Path, folder: &Path, entry: &DirEntry, found: &mut AssetFolder) {
    let Ok(below) = entry.path().strip_prefix(folder) else { return };
    let kind = entry.file_type();
    if kind.is_dir() {
        return;
    }
    let Some(path) = path_bytes(below) else {
        found.refused.push((below.display().to_string(), "a name that is not Unicode"));
        return;
    };
    if kind.is_file() {
        let source = entry.path().strip_prefix(app_folder).ok().and_then(path_bytes);
        found.files.extend(source.map(|source| AssetFile { path, source }));
        return;
    }
    if !kind.is_symlink() {
        found.refused.push((below.display().to_string(), "neither a file nor a folder"));
        return;
    }
    found.mixed.extend(parent_bytes(below));
    match real_source(app_folder, entry.path()).map(|source| path_bytes(&source)) {
        Some(Some(source)) if entry.path().is_file() => found.files.push(AssetFile { path, source }),
        Some(_) => found.refused.push((below.display().to_string(), "a link to a folder")),
        None => {
            found.refused.push((below.display().to_string(), "a link that leads out of the app's folder or nowhere"));
        }
    }
}

fn parent_bytes(path: &Path) -> Option<Vec<u8>> {
    path_bytes(path.parent()?)
}

/// The bytes of a relative path with `/` between its parts; none where the system's names have no bytes of their own and
/// this one is not Unicode.
fn path_bytes(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for component in path.components() {
        let Component::Normal(part) = component else { return None };
        if !bytes.is_empty() {
            bytes.push(b'/');
        }
        bytes.extend_from_slice(os_bytes(part)?);
    }
    Some(bytes)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere a name may have no bytes")]
fn os_bytes(name: &std::ffi::OsStr) -> Option<&[u8]> {
    Some(std::os::unix::ffi::OsStrExt::as_bytes(name))
}

#[cfg(not(unix))]
fn os_bytes(name: &std::ffi::OsStr) -> Option<&[u8]> {
    name.to_str().map(str::as_bytes)
}

impl Assets {
    /// Whether the set of `from` holds the file `path`, both relative to the app's folder.
    pub(crate) fn holds(&self, from: &str, path: &str) -> bool {
        match self {
            Self::File(_) => path == from,
            Self::Folder(folder) => path
                .strip_prefix(from)
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|file| folder.files.iter().any(|known| known.path == file.as_bytes())),
            _ => false,
        }
    }
}

/// Whether a file of an app, named by a checked relative path, is there and is a file.
pub(crate) fn is_file(app_folder: &Path, path: &str) -> bool {
    app_folder.join(path).is_file()
}
