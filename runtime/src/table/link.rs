//! Entries of the link plan: what the table says should be in the public folder.

use super::Table;
use super::layout::{Section, link};
use crate::AppId;

/// How an asset comes into the public folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum LinkMode {
    /// A symlink where the system can, else a copy.
    #[default]
    Auto,
    /// A symlink, and nothing else where the system can't.
    Symlink,
    /// A hard link, for a folder one for each of its files; a copy where the system can't. An edit through one changes
    /// the source.
    Hardlink,
    /// A copy.
    Copy,
}

/// Whether a planned link stands for a file or for a whole folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// One file.
    File,
    /// A folder with everything below it.
    Folder,
}

/// One entry of a link plan: what should be in the public folder, and where it comes from.
///
/// Paths are bytes as the file system has them, `/`-separated, relative, without `.`, `..` or empty parts; `codegen`
/// has checked that. A plan is sorted by `public`, and no entry lies below another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedLink<'t> {
    /// The app it belongs to.
    pub app: AppId,
    /// Its place, relative to the public folder.
    pub public: &'t [u8],
    /// What it shows, relative to the folder of the apps.
    pub source: &'t [u8],
    /// A file or a folder.
    pub kind: LinkKind,
    /// How it is made.
    pub mode: LinkMode,
    /// In place before the host answers.
    pub critical: bool,
    /// Made only when the app loads or the asset is first asked for.
    pub lazy: bool,
    /// For a folder, the files that the bake saw in it, relative to it; what a copy copies. Empty for a file.
    pub files: Vec<&'t [u8]>,
}

/// The entry of the link plan with that number.
pub(super) fn planned_link(table: Table<'_>, idx: u32) -> PlannedLink<'_> {
    let record = table.image.record(Section::Links, idx);
    let flags = record.word(link::FLAGS);
    PlannedLink {
        app: AppId(record.word(link::APP)),
        public: record.path(link::PUBLIC),
        source: record.path(link::SOURCE),
        kind: if flags & link::FOLDER == 0 { LinkKind::File } else { LinkKind::Folder },
        mode: match flags >> link::MODE_SHIFT & 3 {
            0 => LinkMode::Auto,
            1 => LinkMode::Symlink,
            2 => LinkMode::Hardlink,
            _ => LinkMode::Copy,
        },
        critical: flags & link::CRITICAL != 0,
        lazy: flags & link::LAZY != 0,
        files: record.paths(link::FILES).collect(),
    }
}
