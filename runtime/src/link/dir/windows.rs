//! A folder as a path that is held in place.
//!
//! Windows has calls relative to a handle, but none that is safe to call. A folder is opened itself and never what it
//! leads to, and without letting others delete: as long as the handle is open, nobody can rename or remove the folder
//! nor, while something in them is open, the folders above it. So its path keeps leading to it.
//!
//! Paths are canonical, which on Windows means verbatim (`\\?\C:\...`): of any length, and with names taken literally.
//! That would also allow names that other programs can't open, so those are refused ([`usable`](super::name::usable)).

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::windows::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _, symlink_dir, symlink_file};
use std::path::{MAIN_SEPARATOR_STR, Path, PathBuf};

use super::name::usable;
use super::patience::patiently;
use super::{Kind, Seen, Stamp, Told, nanoseconds, same_bytes, time_of_copy};
use crate::link::LinkKind;

// From the headers of Windows; `windows-sys` has them too, but is another dependency.
const FILE_SHARE_READ: u32 = 0x1;
const FILE_SHARE_WRITE: u32 = 0x2;
/// Opens a link itself.
const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
/// Lets a folder be opened.
const FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;

/// An open folder.
#[derive(Debug)]
pub(crate) struct Dir {
    /// Canonical when it was opened, and held since.
    path: PathBuf,
    /// Holds the folder where it is.
    held: File,
}

