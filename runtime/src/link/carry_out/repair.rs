//! What to do about an error of the system, in words.

use std::io::{self, ErrorKind};

use crate::link::LinkMethod;
use crate::link::dir::Dir;
use crate::link::path::show;

/// Errors of Windows that std has no kind for, by their numbers.
#[cfg(windows)]
const WINDOWS: &[(i32, &str)] = &[
    // ERROR_PRIVILEGE_NOT_HELD
    (1314, "switch on Developer Mode in the settings of Windows, or use mode `copy`"),
    // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
    (32, IN_USE),
    (33, IN_USE),
    // ERROR_NOT_SUPPORTED, ERROR_INVALID_FUNCTION
    (50, "use mode `copy`: this file system has no such links"),
    (1, "use mode `copy`: this file system has no such links"),
];
#[cfg(not(windows))]
const WINDOWS: &[(i32, &str)] = &[];

#[cfg(windows)]
const IN_USE: &str = "close the program that has it open, and run again";

/// What to do about `error`, which came in `folder` (its public path and, if it could be opened, itself) when something
/// was made by `method`, or taken away.
pub(in crate::link) fn repair(
    error: &io::Error,
    method: Option<LinkMethod>,
    folder: &[u8],
    dir: Option<&Dir>,
) -> String {
    if let Some((_, help)) = WINDOWS.iter().find(|(number, _)| error.raw_os_error() == Some(*number)) {
        return (*help).to_owned();
    }
    let fixed = match (error.kind(), method) {
        (ErrorKind::PermissionDenied, None | Some(LinkMethod::Copy)) => return let_write(folder, dir),
        (ErrorKind::PermissionDenied, _) => {
            return format!("{}; where the file system has no such links, use mode `copy`", let_write(folder, dir));
        }
        (ErrorKind::ReadOnlyFilesystem, _) => "mount the public folder's file system for writing, or name another",
        (ErrorKind::StorageFull | ErrorKind::QuotaExceeded, _) => "free some space on the public folder's disk",
        (ErrorKind::CrossesDevices, _) => "put the public folder on the file system of the apps, or use mode `symlink`",
        (ErrorKind::TooManyLinks, _) => "use mode `symlink` or `copy`: the source has as many names as can be",
        (ErrorKind::InvalidFilename, Some(LinkMethod::Symlink)) => {
            "shorten the names, or bring the public folder and the apps closer together"
        }
        (ErrorKind::InvalidFilename, _) => "shorten or change the names",
        (ErrorKind::Unsupported, None | Some(LinkMethod::Copy)) => "put the public folder on another file system",
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

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use rustix::io::Errno;

    use super::*;

    #[test]
    fn every_error_that_people_meet_has_a_repair_of_its_own() {
        let cases = [
            (Errno::PERM, Some(LinkMethod::Symlink), "use mode `copy`"),
            (Errno::ACCESS, Some(LinkMethod::Copy), "let this user write to `assets`, which belongs to user "),
            (Errno::ROFS, None, "for writing"),
            (Errno::NOSPC, Some(LinkMethod::Symlink), "free some space"),
            (Errno::DQUOT, Some(LinkMethod::Copy), "free some space"),
            (Errno::XDEV, Some(LinkMethod::Hardlink), "on the file system of the apps"),
            (Errno::MLINK, Some(LinkMethod::Hardlink), "as many names as can be"),
            (Errno::OPNOTSUPP, Some(LinkMethod::Symlink), "use mode `copy`"),
            (Errno::NAMETOOLONG, Some(LinkMethod::Symlink), "closer together"),
            (Errno::NAMETOOLONG, Some(LinkMethod::Copy), "shorten or change the names"),
            (Errno::NOENT, Some(LinkMethod::Hardlink), "bake again"),
            (Errno::EXIST, Some(LinkMethod::Symlink), "run again"),
            (Errno::IO, None, "run again"),
        ];
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::open(folder.path()).unwrap();
        for (errno, method, expected) in cases {
            let help = repair(&errno.into(), method, b"assets", Some(&dir));
            assert!(help.contains(expected), "{errno:?}: {help}");
        }
    }

    #[test]
    fn the_owner_and_the_mode_are_said() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o750)).unwrap();
        let dir = Dir::open(folder.path()).unwrap();
        let help = repair(&Errno::ACCESS.into(), None, b"", Some(&dir));
        assert!(help.starts_with("let this user write to the public folder, which belongs to user "), "{help}");
        assert!(help.ends_with(" and has mode 750"), "{help}");
    }
}

#[cfg(all(test, windows))]
mod tests {
    use super::*;

    #[test]
    fn every_error_that_people_meet_has_a_repair_of_its_own() {
        let cases = [
            (1314, Some(LinkMethod::Symlink), "switch on Developer Mode"),
            (32, None, "close the program"),
            (50, Some(LinkMethod::Junction), "use mode `copy`"),
            (5, Some(LinkMethod::Copy), "let this user write to `assets`"),
            (17, Some(LinkMethod::Hardlink), "on the file system of the apps"),
            (19, None, "for writing"),
            (112, Some(LinkMethod::Copy), "free some space"),
            (123, Some(LinkMethod::Copy), "shorten or change the names"),
            (206, Some(LinkMethod::Hardlink), "shorten or change the names"),
            (1142, Some(LinkMethod::Hardlink), "as many names as can be"),
        ];
        for (number, method, expected) in cases {
            let help = repair(&io::Error::from_raw_os_error(number), method, b"assets", None);
            assert!(help.contains(expected), "{number}: {help}");
        }
    }
}
