//! What kind of file system a folder is on.

use std::fmt;
use std::path::Path;

use crate::Result;

/// A kind of file system, by the number that Linux has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileSystem(i64);

impl FileSystem {
    /// Linux's, in memory.
    pub(crate) const TMPFS: Self = Self(0x0102_1994);

    /// # Errors
    /// If there is no such folder.
    pub(super) fn of(folder: &Path) -> Result<Self> {
        let stat = rustix::fs::statfs(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self(stat.f_type))
    }
}

impl fmt::Display for FileSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0xef53 => f.pad("ext4"),
            0x0102_1994 => f.pad("tmpfs"),
            0x794c_7630 => f.pad("overlayfs"),
            0x9123_683e => f.pad("btrfs"),
            0x5846_5342 => f.pad("xfs"),
            0x2fc1_2fc1 => f.pad("zfs"),
            0x6969 => f.pad("nfs"),
            other => f.pad(&format!("file system {other:#x}")),
        }
    }
}
