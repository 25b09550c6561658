//! Opens the folders on the way to a path, one name at a time and never through a link.

use std::io::{self, ErrorKind};

use super::dir::Dir;
use super::path::{is_at_or_below, join, split};

/// A folder below which paths are opened. The folders on the way to the last path stay open for the next one: a plan is
/// sorted, so that is mostly the same or right beside.
#[derive(Debug)]
pub(super) struct Walk {
    /// `None` where a dry run meets a public folder that does not exist yet.
    base: Option<Dir>,
    /// The open folders, each below the one before, by path. Not every folder on the way needs to be among them.
    trail: Vec<(Vec<u8>, Dir)>,
    /// A folder that was not there when it was last asked for: nor is anything below it.
    absent: Option<Vec<u8>>,
}

/// Why a folder could not be opened.
#[derive(Debug)]
pub(super) struct Refused {
    /// The first path on the way that is missing, or no folder, or that the system keeps to itself.
    pub(super) path: Vec<u8>,
    pub(super) error: io::Error,
}

impl Refused {
    /// Out of line, as it is asked for at many places and seldom needed.
    #[cold]
    #[inline(never)]
    pub(super) fn at(path: &[u8], error: io::Error) -> Self {
        Self { path: path.to_vec(), error }
    }

    pub(super) fn is_missing(&self) -> bool {
        self.error.kind() == ErrorKind::NotFound
    }

    /// Whether a link or a file is where the folder should be.
    pub(super) fn is_no_folder(&self) -> bool {
        self.error.kind() == ErrorKind::NotADirectory
    }
}

impl Walk {
    pub(super) fn new(base: Option<Dir>) -> Self {
        Self { base, trail: Vec::new(), absent: None }
    }

    /// Opens `folder`; the empty path is the base itself.
    pub(super) fn reach(&mut self, folder: &[u8]) -> Result<&Dir, Refused> {
        self.go(folder, None)
    }

    /// Opens `folder` and makes what is missing on the way; tells of each folder that it made.
    pub(super) fn reach_or_make(&mut self, folder: &[u8], tell: &mut dyn FnMut(Vec<u8>)) -> Result<&Dir, Refused> {
        self.go(folder, Some(tell))
    }

    /// Forgets the open folders and what was not there: called after a folder was moved or removed, which an open handle
    /// does not notice.
    pub(super) fn forget(&mut self) {
        self.trail.clear();
        self.absent = None;
    }

    /// Opens `folder`. With `tell`, makes what is missing on the way and tells of it.
    fn go(&mut self, folder: &[u8], mut tell: Option<&mut dyn FnMut(Vec<u8>)>) -> Result<&Dir, Refused> {
        let Some(base) = &self.base else {
            return Err(Refused::at(folder, ErrorKind::NotFound.into()));
        };
        if tell.is_some() {
            self.absent = None;
        } else if let Some(absent) = self.absent.as_ref().filter(|absent| is_at_or_below(folder, absent)) {
            return Err(Refused::at(absent, ErrorKind::NotFound.into()));
        }
        let n_kept = self.trail.iter().take_while(|(path, _)| is_at_or_below(folder, path)).count();
        self.trail.truncate(n_kept);
        loop {
            let (at, dir) = self.trail.last().map_or((b"".as_slice(), base), |(at, dir)| (at, dir));
            if at == folder {
                break;
            }
            match open_next(dir, at, folder, &mut tell) {
                Ok(opened) => self.trail.push(opened),
                Err(refused) => {
                    self.absent = refused.is_missing().then(|| refused.path.clone());
                    return Err(refused);
                }
            }
        }
        Ok(self.trail.last().map_or(base, |(_, dir)| dir))
    }
}

/// Opens `folder`, or a folder on the way to it from `at`, which is `dir`.
fn open_next(
    dir: &Dir,
    at: &[u8],
    folder: &[u8],
    tell: &mut Option<&mut dyn FnMut(Vec<u8>)>,
) -> Result<(Vec<u8>, Dir), Refused> {
    let rest = if at.is_empty() { folder } else { folder.get(at.len() + 1..).unwrap_or_default() };
    let name = rest.split(|&byte| byte == b'/').next().unwrap_or_default();
    let path = join(at, name);
    let opened = match tell {
        // Mostly it has to be made, and otherwise it is there.
        Some(tell) => make_folder(dir, &path, tell).and_then(|()| dir.open_folder(name)),
        None if name != rest => match dir.open_below(rest) {
            Ok(dir) => return Ok((folder.to_vec(), dir)),
            Err(_) => dir.open_folder(name),
        },
        None => dir.open_folder(name),
    };
    opened.map(|dir| (path.clone(), dir)).map_err(|error| Refused { path, error })
}

fn make_folder(dir: &Dir, path: &[u8], tell: &mut dyn FnMut(Vec<u8>)) -> io::Result<()> {
    match dir.make_folder(split(path).1) {
        // If it is no folder, opening it says so.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made.map(|()| tell(path.to_vec())),
    }
}