impl Dir {
    /// Opens the folder at `path`, through links: for the folders that a user named.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Self::hold(path.canonicalize()?)
    }

    /// Opens the folder `name` in this one. What is no folder, a link to one too, gives `NotADirectory`.
    pub(crate) fn open_folder(&self, name: &[u8]) -> io::Result<Self> {
        Self::hold(self.path(name)?)
    }

    /// Where this folder really is, which takes more than one call here.
    #[expect(clippy::unused_self, reason = "the same face as on Unix")]
    pub(crate) fn whole_path(&self) -> io::Result<PathBuf> {
        Err(ErrorKind::Unsupported.into())
    }

    /// Opens the folder at a path of several names below this one in one call, which is not to be had here.
    #[expect(clippy::unused_self, reason = "the same face as on Unix")]
    pub(crate) fn open_below(&self, _path: &[u8]) -> io::Result<Self> {
        Err(ErrorKind::Unsupported.into())
    }

    fn hold(path: PathBuf) -> io::Result<Self> {
        let held = open_itself(&path)?;
        if held.metadata()?.is_dir() { Ok(Self { path, held }) } else { Err(ErrorKind::NotADirectory.into()) }
    }

    /// Looks at `name` itself; nothing there is `None`.
    pub(crate) fn look(&self, name: &[u8]) -> io::Result<Option<Seen>> {
        Self::look_at(&self.path(name)?)
    }

    /// Looks at the file at `path`; nothing there is `None`.
    pub(crate) fn look_at(path: &Path) -> io::Result<Option<Seen>> {
        match fs::symlink_metadata(path) {
            Ok(metadata) => seen(&metadata).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Looks at a path of several names, for a stamp. Nothing that std tells of a folder on Windows shows every change to
    /// it: its times can be set, and some file systems never change them. So there are no stamps here.
    #[expect(clippy::unused_self, reason = "the same face as on Unix")]
    pub(crate) fn look_below(&self, _path: &[u8]) -> io::Result<Option<Seen>> {
        Err(ErrorKind::Unsupported.into())
    }

    /// Looks at this folder itself.
    pub(crate) fn itself(&self) -> io::Result<Seen> {
        seen(&fs::symlink_metadata(&self.path)?)
    }

    /// Where a symlink or a junction leads, with `/` between names.
    pub(crate) fn read_link(&self, name: &[u8]) -> io::Result<Vec<u8>> {
        let target = fs::read_link(self.path(name)?)?;
        Ok(plain(target.to_str().ok_or(ErrorKind::InvalidData)?).into_bytes())
    }

    /// The names in this folder, in no order.
    pub(crate) fn names(&self) -> io::Result<Vec<Vec<u8>>> {
        fs::read_dir(&self.path)?.map(|entry| Ok(entry?.file_name().into_encoded_bytes())).collect()
    }

    /// Tells of each name in this folder, in no order, with its kind; until whoever is told has heard enough.
    pub(crate) fn each(&self, tell: &mut Told<'_>) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if tell(entry.file_name().as_encoded_bytes(), Some(kind(entry.file_type()?)))?.is_break() {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn make_folder(&self, name: &[u8]) -> io::Result<()> {
        fs::create_dir(self.path(name)?)
    }

    /// Removes an empty folder.
    pub(crate) fn remove_folder(&self, name: &[u8]) -> io::Result<()> {
        let path = self.path(name)?;
        patiently(|| fs::remove_dir(&path))
    }

    /// Removes a file or a link, of whatever kind.
    pub(crate) fn remove(&self, name: &[u8]) -> io::Result<()> {
        remove(&self.path(name)?)
    }

    /// Renames `from` to `new` in `to`, and replaces a file or a link there. That is atomic where both are files, and since
    /// Windows 10 where both are links to folders; of a file and a link to a folder, one is removed a moment before the
    /// other has its name.
    pub(crate) fn rename(&self, from: &[u8], to: &Self, new: &[u8]) -> io::Result<()> {
        let (from, to) = (self.path(from)?, to.path(new)?);
        patiently(|| fs::rename(&from, &to)).or_else(|error| {
            let is_real_folder = fs::symlink_metadata(&to).is_ok_and(|metadata| metadata.is_dir());
            if is_real_folder || !leads_to_folder(&from) && !leads_to_folder(&to) {
                return Err(error);
            }
            remove(&to)?;
            patiently(|| fs::rename(&from, &to))
        })
    }

    /// Renames `from` to `new` in `to`, where that is free; `AlreadyExists` if something took it meanwhile.
    pub(crate) fn rename_to_free(&self, from: &[u8], to: &Self, new: &[u8]) -> io::Result<()> {
        // std's `rename` always replaces. A second name for a file never does.
        if self.look(from)?.is_some_and(|seen| seen.kind == Kind::File) {
            match self.hard_link(from, to, new) {
                Ok(()) => return self.remove(from),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
                // Not every file system has hard links.
                Err(_) => {}
            }
        }
        match to.look(new)? {
            Some(_) => Err(ErrorKind::AlreadyExists.into()),
            None => self.rename(from, to, new),
        }
    }

    /// Exchanges two names in one step, which Windows has no call for.
    #[expect(clippy::unused_self, reason = "the same face as on Unix")]
    pub(crate) fn exchange(&self, _name: &[u8], _other: &Self, _other_name: &[u8]) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    /// Makes a symlink to a file or a folder. A user who is no administrator needs Developer Mode for that.
    pub(crate) fn symlink(&self, target: &[u8], name: &[u8], kind: LinkKind) -> io::Result<()> {
        let (target, path) = (for_system(text(target)?), self.path(name)?);
        match kind {
            LinkKind::File => symlink_file(target, path),
            LinkKind::Folder => symlink_dir(target, path),
        }
    }

    /// Makes a junction to the folder `target`, which anybody may. It always has a whole path in it.
    pub(crate) fn junction(&self, target: &[u8], name: &[u8]) -> io::Result<()> {
        let (target, path) = (text(target)?, self.path(name)?);
        if !is_on_a_drive(target) {
            return Err(io::Error::new(ErrorKind::Unsupported, "a junction can lead to a drive of this machine only"));
        }
        junction::create(for_system(target), &path).inspect_err(|error| {
            if error.kind() != ErrorKind::AlreadyExists {
                // A junction begins as an empty folder, which stays where the file system has no junctions.
                let _ = fs::remove_dir(&path);
            }
        })
    }

    /// Makes `new` in `to` another name of the file `name` in this folder.
    pub(crate) fn hard_link(&self, name: &[u8], to: &Self, new: &[u8]) -> io::Result<()> {
        fs::hard_link(self.path(name)?, to.path(new)?)
    }

    /// Copies the file `name` to `new` in `to`, which must not exist. Returns how the source was before it was read.
    pub(crate) fn copy(&self, name: &[u8], to: &Self, new: &[u8]) -> io::Result<Seen> {
        let mut source = self.open_file(name)?;
        let before = seen(&source.metadata()?)?;
        let mut copy = File::create_new(to.path(new)?)?;
        io::copy(&mut source, &mut copy)?;
        copy.set_modified(time_of_copy(before.stamp))?;
        Ok(before)
    }

    /// Whether the file `name` here and `other_name` in `other` hold the same bytes.
    pub(crate) fn same_bytes(&self, name: &[u8], other: &Self, other_name: &[u8]) -> io::Result<bool> {
        same_bytes(self.open_file(name)?, other.open_file(other_name)?)
    }

    /// Who may write here, for people; std does not know that of Windows.
    #[expect(clippy::unused_self, reason = "the same face as on Unix")]
    pub(crate) fn permissions(&self) -> Option<String> {
        None
    }

    /// Whether both are the same folder.
    pub(crate) fn is_same(&self, other: &Self) -> io::Result<bool> {
        let made = |dir: &Self| dir.held.metadata().map(|metadata| metadata.creation_time());
        // What was opened by name has the case that it was asked for in, until it is canonical.
        Ok(made(self)? == made(other)? && self.path.canonicalize()? == other.path.canonicalize()?)
    }

    /// Opens a file for reading.
    fn open_file(&self, name: &[u8]) -> io::Result<File> {
        let file = open_itself(&self.path(name)?)?;
        if file.metadata()?.is_file() { Ok(file) } else { Err(ErrorKind::InvalidInput.into()) }
    }

    fn path(&self, name: &[u8]) -> io::Result<PathBuf> {
        Ok(self.path.join(usable(text(name)?)?))
    }
}

/// Opens what is at `path`, a link itself too, and keeps others from moving or removing it.
fn open_itself(path: &Path) -> io::Result<File> {
    let flags = FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT;
    OpenOptions::new().read(true).share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE).custom_flags(flags).open(path)
}

