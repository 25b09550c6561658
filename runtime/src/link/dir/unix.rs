//! A folder as an open handle.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{self, AtFlags, CWD, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::{Kind, Seen, Stamp, same_bytes, time_of_copy};
use crate::link::LinkKind;

/// An open folder.
#[derive(Debug)]
pub(crate) struct Dir(OwnedFd);

impl Dir {
    /// Opens the folder at `path`, through links: for the folders that a user named.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(fs::openat(CWD, path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?))
    }

    /// Opens the folder `name` in this one. What is no folder, a link to one too, gives `NotADirectory`.
    pub(crate) fn open_folder(&self, name: &[u8]) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match fs::openat(&self.0, name, flags, Mode::empty()) {
            Ok(fd) => Ok(Self(fd)),
            // Systems differ in what a link gives here.
            Err(Errno::LOOP | Errno::NOTDIR | Errno::MLINK) => Err(Errno::NOTDIR.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Looks at `name` itself; nothing there is `None`.
    pub(crate) fn look(&self, name: &[u8]) -> io::Result<Option<Seen>> {
        match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(seen(&stat))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn read_link(&self, name: &[u8]) -> io::Result<Vec<u8>> {
        Ok(fs::readlinkat(&self.0, name, Vec::new())?.into_bytes())
    }

    /// The names in this folder, in no order.
    pub(crate) fn names(&self) -> io::Result<Vec<Vec<u8>>> {
        let mut names = Vec::new();
        for entry in fs::Dir::read_from(&self.0)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                names.push(name.to_vec());
            }
        }
        Ok(names)
    }

    pub(crate) fn make_folder(&self, name: &[u8]) -> io::Result<()> {
        Ok(fs::mkdirat(&self.0, name, Mode::from_raw_mode(0o777))?)
    }

    /// Removes an empty folder.
    pub(crate) fn remove_folder(&self, name: &[u8]) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR)?)
    }

    /// Removes a file or a link, of whatever kind.
    pub(crate) fn remove(&self, name: &[u8]) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    pub(crate) fn rename(&self, from: &[u8], to: &[u8]) -> io::Result<()> {
        Ok(fs::renameat(&self.0, from, &self.0, to)?)
    }

    /// Renames to a name that is free; `AlreadyExists` if something took it meanwhile.
    pub(crate) fn rename_to_free(&self, from: &[u8], to: &[u8]) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        match fs::renameat_with(&self.0, from, &self.0, to, fs::RenameFlags::NOREPLACE) {
            // Not every file system and kernel has such a call.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            renamed => return Ok(renamed?),
        }
        match self.look(to)? {
            Some(_) => Err(Errno::EXIST.into()),
            None => self.rename(from, to),
        }
    }

    /// Makes a symlink. The kind matters on other systems only.
    pub(crate) fn symlink(&self, target: &[u8], name: &[u8], _kind: LinkKind) -> io::Result<()> {
        Ok(fs::symlinkat(target, &self.0, name)?)
    }

    /// Makes a junction, which only Windows has.
    #[expect(clippy::unused_self, reason = "the same face as on Windows")]
    pub(crate) fn junction(&self, _target: &[u8], _name: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Makes `new` in `to` another name of the file `name` in this folder.
    pub(crate) fn hard_link(&self, name: &[u8], to: &Self, new: &[u8]) -> io::Result<()> {
        Ok(fs::linkat(&self.0, name, &to.0, new, AtFlags::empty())?)
    }

    /// Copies the file `name` to `new` in `to`, which must not exist; on Linux a clone where the file system can. The
    /// copy gets the permissions of its source, as far as the umask lets it. Returns how the source was before it was read.
    pub(crate) fn copy(&self, name: &[u8], to: &Self, new: &[u8]) -> io::Result<Seen> {
        let mut source = self.open_file(name)?;
        let stat = fs::fstat(&source)?;
        let before = seen(&stat);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let permissions = Mode::from_raw_mode(stat.st_mode) & Mode::from_raw_mode(0o777);
        let mut copy = File::from(fs::openat(&to.0, new, flags, permissions)?);
        io::copy(&mut source, &mut copy)?;
        copy.set_modified(time_of_copy(before.stamp))?;
        Ok(before)
    }

    /// Whether the file `name` here and `other_name` in `other` hold the same bytes.
    pub(crate) fn same_bytes(&self, name: &[u8], other: &Self, other_name: &[u8]) -> io::Result<bool> {
        same_bytes(self.open_file(name)?, other.open_file(other_name)?)
    }

    /// Who may write here, for people: "belongs to user 0 and has mode 755".
    pub(crate) fn permissions(&self) -> Option<String> {
        let stat = fs::fstat(&self.0).ok()?;
        let mode = stat.st_mode & 0o7777;
        Some(format!("belongs to user {} and has mode {mode:o}", stat.st_uid))
    }

    /// Whether both are the same folder.
    pub(crate) fn is_same(&self, other: &Self) -> io::Result<bool> {
        let (one, other) = (fs::fstat(&self.0)?, fs::fstat(&other.0)?);
        Ok((one.st_dev, one.st_ino) == (other.st_dev, other.st_ino))
    }

    /// Opens a file for reading. Without waiting, so that a pipe put in its place can't hang the caller.
    fn open_file(&self, name: &[u8]) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        Ok(File::from(fs::openat(&self.0, name, flags, Mode::empty())?))
    }
}

fn seen(stat: &fs::Stat) -> Seen {
    let time = |seconds: i128, nanoseconds: i128| seconds * 1_000_000_000 + nanoseconds;
    Seen {
        kind: kind(FileType::from_raw_mode(stat.st_mode)),
        stamp: Stamp {
            size: u64::try_from(stat.st_size).unwrap_or(0),
            modified: time(stat.st_mtime.into(), stat.st_mtime_nsec.into()),
        },
        changed: time(stat.st_ctime.into(), stat.st_ctime_nsec.into()),
        inode: stat.st_ino,
        device: stat.st_dev.into(),
        has_other_names: stat.st_nlink > 1,
    }
}

fn kind(file_type: FileType) -> Kind {
    match file_type {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Symlink,
        FileType::Socket => Kind::Other("a socket"),
        FileType::Fifo => Kind::Other("a named pipe"),
        FileType::CharacterDevice | FileType::BlockDevice => Kind::Other("a device"),
        FileType::Unknown => Kind::Other("something unknown"),
    }
}
