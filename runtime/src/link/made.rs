//! What became of one step, and of an entry that took several.

use std::borrow::Cow;

use super::survey::standing::{Leaf, Standing};
use super::{Entry, LinkKind, LinkMethod, LinkMode, Outcome};

/// What became of one step.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) method: LinkMethod,
    pub(super) outcome: Outcome,
    pub(super) reason: Cow<'static, str>,
    /// Whether it is the real folder itself, not something in it.
    pub(super) is_folder: bool,
}

impl Made {
    /// Made by the first method of `mode`.
    pub(super) fn plain(mode: LinkMode, outcome: Outcome) -> Self {
        Self { method: first_method(mode), outcome, reason: plain_reason(mode), is_folder: false }
    }

    /// Made by `method` because others failed: `why`, and `help` to put that right.
    pub(super) fn instead(method: LinkMethod, outcome: Outcome, why: &str, help: &str) -> Self {
        let reason = Cow::Owned(format!("{}: {why}; {help}", method.name()));
        Self { method, outcome, reason, is_folder: false }
    }
}

/// What making something does to what stood there.
pub(super) fn outcome_after(standing: &Standing) -> Outcome {
    match standing {
        Standing::Missing | Standing::Behind => Outcome::Created,
        Standing::Same(_) | Standing::Folder => Outcome::Unchanged,
        Standing::StandIn(_) | Standing::Ours | Standing::OurFolder => Outcome::Replaced,
    }
}

/// The method that a mode tries first.
pub(super) fn first_method(mode: LinkMode) -> LinkMethod {
    match mode {
        LinkMode::Auto | LinkMode::Symlink => LinkMethod::Symlink,
        LinkMode::Hardlink => LinkMethod::Hardlink,
        LinkMode::Copy => LinkMethod::Copy,
    }
}

/// Whether a mode copies when its first method fails. A symlink that was asked for by name is all that will do.
pub(super) fn falls_back(mode: LinkMode) -> bool {
    matches!(mode, LinkMode::Auto | LinkMode::Hardlink)
}

/// What a link of a folder becomes where it can't be a symlink, before it is copied: Windows lets everybody make junctions.
pub(super) fn second_method(leaf: &Leaf<'_>) -> Option<LinkMethod> {
    let is_second = cfg!(windows) && leaf.mode == LinkMode::Auto && leaf.kind == LinkKind::Folder;
    is_second.then_some(LinkMethod::Junction)
}

/// What went wrong when a method failed.
pub(super) fn could_not_make(method: LinkMethod) -> &'static str {
    match method {
        LinkMethod::Symlink => "the symlink could not be made",
        LinkMethod::Junction => "the junction could not be made",
        LinkMethod::Hardlink => "the hard link could not be made",
        LinkMethod::Copy => "the copy could not be made",
    }
}

/// Why an entry is what its mode tries first.
fn plain_reason(mode: LinkMode) -> Cow<'static, str> {
    Cow::Borrowed(match mode {
        LinkMode::Auto => "symlink",
        LinkMode::Symlink => "symlink: asked for",
        LinkMode::Hardlink => "hardlink: asked for",
        LinkMode::Copy => "copy: asked for",
    })
}

/// An entry out of its parts; `None` if there are none or one failed. A folder is a copy if any file in it is.
pub(super) fn merge(path: &[u8], mut parts: Vec<Option<Made>>) -> Option<Entry> {
    if let [made] = parts.as_mut_slice() {
        return made.take().map(|made| entry(path, made));
    }
    let mut parts: Vec<Made> = parts.into_iter().collect::<Option<_>>()?;
    // What counts is the files, unless the folder took the place of something else.
    if parts.iter().any(|part| !part.is_folder) {
        parts.retain(|part| !part.is_folder || part.outcome == Outcome::Replaced);
    }
    let outcomes = parts.iter().map(|part| part.outcome);
    let outcome = outcomes.reduce(|one, other| if one == other { one } else { Outcome::Replaced })?;
    let telling = parts.into_iter().min_by_key(|part| part.is_folder || part.method != LinkMethod::Copy)?;
    Some(entry(path, Made { outcome, ..telling }))
}

/// An entry of one part.
pub(super) fn entry(path: &[u8], made: Made) -> Entry {
    Entry { path: path.to_vec(), method: made.method, reason: made.reason, outcome: made.outcome }
}
