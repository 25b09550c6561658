//! Why a registry did not start, or take another table.

use std::error::Error;
use std::fmt;

/// Why a registry did not start, or take another table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartError {
    kind: StartKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum StartKind {
    AlreadyStarted,
    NotStarted,
    Slots { constructors: usize, slots: usize },
    Missing(Vec<Missing>),
}

/// An app whose constructor the binary lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Missing {
    /// Its slug.
    pub(super) slug: String,
    /// The entry that the table names.
    pub(super) entry: String,
    /// The entry that the binary has for it instead.
    pub(super) instead: Option<&'static str>,
}

impl StartError {
    pub(super) fn already_started() -> Self {
        Self { kind: StartKind::AlreadyStarted }
    }

    /// That a registry is not started.
    pub fn not_started() -> Self {
        Self { kind: StartKind::NotStarted }
    }

    pub(super) fn slots(constructors: usize, slots: usize) -> Self {
        Self { kind: StartKind::Slots { constructors, slots } }
    }

    pub(super) fn missing(missing: Vec<Missing>) -> Self {
        Self { kind: StartKind::Missing(missing) }
    }

    /// Whether the registry was started before.
    pub fn is_already_started(&self) -> bool {
        self.kind == StartKind::AlreadyStarted
    }

    /// Whether a table was to be swapped before there was one in force.
    pub fn is_not_started(&self) -> bool {
        self.kind == StartKind::NotStarted
    }

    /// Whether the table names an entry which the binary lacks.
    pub fn is_missing_entry(&self) -> bool {
        matches!(self.kind, StartKind::Missing(_))
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            StartKind::AlreadyStarted => f.write_str("the registry is already started"),
            StartKind::NotStarted => f.write_str("the registry is not started"),
            StartKind::Slots { constructors, slots } => {
                write!(f, "must be one slot a constructor, but {constructors} constructors have {slots} slots")
            }
            StartKind::Missing(missing) => {
                f.write_str("the table names code that this binary lacks: ")?;
                missing.iter().enumerate().try_for_each(|(idx, missing)| write_missing(f, idx, missing))
            }
        }
    }
}

fn write_missing(f: &mut fmt::Formatter<'_>, idx: usize, missing: &Missing) -> fmt::Result {
    let joint = if idx == 0 { "" } else { ", " };
    write!(f, "{joint}`{}` of app `{}`", missing.entry, missing.slug)?;
    match missing.instead {
        Some(instead) => write!(f, " (it has `{instead}`)"),
        None => Ok(()),
    }
}

impl Error for StartError {}
