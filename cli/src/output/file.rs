//! Files that somebody may read while they are written.

use std::path::Path;
use std::{fs, io};

/// Writes a file under another name first, so that a host which reads it never sees a half. One that is there keeps its
/// permissions. A link stays a link, and what
/// is no file, such as a pipe or `/dev/null`, is written to as it is: a rename would put a file in its place.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return fs::write(path, bytes);
    }
    // There may be nothing yet, or a link to nothing; either is named as it was typed.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut stage = path.as_os_str().to_owned();
    stage.push(format!(".{}.stage", std::process::id()));
    let written = fs::write(&stage, bytes)
        .and_then(|()| fs::metadata(path).map_or(Ok(()), |old| fs::set_permissions(&stage, old.permissions())))
        .and_then(|()| fs::rename(&stage, path));
    if written.is_err() {
        // It may not even be there; the first error is the one to tell.
        let _ = fs::remove_file(&stage);
    }
    written
}
