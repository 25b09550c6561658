//! Looks behind a link of a folder, which publishes all that the folder holds: also what came after the bake.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::link::PlannedLink;
use crate::link::dir::{Dir, Kind};
use crate::link::path::{join, show};
use crate::link::walk::{Refused, Walk};

/// What a source folder holds, compared with the plan.
#[derive(Debug, Default)]
pub(in crate::link) struct Behind {
    /// The folders in it, by their whole paths below the folder of the apps, itself too.
    pub(in crate::link) folders: Vec<Vec<u8>>,
    /// The first thing in it that the plan does not have, relative to it.
    pub(in crate::link) unplanned: Option<Vec<u8>>,
    /// How many of the planned files it holds.
    n_files: usize,
}

/// Looks through the source folder of `entry`, and stops at the first thing that the plan does not have.
pub(in crate::link) fn look_behind(root: &mut Walk, entry: &PlannedLink<'_>) -> Result<Behind, Refused> {
    let planned = Planned::of(entry);
    let mut behind = Behind::default();
    let mut open = vec![Vec::new()];
    while let Some(inside) = open.pop() {
        let folder = if inside.is_empty() { entry.source.to_vec() } else { join(entry.source, &inside) };
        let dir = root.reach(&folder)?;
        look_in(dir, &inside, &planned, &mut open, &mut behind).map_err(|error| Refused::at(&folder, error))?;
        behind.folders.push(folder);
        if behind.unplanned.is_some() {
            break;
        }
    }
    Ok(behind)
}

fn look_in(
    dir: &Dir,
    inside: &[u8],
    planned: &Planned<'_>,
    open: &mut Vec<Vec<u8>>,
    behind: &mut Behind,
) -> std::io::Result<()> {
    dir.each(&mut |name, kind| {
        let kind = match kind {
            Some(kind) => kind,
            None => dir.look(name)?.map_or(Kind::Folder, |seen| seen.kind),
        };
        let path = if inside.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(join(inside, name)) };
        // A planned file that has become a link would lead readers out of the app's folder.
        match kind {
            Kind::Folder => open.push(path.into_owned()),
            Kind::File if planned.has(&path) => behind.n_files += 1,
            _ => {
                behind.unplanned = Some(path.into_owned());
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })
}

impl Behind {
    /// What a person should know, if not all is as planned.
    pub(in crate::link) fn remark(&self, entry: &PlannedLink<'_>) -> Option<String> {
        if let Some(unplanned) = &self.unplanned {
            let path = join(entry.source, unplanned);
            let (public, path) = (show(entry.public), show(&path));
            return Some(format!(
                "`{public}` has a link for each file, because one for the folder would make `{path}` public, which was not \
                 there at the bake; bake again, or take that away"
            ));
        }
        let n_missing = entry.files.len().saturating_sub(self.n_files);
        let files = if n_missing == 1 { "file" } else { "files" };
        (n_missing > 0).then(|| {
            let (source, public) = (show(entry.source), show(entry.public));
            format!("`{source}`, which is linked as `{public}`, lacks {n_missing} {files} of the bake; put back what is missing, or bake again")
        })
    }
}

/// The files that the bake saw in a folder.
struct Planned<'p>(Cow<'p, [&'p [u8]]>);

impl<'p> Planned<'p> {
    fn of(entry: &'p PlannedLink<'_>) -> Self {
        if entry.files.is_sorted() {
            return Self(Cow::Borrowed(&entry.files));
        }
        let mut files = entry.files.clone();
        crate::link::path::sort(&mut files);
        Self(Cow::Owned(files))
    }

    fn has(&self, path: &[u8]) -> bool {
        self.0.binary_search(&path).is_ok()
    }
}
