//! Puts a whole folder in the place of another: at once where the system can, else in two renames.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::dir::Dir;

/// Puts `new` in the place of the folder `at`, which lies at `new` then.
///
/// Where the system can't exchange two names, `at` is put `aside` first, so that for a moment nothing is there.
pub(super) fn swap(new: &Path, at: &Path, aside: &Path) -> io::Result<()> {
    match exchange(new, at) {
        // Not every file system and kernel has such a call.
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput) => {
            fs::rename(at, aside)?;
            fs::rename(new, at).inspect_err(|_| {
                // The first error is the one that tells; what was there comes back if it can.
                let _ = fs::rename(aside, at);
            })?;
            fs::rename(aside, new)
        }
        exchanged => exchanged,
    }
}

/// Exchanges two names in one step; `Unsupported` or `InvalidInput` where that can't be had.
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    let ((one_dir, one), (other_dir, other)) = (open(one)?, open(other)?);
    one_dir.exchange(one, &other_dir, other)
}

/// Opens the folder that a path is in; gives its name there too.
fn open(path: &Path) -> io::Result<(Dir, &[u8])> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(ErrorKind::InvalidFilename.into());
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    Ok((Dir::open(folder)?, name.as_encoded_bytes()))
}
