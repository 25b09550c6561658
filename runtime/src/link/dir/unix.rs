//! A folder as an open handle.

#[cfg(any(target_os = "linux", target_os = "android"))]
use std::cell::Cell;
#[cfg(any(target_os = "linux", target_os = "android"))]
use std::ffi::OsString;
use std::fs::File;
use std::io;
#[cfg(any(target_os = "linux", target_os = "android"))]
use std::mem::MaybeUninit;
use std::ops::ControlFlow;
#[cfg(any(target_os = "linux", target_os = "android"))]
use std::os::fd::AsRawFd as _;
use std::os::fd::OwnedFd;
#[cfg(any(target_os = "linux", target_os = "android"))]
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, CWD, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::{Kind, Seen, Stamp, Told, same_bytes, time_of_copy};
use crate::link::LinkKind;

/// An open folder.
#[derive(Debug)]
pub(crate) struct Dir {
    fd: OwnedFd,
    /// Whether its names were read already, so that reading them again has to begin at the first one.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    was_read: Cell<bool>,
}

impl Dir {
    fn of(fd: OwnedFd) -> Self {
        Self {
            fd,
            #[cfg(any(target_os = "linux", target_os = "android"))]
            was_read: Cell::new(false),
        }
    }

    /// Opens the folder at `path`, through links: for the folders that a user named.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self::of(fs::openat(CWD, path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?))
    }

    /// Where this folder really is, in one call. An error says only that it has to be asked of its path, name by name.
    pub(crate) fn whole_path(&self) -> io::Result<PathBuf> {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        {
            let link = format!("/proc/self/fd/{}", self.fd.as_raw_fd());
            let path = fs::readlinkat(CWD, link, Vec::new())?.into_bytes();
            // What the system says of a folder that was removed, or that no path from here leads to.
            let is_path = path.starts_with(b"/") && !path.ends_with(b" (deleted)");
            if is_path { Ok(OsString::from_vec(path).into()) } else { Err(io::ErrorKind::NotFound.into()) }
        }
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Opens the folder at a path of several names below this one, if none of them is a link: in one call, which not
    /// every system has. An error says only that it has to be done name by name.
    pub(crate) fn open_below(&self, path: &[u8]) -> io::Result<Self> {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let resolve = fs::ResolveFlags::BENEATH | fs::ResolveFlags::NO_SYMLINKS;
            Ok(Self::of(fs::openat2(&self.fd, path, flags, Mode::empty(), resolve)?))
        }
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        {
            let _ = path;
            Err(io::ErrorKind::Unsupported.into())
        }
    }

    /// Opens the folder `name` in this one. What is no folder, a link to one too, gives `NotADirectory`.
    pub(crate) fn open_folder(&self, name: &[u8]) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match fs::openat(&self.fd, name, flags, Mode::empty()) {
            Ok(fd) => Ok(Self::of(fd)),
            // Systems differ in what a link gives here.
            Err(Errno::LOOP | Errno::NOTDIR | Errno::MLINK) => Err(Errno::NOTDIR.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Looks at `name` itself; nothing there is `None`.
    pub(crate) fn look(&self, name: &[u8]) -> io::Result<Option<Seen>> {
        found(fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW))
    }

    /// Looks at the file at `path`; nothing there is `None`.
    pub(crate) fn look_at(path: &Path) -> io::Result<Option<Seen>> {
        found(fs::statat(CWD, path, AtFlags::SYMLINK_NOFOLLOW))
    }

    /// Looks at a path below this folder, the empty path is the folder itself. The only call here that goes through
    /// links, if they are on the way: what it says is compared with what was so when there were none.
    pub(crate) fn look_below(&self, path: &[u8]) -> io::Result<Option<Seen>> {
        if path.is_empty() { self.itself().map(Some) } else { self.look(path) }
    }

    /// Looks at this folder itself.
    pub(crate) fn itself(&self) -> io::Result<Seen> {
        Ok(seen(&fs::fstat(&self.fd)?))
    }

    pub(crate) fn read_link(&self, name: &[u8]) -> io::Result<Vec<u8>> {
        Ok(fs::readlinkat(&self.fd, name, Vec::new())?.into_bytes())
    }

    /// The names in this folder, in no order.
    pub(crate) fn names(&self) -> io::Result<Vec<Vec<u8>>> {
        let mut names = Vec::new();
        self.each(&mut |name, _| {
            names.push(name.to_vec());
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(names)
    }

    /// Tells of each name in this folder, in no order, with its kind where the file system says it along with the name;
    /// until whoever is told has heard enough.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub(crate) fn each(&self, tell: &mut Told<'_>) -> io::Result<()> {
        // Read through the handle itself, which may have been read before: another one would be two more calls.
        if self.was_read.replace(true) {
            fs::seek(&self.fd, fs::SeekFrom::Start(0))?;
        }
        let mut buffer = [const { MaybeUninit::uninit() }; 8192];
        let mut dir = fs::RawDir::new(&self.fd, &mut buffer);
        while let Some(entry) = dir.next() {
            let entry = entry?;
            if tell_entry(entry.file_name().to_bytes(), entry.file_type(), tell)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Tells of each name in this folder, in no order, with its kind where the file system says it along with the name;
    /// until whoever is told has heard enough.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub(crate) fn each(&self, tell: &mut Told<'_>) -> io::Result<()> {
        for entry in fs::Dir::read_from(&self.fd)? {
            let entry = entry?;
            if tell_entry(entry.file_name().to_bytes(), entry.file_type(), tell)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn make_folder(&self, name: &[u8]) -> io::Result<()> {
        Ok(fs::mkdirat(&self.fd, name, Mode::from_raw_mode(0o777))?)
    }

    /// Removes an empty folder.
    pub(crate) fn remove_folder(&self, name: &[u8]) -> io::Result<()> {
        Ok(fs::unlinkat(&self.fd, name, AtFlags::REMOVEDIR)?)
    }

    /// Removes a file or a link, of whatever kind.
    pub(crate) fn remove(&self, name: &[u8]) -> io::Result<()> {
        Ok(fs::unlinkat(&self.fd, name, AtFlags::empty())?)
    }

    /// Renames `from` to `new` in `to`, and replaces a file or a link there.
    pub(crate) fn rename(&self, from: &[u8], to: &Self, new: &[u8]) -> io::Result<()> {
        Ok(fs::renameat(&self.fd, from, &to.fd, new)?)
    }

    /// Renames `from` to `new` in `to`, where that is free; `AlreadyExists` if something took it meanwhile.
    pub(crate) fn rename_to_free(&self, from: &[u8], to: &Self, new: &[u8]) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        match fs::renameat_with(&self.fd, from, &to.fd, new, fs::RenameFlags::NOREPLACE) {
            // Not every file system and kernel has such a call.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            renamed => return Ok(renamed?),
        }
        match to.look(new)? {
            Some(_) => Err(Errno::EXIST.into()),
            None => self.rename(from, to, new),
        }
    }

    /// Exchanges `name` here and `other_name` in `other` in one step, whatever they are; `Unsupported` or `InvalidInput`
    /// where the system has no such call.
    pub(crate) fn exchange(&self, name: &[u8], other: &Self, other_name: &[u8]) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        {
            Ok(fs::renameat_with(&self.fd, name, &other.fd, other_name, fs::RenameFlags::EXCHANGE)?)
        }
        #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
        {
            let _ = (name, other, other_name);
            Err(io::ErrorKind::Unsupported.into())
        }
    }

    /// Makes a symlink. The kind matters on other systems only.
    pub(crate) fn symlink(&self, target: &[u8], name: &[u8], _kind: LinkKind) -> io::Result<()> {
        Ok(fs::symlinkat(target, &self.fd, name)?)
    }

    /// Makes a junction, which only Windows has.
    #[expect(clippy::unused_self, reason = "the same face as on Windows")]
    pub(crate) fn junction(&self, _target: &[u8], _name: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Makes `new` in `to` another name of the file `name` in this folder.
    pub(crate) fn hard_link(&self, name: &[u8], to: &Self, new: &[u8]) -> io::Result<()> {
        Ok(fs::linkat(&self.fd, name, &to.fd, new, AtFlags::empty())?)
    }

    /// Copies the file `name` to `new` in `to`, which must not exist; on Linux and macOS a clone where the file system can.
    /// The copy gets the permissions of its source, as far as the umask lets it; those of a clone on macOS are whole.
    /// Returns how the source was before it was read.
    pub(crate) fn copy(&self, name: &[u8], to: &Self, new: &[u8]) -> io::Result<Seen> {
        let mut source = self.open_file(name)?;
        let stat = fs::fstat(&source)?;
        let before = seen(&stat);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let permissions = Mode::from_raw_mode(stat.st_mode) & Mode::from_raw_mode(0o777);
        #[cfg(target_vendor = "apple")]
        if fs::fclonefileat(&source, &to.fd, new, fs::CloneFlags::NOOWNERCOPY).is_ok() {
            let clone = to.open_file(new)?;
            fs::fchmod(&clone, permissions)?;
            clone.set_modified(time_of_copy(before.stamp))?;
            return Ok(before);
        }
        let mut copy = File::from(fs::openat(&to.fd, new, flags, permissions)?);
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
        let stat = fs::fstat(&self.fd).ok()?;
        let mode = stat.st_mode & 0o7777;
        Some(format!("belongs to user {} and has mode {mode:o}", stat.st_uid))
    }

    /// Whether both are the same folder.
    pub(crate) fn is_same(&self, other: &Self) -> io::Result<bool> {
        let (one, other) = (fs::fstat(&self.fd)?, fs::fstat(&other.fd)?);
        Ok((one.st_dev, one.st_ino) == (other.st_dev, other.st_ino))
    }

    /// Opens a file for reading. Without waiting, so that a pipe put in its place can't hang the caller.
    fn open_file(&self, name: &[u8]) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        Ok(File::from(fs::openat(&self.fd, name, flags, Mode::empty())?))
    }
}

fn tell_entry(name: &[u8], file_type: FileType, tell: &mut Told<'_>) -> io::Result<ControlFlow<()>> {
    if matches!(name, b"." | b"..") {
        return Ok(ControlFlow::Continue(()));
    }
    tell(name, (file_type != FileType::Unknown).then(|| kind(file_type)))
}

fn found(stat: rustix::io::Result<fs::Stat>) -> io::Result<Option<Seen>> {
    match stat {
        Ok(stat) => Ok(Some(seen(&stat))),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
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
        owner: Some(stat.st_uid),
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
