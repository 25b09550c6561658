//! Carries out a link plan.

use crate::AppId;

/// How an asset comes into the public folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum LinkMode {
    /// A symlink where the system can, on Windows a junction for folders, then a copy.
    #[default]
    Auto,
    /// A symlink.
    Symlink,
    /// A hard link. An edit through one changes the source.
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