/// Removes a file or a link. Links to folders go as folders do.
fn remove(path: &Path) -> io::Result<()> {
    patiently(|| if leads_to_folder(path) { fs::remove_dir(path) } else { fs::remove_file(path) })
}

/// Whether a link to a folder is there: a symlink or a junction.
fn leads_to_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_symlink_dir())
}

fn text(bytes: &[u8]) -> io::Result<&str> {
    std::str::from_utf8(bytes).map_err(|error| io::Error::new(ErrorKind::InvalidInput, error))
}

/// A link's target as the linker has it: without the mark of a verbatim path, and with `/`.
fn plain(target: &str) -> String {
    let plain = match target.strip_prefix(r"\\?\") {
        Some(path) => path.strip_prefix(r"UNC\").map_or_else(|| path.to_owned(), |share| format!(r"\\{share}")),
        None => target.to_owned(),
    };
    plain.replace('\\', "/")
}

/// A link's target as the system wants it. One that is a whole path is verbatim, so that it may be long.
fn for_system(target: &str) -> String {
    let target = target.replace('/', MAIN_SEPARATOR_STR);
    match target.strip_prefix(r"\\") {
        Some(share) => format!(r"\\?\UNC\{share}"),
        None if is_on_a_drive(&target) => format!(r"\\?\{target}"),
        None => target,
    }
}

/// Whether a path begins with a drive's letter.
fn is_on_a_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

fn seen(metadata: &fs::Metadata) -> io::Result<Seen> {
    let modified = nanoseconds(metadata.modified()?);
    let stamp = Stamp { size: metadata.len(), modified };
    let kind = kind(metadata.file_type());
    Ok(Seen { kind, stamp, changed: modified, inode: 0, device: 0, has_other_names: false, owner: None })
}

fn kind(file_type: fs::FileType) -> Kind {
    match file_type {
        t if t.is_symlink() => Kind::Symlink,
        t if t.is_dir() => Kind::Folder,
        t if t.is_file() => Kind::File,
        _ => Kind::Other("something else"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_written_for_the_system_and_read_back() {
        let cases = [
            ("../apps/zoom/static", r"..\apps\zoom\static"),
            ("C:/apps/zoom", r"\\?\C:\apps\zoom"),
            ("//server/share/apps", r"\\?\UNC\server\share\apps"),
        ];
        for (target, written) in cases {
            assert_eq!(for_system(target), written);
            assert_eq!(plain(written), target);
        }
        assert_eq!((plain(r"C:\apps"), plain(r"\\server\share")), ("C:/apps".to_owned(), "//server/share".to_owned()));
    }

    #[test]
    fn nobody_moves_or_removes_a_folder_that_is_open() {
        let base = tempfile::tempdir().unwrap();
        let folder = base.path().join("folder");
        fs::create_dir(&folder).unwrap();
        let open = Dir::open(base.path()).unwrap().open_folder(b"folder").unwrap();
        assert!(fs::rename(&folder, base.path().join("moved")).is_err());
        assert!(fs::remove_dir(&folder).is_err());
        assert_eq!(open.names().unwrap(), [b""; 0]);
        drop(open);
        fs::rename(&folder, base.path().join("moved")).unwrap();
    }

    #[test]
    fn what_fails_to_become_a_junction_leaves_nothing_behind() {
        let base = tempfile::tempdir().unwrap();
        let dir = Dir::open(base.path()).unwrap();
        let error = dir.junction(b"//server/share/apps", b"zoom").unwrap_err();
        assert_eq!((error.kind(), dir.look(b"zoom").unwrap().is_none()), (ErrorKind::Unsupported, true));

        fs::create_dir(base.path().join("apps")).unwrap();
        let apps = plain(base.path().join("apps").to_str().unwrap());
        match dir.junction(apps.as_bytes(), b"zoom") {
            Ok(()) => assert_eq!(dir.read_link(b"zoom").unwrap(), apps.as_bytes()),
            Err(error) => {
                println!("skipped, in part: no junction can be made here: {error}");
                assert!(dir.look(b"zoom").unwrap().is_none());
            }
        }
    }

    #[test]
    fn a_folder_is_the_same_however_its_name_is_spelled() {
        let base = tempfile::tempdir().unwrap();
        for name in ["one", "two"] {
            fs::create_dir(base.path().join(name)).unwrap();
        }
        let dir = Dir::open(base.path()).unwrap();
        let open = |name: &[u8]| dir.open_folder(name).unwrap();
        assert!(open(b"one").is_same(&open(b"ONE")).unwrap());
        assert!(!open(b"one").is_same(&open(b"two")).unwrap());
    }
}
