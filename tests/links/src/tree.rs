//! A snapshot of what lies in a folder: kinds, permissions, targets and bytes.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// What lies at a path, itself and not what it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A folder, with its permissions.
    Folder(u32),
    /// A file, with its permissions and bytes.
    File(u32, Vec<u8>),
    /// A link, with its target.
    Link(Vec<u8>),
    /// Something else.
    Other,
}

/// What lies in a folder, by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree(pub BTreeMap<PathBuf, Node>);

impl Tree {
    /// What lies below `folder`; nothing, if the folder is not there.
    ///
    /// # Panics
    ///
    /// If something there can't be read.
    pub fn of(folder: &Path) -> Self {
        let mut tree = Self::default();
        let mut open = vec![PathBuf::new()];
        while let Some(at) = open.pop() {
            for name in names(&folder.join(&at)) {
                let path = at.join(name);
                let node = node(&folder.join(&path)).unwrap_or_else(|error| panic!("`{}`: {error}", path.display()));
                if matches!(node, Node::Folder(_)) {
                    open.push(path.clone());
                }
                tree.0.insert(path, node);
            }
        }
        tree
    }

    /// The files that a reader finds below `folder`, through links too, with their bytes.
    ///
    /// # Panics
    ///
    /// If a folder can't be listed.
    pub fn as_read(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let (mut open, mut files) = (vec![PathBuf::new()], BTreeMap::new());
        while let Some(at) = open.pop() {
            for name in names(&folder.join(&at)) {
                let path = at.join(name);
                match fs::metadata(folder.join(&path)) {
                    Ok(found) if found.is_dir() => open.push(path),
                    // A pipe would let its reader wait.
                    Ok(found) if found.is_file() => {
                        files.extend(fs::read(folder.join(&path)).ok().map(|bytes| (path, bytes)));
                    }
                    _ => {}
                }
            }
        }
        files
    }

    /// Without the bytes of what lies below `folder`, which differ from run to run.
    #[must_use]
    pub fn without_bytes_below(mut self, folder: &str) -> Self {
        for (path, node) in &mut self.0 {
            if let (true, Node::File(_, bytes)) = (path.starts_with(folder), node) {
                bytes.clear();
            }
        }
        self
    }

    /// Without anything below `folder`, and without the folder.
    #[must_use]
    pub fn without(mut self, folder: &str) -> Self {
        self.0.retain(|path, _| !path.starts_with(folder));
        self
    }

    /// How this differs from what was expected, a line a path; empty if it does not.
    pub fn difference(&self, expected: &Self) -> String {
        let paths = self.0.keys().chain(expected.0.keys().filter(|path| !self.0.contains_key(*path)));
        let lines = paths.filter(|path| self.0.get(*path) != expected.0.get(*path)).map(|path| {
            let shown = |node: Option<&Node>| node.map_or("nothing".to_owned(), ToString::to_string);
            format!("  `{}`: {}, not {}\n", path.display(), shown(self.0.get(path)), shown(expected.0.get(path)))
        });
        lines.collect()
    }
}

impl std::fmt::Display for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(mode) => write!(f, "a folder ({mode:o})"),
            Self::File(mode, bytes) => write!(f, "a file ({mode:o}) with `{}`", String::from_utf8_lossy(bytes)),
            Self::Link(target) => write!(f, "a link to `{}`", String::from_utf8_lossy(target)),
            Self::Other => f.write_str("something else"),
        }
    }
}

fn names(folder: &Path) -> Vec<OsString> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.expect("an entry can be read").file_name()).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => panic!("`{}` can't be listed: {error}", folder.display()),
    }
}

fn node(path: &Path) -> io::Result<Node> {
    let metadata = fs::symlink_metadata(path)?;
    let mode = metadata.mode() & 0o7777;
    Ok(if metadata.is_dir() {
        Node::Folder(mode)
    } else if metadata.is_symlink() {
        Node::Link(fs::read_link(path)?.into_os_string().into_vec())
    } else if metadata.is_file() {
        Node::File(mode, fs::read(path)?)
    } else {
        Node::Other
    })
}

/// Whether a path is, or lies in, what a run has not finished and named so that nobody takes it for an asset.
pub fn is_unfinished(path: &Path) -> bool {
    path.iter().any(|name| name.as_bytes().starts_with(b".bakehouse-"))
}
