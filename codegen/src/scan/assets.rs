//! What an asset set holds.

use std::io;
use std::path::{Component, Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::read_error;

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
    /// The names of its files, without their folders.
    pub(crate) fn file_names(&self) -> Vec<String> {
        let sources: Vec<&[u8]> = match self {
            Self::File(source) => vec![source],
            Self::Folder(folder) => folder.files.iter().map(|file| file.path.as_slice()).collect(),
            _ => Vec::new(),
        };
        let name = |path: &[u8]| path.rsplit(|byte| *byte == b'/').next().map(|it| String::from_utf8_lossy(it).into());
        sources.into_iter().filter_map(name).collect()
    }

    /// Whether one of its files has that name, in whatever folder.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.file_names().iter().any(|known| known == name)
    }

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
