//! What is in assets, for the rules that look at that.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The first bytes of an asset, at most so many; none if it cannot be read.
pub(crate) fn first_bytes(root: &Path, folder: &str, source: &[u8], n_bytes: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(n_bytes);
    let file = File::open(asset_path(root, folder, source)?).ok()?;
    file.take(n_bytes as u64).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// How many bytes an asset has; none if that cannot be told.
pub(crate) fn file_len(root: &Path, folder: &str, source: &[u8]) -> Option<u64> {
    Some(fs::metadata(asset_path(root, folder, source)?).ok()?.len())
}

/// All bytes of an asset; none if it cannot be read.
pub(crate) fn asset_bytes(root: &Path, folder: &str, source: &[u8]) -> Option<Vec<u8>> {
    fs::read(asset_path(root, folder, source)?).ok()
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere bytes may be no name")]
fn asset_path(root: &Path, folder: &str, source: &[u8]) -> Option<PathBuf> {
    let source: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(source);
    Some(root.join(folder).join(source))
}

#[cfg(not(unix))]
fn asset_path(root: &Path, folder: &str, source: &[u8]) -> Option<PathBuf> {
    Some(root.join(folder).join(std::str::from_utf8(source).ok()?))
}
