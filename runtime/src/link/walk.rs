//! Opens the folders on the way to a path, one name at a time and never through a link.

use std::io::{self, ErrorKind};

use super::dir::Dir;
use super::path::{is_at_or_below, is_below, join, split};

/// A folder below which paths are opened. The folder of the last path stays open for the next one: a plan is sorted,
/// so that is mostly the same.
#[derive(Debug)]
pub(super) struct Walk {
    /// `None` where a dry run meets a public folder that does not exist yet.
    base: Option<Dir>,
    /// The path of the folder that is open; empty for the base.
    at: Vec<u8>,
    /// `None` for the base.
    open: Option<Dir>,
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
        Self { base, at: Vec::new(), open: None, absent: None }
    }

    /// Opens `folder`; the empty path is the base itself.
    pub(super) fn reach(&mut self, folder: &[u8]) -> Result<&Dir, Refused> {
        self.go(folder, None)
    }

    /// Opens `folder` and makes what is missing on the way; tells of each folder that it made.
    pub(super) fn reach_or_make(&mut self, folder: &[u8], tell: &mut dyn FnMut(Vec<u8>)) -> Result<&Dir, Refused> {
        self.go(folder, Some(tell))
    }

    /// Forgets the open folder and what was not there: called after a folder was moved or removed, which an open handle
    /// does not notice.
    pub(super) fn forget(&mut self) {
        self.at.clear();
        self.open = None;
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
        if self.at != folder && !is_below(folder, &self.at) {
            self.at.clear();
            self.open = None;
        }
        let rest = rest(folder, &self.at);
        if rest.contains(&b'/')
            && let Ok(dir) = self.open.as_ref().unwrap_or(base).open_below(rest)
        {
            (self.at, self.open) = (folder.to_vec(), Some(dir));
        }
        while self.at != folder {
            let name = next_name(folder, &self.at);
            let path = join(&self.at, name);
            let dir = self.open.as_ref().unwrap_or(base);
            let opened = match (dir.open_folder(name), &mut tell) {
                (Err(error), Some(tell)) if error.kind() == ErrorKind::NotFound => {
                    make_folder(dir, &path, tell).and_then(|()| dir.open_folder(name))
                }
                (opened, _) => opened,
            };
            match opened {
                Ok(next) => (self.at, self.open) = (path, Some(next)),
                Err(error) => {
                    self.absent = (error.kind() == ErrorKind::NotFound).then(|| path.clone());
                    return Err(Refused { path, error });
                }
            }
        }
        Ok(self.open.as_ref().unwrap_or(base))
    }
}

fn make_folder(dir: &Dir, path: &[u8], tell: &mut dyn FnMut(Vec<u8>)) -> io::Result<()> {
    match dir.make_folder(split(path).1) {
        // Somebody else was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made.map(|()| tell(path.to_vec())),
    }
}

/// The name that follows `at` on the way to `folder`.
fn next_name<'f>(folder: &'f [u8], at: &[u8]) -> &'f [u8] {
    rest(folder, at).split(|&byte| byte == b'/').next().unwrap_or_default()
}

/// What follows `at` on the way to `folder`.
fn rest<'f>(folder: &'f [u8], at: &[u8]) -> &'f [u8] {
    if at.is_empty() { folder } else { folder.get(at.len() + 1..).unwrap_or_default() }
}
