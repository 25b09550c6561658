//! Clones: files that share their bytes, for which each system has a call of its own or none. By path: they are only tried,
//! in a new folder of the linker's own.

use std::io;
use std::path::Path;

/// Makes a file that shares the bytes of another until one of them changes; an error where that can't be had.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn clone_file(source: &Path, clone: &Path) -> io::Result<()> {
    Ok(rustix::fs::ioctl_ficlone(std::fs::File::create_new(clone)?, std::fs::File::open(source)?)?)
}

/// Makes a file that shares the bytes of another until one of them changes; an error where that can't be had.
#[cfg(target_vendor = "apple")]
pub(crate) fn clone_file(source: &Path, clone: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, CloneFlags, fclonefileat};
    Ok(fclonefileat(std::fs::File::open(source)?, CWD, clone, CloneFlags::empty())?)
}

/// Makes a file that shares the bytes of another until one of them changes; an error where that can't be had.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(crate) fn clone_file(_source: &Path, _clone: &Path) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "this system has no call for it"))
}
