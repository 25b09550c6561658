//! What the tests do differently on Unix and on Windows.

use std::path::Path;
use std::sync::LazyLock;

use bakehouse_runtime::link::LinkMode;

#[cfg(unix)]
pub(crate) use unix::{inode, path, write_deep};
#[cfg(windows)]
pub(crate) use windows::{inode, path, write_deep};

/// Whether this system makes symlinks, for tests of just those. wine makes none, nor does Windows without Developer Mode.
pub(crate) fn makes_symlinks() -> bool {
    static ANSWER: LazyLock<bool> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        let made = symlink(Path::new("nowhere"), &link);
        // wine answers success and makes nothing.
        let is_there = link.is_symlink();
        assert!(is_there || cfg!(windows), "every Unix has symlinks: {made:?}");
        is_there
    });
    if !*ANSWER {
        println!("skipped, in part or as a whole: this system makes no symlinks");
    }
    *ANSWER
}

/// Every mode that this system can keep to.
pub(crate) fn modes() -> Vec<LinkMode> {
    let mut modes = vec![LinkMode::Auto, LinkMode::Hardlink, LinkMode::Copy];
    modes.extend(makes_symlinks().then_some(LinkMode::Symlink));
    modes
}

#[cfg(unix)]
use std::os::unix::fs::symlink;
#[cfg(windows)]
use std::os::windows::fs::symlink_file as symlink;

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::fs;
    use std::io::Write as _;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::{Path, PathBuf};

    use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};

    pub(crate) fn inode(path: &Path) -> u64 {
        fs::symlink_metadata(path).unwrap().ino()
    }

    pub(crate) fn path(bytes: &[u8]) -> PathBuf {
        OsStr::from_bytes(bytes).into()
    }

    /// Writes a file and makes the folders on the way, name by name: the whole path may be longer than the system takes.
    pub(crate) fn write_deep(folder: &Path, path: &[u8], bytes: &str) {
        let open = |dir: &OwnedFd, name: &[u8], flags| openat(dir, name, flags, Mode::from_raw_mode(0o644)).unwrap();
        let mut dir = openat(CWD, folder, OFlags::DIRECTORY, Mode::empty()).unwrap();
        let names: Vec<&[u8]> = path.split(|&byte| byte == b'/').collect();
        let (name, folders) = names.split_last().unwrap();
        for folder in folders {
            let _ = mkdirat(&dir, *folder, Mode::from_raw_mode(0o755));
            dir = open(&dir, folder, OFlags::DIRECTORY);
        }
        let file = open(&dir, name, OFlags::WRONLY | OFlags::CREATE);
        fs::File::from(file).write_all(bytes.as_bytes()).unwrap();
    }
}

#[cfg(windows)]
mod windows {
    use std::fs;
    use std::path::{Path, PathBuf};

    /// std does not tell of these on Windows.
    pub(crate) fn inode(_path: &Path) -> u64 {
        0
    }

    pub(crate) fn path(bytes: &[u8]) -> PathBuf {
        str::from_utf8(bytes).unwrap().split('/').collect()
    }

    /// Writes a file and makes the folders on the way. A canonical path may be of any length.
    pub(crate) fn write_deep(folder: &Path, path: &[u8], bytes: &str) {
        let path = folder.canonicalize().unwrap().join(self::path(path));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
