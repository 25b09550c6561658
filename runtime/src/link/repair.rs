//! What to do about an error of the system, in words.

use std::io::{self, ErrorKind};

use super::LinkMethod;
use super::dir::Dir;
use super::path::show;

/// On Windows: `ERROR_PRIVILEGE_NOT_HELD`.
const PRIVILEGE_NOT_HELD: i32 = 1314;

/// What to do about `error`, which came when something was made by `method` in `folder` (its public path and, if it
/// could be opened, itself).
pub(super) fn repair(error: &io::Error, method: LinkMethod, folder: &[u8], dir: Option<&Dir>) -> String {
    if cfg!(windows) && error.raw_os_error() == Some(PRIVILEGE_NOT_HELD) {
        return "switch on Developer Mode in the settings of Windows, or use mode `copy`".to_owned();
    }
    let fixed = match (error.kind(), method) {
        (ErrorKind::PermissionDenied, LinkMethod::Copy) => return let_write(folder, dir),
        (ErrorKind::PermissionDenied, _) => {
            return format!("{}; where the file system has no such links, use mode `copy`", let_write(folder, dir));
        }
        (ErrorKind::ReadOnlyFilesystem, _) => "mount the public folder's file system for writing, or name another",
        (ErrorKind::StorageFull | ErrorKind::QuotaExceeded, _) => "free some space on the public folder's disk",
        (ErrorKind::CrossesDevices, _) => "put the public folder on the file system of the apps, or use mode `symlink`",
        (ErrorKind::TooManyLinks, _) => "use mode `symlink` or `copy`: the source has as many names as can be",
        (ErrorKind::InvalidFilename, LinkMethod::Symlink) => {
            "shorten the names, or bring the public folder and the apps closer together"
        }
        (ErrorKind::InvalidFilename, _) => "shorten the names",
        (ErrorKind::Unsupported, LinkMethod::Copy) => "put the public folder on another file system",
        (ErrorKind::Unsupported, _) => "use mode `copy`: this file system has no such links",
        (ErrorKind::NotFound, _) => "bake again: the source is no longer there",
        (ErrorKind::AlreadyExists | ErrorKind::NotADirectory | ErrorKind::DirectoryNotEmpty, _) => {
            "run again: somebody changed the public folder meanwhile"
        }
        _ => "remove the cause and run again",
    };
    fixed.to_owned()
}

fn let_write(folder: &[u8], dir: Option<&Dir>) -> String {
    let place = if folder.is_empty() { "the public folder".to_owned() } else { format!("`{}`", show(folder)) };
    match dir.and_then(Dir::permissions) {
        Some(permissions) => format!("let this user write to {place}, which {permissions}"),
        None => format!("let this user write to {place}"),
    }
}
