//! Where files may be: opens a file below the public folder and then looks where it really is, since links lead from
//! there into the apps' folders and anybody may have put others beside them.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use bakehouse_runtime::AppId;
use bakehouse_runtime::link::PlannedLink;

use super::path::to_path;
use super::version::Versions;

/// The public folder, and what the link plan shows in it.
#[derive(Debug)]
pub(crate) struct Place {
    public: PathBuf,
    root: PathBuf,
    /// Sorted by public path; none lies below another.
    links: Vec<Shown>,
    /// What its files hold.
    pub(crate) versions: Versions,
}

/// A planned link: its place in the public folder and its source below the folder of the apps.
#[derive(Debug)]
struct Shown {
    public: Box<[u8]>,
    source: PathBuf,
    /// The app to which it belongs if it is only made when somebody needs it.
    lazy: Option<AppId>,
    /// Whether it is in place before the host answers.
    critical: bool,
}

/// An open file and what was found out about it.
pub(crate) struct Opened {
    pub(crate) file: File,
    pub(crate) metadata: Metadata,
}

impl Place {
    /// The folder at `public`, into which `plan` links what lies below `root`.
    pub(crate) fn new(public: PathBuf, root: PathBuf, plan: &[PlannedLink<'_>]) -> Self {
        let shown = |link: &PlannedLink<'_>| {
            let lazy = link.lazy.then_some(link.app);
            Some(Shown { public: link.public.into(), source: to_path(link.source)?, lazy, critical: link.critical })
        };
        let mut links: Vec<Shown> = plan.iter().filter_map(shown).collect();
        links.sort_by(|a, b| a.public.cmp(&b.public));
        Self { public, root, links, versions: Versions::default() }
    }

    /// Opens the file at a plain relative path; none if there is no file that may be shown.
    ///
    /// # Errors
    /// What the system says when a file is there and can't be opened.
    pub(crate) fn open(&self, relative: &[u8]) -> io::Result<Option<Opened>> {
        match self.try_open(relative) {
            Err(error) if is_absence(&error) => Ok(None),
            other => other,
        }
    }

    fn try_open(&self, relative: &[u8]) -> io::Result<Option<Opened>> {
        let Some(path) = to_path(relative).map(|path| self.public.join(path)) else { return Ok(None) };
        // Looked at before it is opened: opening a pipe would wait for a writer.
        if !fs::metadata(&path)?.is_file() {
            return Ok(None);
        }
        let file = File::open(&path)?;
        let metadata = file.metadata()?;
        let real = fs::canonicalize(&path)?;
        // The path may have come to lead elsewhere since; only what was opened counts.
        let same = metadata.is_file() && is_same(&metadata, &fs::metadata(&real)?);
        let shown = same && self.is_shown(relative, &real)?;
        Ok(shown.then_some(Opened { file, metadata }))
    }

    /// Whether a real path lies in the public folder or where the plan's link for `relative` says.
    fn is_shown(&self, relative: &[u8], real: &Path) -> io::Result<bool> {
        if is_openly_below(real, &fs::canonicalize(&self.public)?) {
            return Ok(true);
        }
        // A real path has no links, so it begins with the source only if no link in the app's folder leads out.
        let Some(link) = self.link(relative) else { return Ok(false) };
        Ok(is_openly_below(real, &fs::canonicalize(&self.root)?.join(&link.source)))
    }

    /// The app whose lazy link a file at this path would be, or lie behind.
    pub(crate) fn lazy_app(&self, relative: &[u8]) -> Option<AppId> {
        self.link(relative)?.lazy
    }

    /// Whether a file at this path is, or lies behind, a link that is in place before the host answers.
    pub(crate) fn is_critical(&self, relative: &[u8]) -> bool {
        self.link(relative).is_some_and(|link| link.critical)
    }

    /// The link at this path or at a folder above it.
    fn link(&self, relative: &[u8]) -> Option<&Shown> {
        let slashes = relative.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(idx, _)| idx);
        let prefixes = slashes.chain([relative.len()]).filter_map(|end| relative.get(..end));
        prefixes.into_iter().find_map(|prefix| {
            let idx = self.links.binary_search_by(|link| (*link.public).cmp(prefix)).ok()?;
            self.links.get(idx)
        })
    }
}

/// Whether the path is the folder (or file) itself or lies below it, with no dotfile on the way.
fn is_openly_below(real: &Path, folder: &Path) -> bool {
    let hidden = |part: &std::ffi::OsStr| part.as_encoded_bytes().starts_with(b".");
    real.strip_prefix(folder).is_ok_and(|rest| !rest.iter().any(hidden))
}

/// Errors that mean that there is no such file, rather than that it can't be read.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename)
}

#[cfg(unix)]
fn is_same(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Elsewhere the standard library tells no identity of a file; what it does tell has to do.
#[cfg(not(unix))]
fn is_same(a: &Metadata, b: &Metadata) -> bool {
    a.len() == b.len() && a.modified().ok() == b.modified().ok()
}
