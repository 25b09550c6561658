//! In what state a contender finds the public folder and the sources.

use std::fmt;

/// One of the three runs that everybody makes, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// The public folder is empty.
    Cold,
    /// All is in place.
    Unchanged,
    /// All is in place, and then an app got one more file.
    OneMore,
}

impl Case {
    pub(crate) const ALL: [Self; 3] = [Self::Cold, Self::Unchanged, Self::OneMore];
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Cold => "cold",
            Self::Unchanged => "unchanged",
            Self::OneMore => "one more file",
        })
    }
}

/// Whether an app's folder becomes one link, or each file of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One link for each app.
    Folded,
    /// A folder for each app, and one link or one copy for each file.
    FileByFile,
}

impl Layout {
    pub(crate) const ALL: [Self; 2] = [Self::Folded, Self::FileByFile];
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Folded => "folded",
            Self::FileByFile => "file by file",
        })
    }
}
