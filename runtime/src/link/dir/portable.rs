//! A folder as a path, for systems without calls relative to a handle.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{Kind, Seen, Stamp, nanoseconds, same_bytes, time_of_copy};
use crate::link::LinkKind;

/// A folder that was there when it was opened.
#[derive(Debug)]
pub(crate) struct Dir(PathBuf);

impl Dir {
    /// Opens the folder at `path`, through links: for the folders that a user named.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        if fs::metadata(path)?.is_dir() { Ok(Self(path.to_owned())) } else { Err(ErrorKind::NotADirectory.into()) }
    }

    /// Opens the folder `name` in this one. What is no folder, a link to one too, gives `NotADirectory`.
    pub(crate) fn open_folder(&self, name: &[u8]) -> io::Result<Self> {
        let path = self.path(name)?;
        if fs::symlink_metadata(&path)?.is_dir() { Ok(Self(path)) } else { Err(ErrorKind::NotADirectory.into()) }
    }

    /// Looks at `name` itself; nothing there is `None`.
    pub(crate) fn look(&self, name: &[u8]) -> io::Result<Option<Seen>> {
        match fs::symlink_metadata(self.path(name)?) {
            Ok(metadata) => seen(&metadata).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn read_link(&self, name: &[u8]) -> io::Result<Vec<u8>> {
        let target = fs::read_link(self.path(name)?)?;
        let target = target.to_str().ok_or(ErrorKind::InvalidData)?;
        Ok(target.replace(std::path::MAIN_SEPARATOR, "/").into_bytes())
    }

    /// The names in this folder, in no order.
    pub(crate) fn names(&self) -> io::Result<Vec<Vec<u8>>> {
        fs::read_dir(&self.0)?.map(|entry| Ok(entry?.file_name().into_encoded_bytes())).collect()
    }

    pub(crate) fn make_folder(&self, name: &[u8]) -> io::Result<()> {
        fs::create_dir(self.path(name)?)
    }

    /// Removes an empty folder.
    pub(crate) fn remove_folder(&self, name: &[u8]) -> io::Result<()> {
        fs::remove_dir(self.path(name)?)
    }

    /// Removes a file or a link, of whatever kind.
    pub(crate) fn remove(&self, name: &[u8]) -> io::Result<()> {
        let path = self.path(name)?;
        // Windows has links to folders, which go as folders do.
        fs::remove_file(&path).or_else(|error| {
            let is_link = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
            if is_link { fs::remove_dir(&path) } else { Err(error) }
        })
    }

    pub(crate) fn rename(&self, from: &[u8], to: &[u8]) -> io::Result<()> {
        fs::rename(self.path(from)?, self.path(to)?)
    }

    /// Renames to a name that is free; `AlreadyExists` if something took it meanwhile.
    pub(crate) fn rename_to_free(&self, from: &[u8], to: &[u8]) -> io::Result<()> {
        match self.look(to)? {
            Some(_) => Err(ErrorKind::AlreadyExists.into()),
            None => self.rename(from, to),
        }
    }

    /// Makes a symlink to a file or a folder.
    pub(crate) fn symlink(&self, target: &[u8], name: &[u8], kind: LinkKind) -> io::Result<()> {
        let target = text(target)?.replace('/', std::path::MAIN_SEPARATOR_STR);
        symlink(Path::new(&target), &self.path(name)?, kind)
    }

    /// Makes `new` in `to` another name of the file `name` in this folder.
    pub(crate) fn hard_link(&self, name: &[u8], to: &Self, new: &[u8]) -> io::Result<()> {
        fs::hard_link(self.path(name)?, to.path(new)?)
    }

    /// Copies the file `name` to `new` in `to`, which must not exist. Returns how the source was before it was read.
    pub(crate) fn copy(&self, name: &[u8], to: &Self, new: &[u8]) -> io::Result<Seen> {
        let mut source = File::open(self.path(name)?)?;
        let before = seen(&source.metadata()?)?;
        let mut copy = File::create_new(to.path(new)?)?;
        io::copy(&mut source, &mut copy)?;
        copy.set_modified(time_of_copy(before.stamp))?;
        Ok(before)
    }

    /// Whether the file `name` here and `other_name` in `other` hold the same bytes.
    pub(crate) fn same_bytes(&self, name: &[u8], other: &Self, other_name: &[u8]) -> io::Result<bool> {
        same_bytes(File::open(self.path(name)?)?, File::open(other.path(other_name)?)?)
    }

    /// Who may write here, for people; not known on these systems.
    #[expect(clippy::unused_self, reason = "the same face as on Unix")]
    pub(crate) fn permissions(&self) -> Option<String> {
        None
    }

    /// Whether both are the same folder.
    pub(crate) fn is_same(&self, other: &Self) -> io::Result<bool> {
        Ok(self.0.canonicalize()? == other.0.canonicalize()?)
    }

    fn path(&self, name: &[u8]) -> io::Result<PathBuf> {
        Ok(self.0.join(text(name)?))
    }
}

fn text(bytes: &[u8]) -> io::Result<&str> {
    std::str::from_utf8(bytes).map_err(|error| io::Error::new(ErrorKind::InvalidInput, error))
}

fn seen(metadata: &fs::Metadata) -> io::Result<Seen> {
    let modified = nanoseconds(metadata.modified()?);
    let kind = match metadata.file_type() {
        t if t.is_symlink() => Kind::Symlink,
        t if t.is_dir() => Kind::Folder,
        t if t.is_file() => Kind::File,
        _ => Kind::Other("something else"),
    };
    let stamp = Stamp { size: metadata.len(), modified };
    Ok(Seen { kind, stamp, changed: modified, inode: 0, device: 0, has_other_names: false })
}

#[cfg(windows)]
fn symlink(target: &Path, path: &Path, kind: LinkKind) -> io::Result<()> {
    match kind {
        LinkKind::File => std::os::windows::fs::symlink_file(target, path),
        LinkKind::Folder => std::os::windows::fs::symlink_dir(target, path),
    }
}

#[cfg(not(windows))]
fn symlink(_target: &Path, _path: &Path, _kind: LinkKind) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}
