//! Reads the disk: manifests, descriptions and what asset sets hold. Nothing else in this crate does.
//!
//! Folders are walked in the order of their names and links are not followed, so that the same tree always gives the same
//! answer. What is read here is what cargo is told to watch.

mod assets;
mod contents;
mod folders;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

pub(crate) use assets::{AssetFolder, Assets, assets};
pub(crate) use contents::{asset_bytes, file_len, first_bytes};
pub(crate) use folders::{AppFolder, FolderGlobs, app_folders};

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
    match read_file(path) {
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

/// The most bytes of a text file. What is larger is no manifest, and would be parsed for minutes.
const MAX_LEN: u64 = 16 << 20;

/// Reads a file. A pipe or a device, which may never end, is not even opened.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let kind = fs::metadata(path)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is neither a file nor a folder"));
    }
    let mut bytes = Vec::new();
    // It may grow while it is read.
    File::open(path)?.take(MAX_LEN + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_LEN {
        let message = format!("it has more than {MAX_LEN} bytes, which is the most for a text");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// Reads a text file that need not be there.
#[cfg(feature = "calcom")]
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

/// The names of the files in a folder, sorted; empty where it cannot be read.
pub(crate) fn file_names(folder: &Path) -> Vec<String> {
    let entries = WalkDir::new(folder).min_depth(1).max_depth(1).sort_by_file_name();
    let files = entries.into_iter().flatten().filter(|entry| !entry.file_type().is_dir());
    files.filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).collect()
}

fn read_error(root: &Path, error: walkdir::Error) -> ReadError {
    let path = error.path().unwrap_or(root).to_owned();
    // The error of the walk names the path once more; links, which could go in a circle, are not followed.
    let error = error.into_io_error().unwrap_or_else(|| io::Error::other("links go in a circle"));
    ReadError { path, error }
}

/// Whether a file of an app, named by a checked relative path, is there and is a file.
pub(crate) fn is_file(app_folder: &Path, path: &str) -> bool {
    app_folder.join(path).is_file()
}
