//! Puts a whole folder in the place of another: at once where the system can, else in two renames.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

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
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Exchanges two names in one step; `Unsupported` or `InvalidInput` where that can't be had.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::Error::new(ErrorKind::Unsupported, "this system has no call for it"))
}
