//! Looks behind a link to a folder: it shows all that the folder holds, whatever the plan saw there.

use crate::link::PlannedLink;
use crate::link::dir::Kind;
use crate::link::path::{join, show, sort};
use crate::link::walk::{Refused, Walk};

/// What the folder behind an entry holds or lacks against the plan, in words; none if nothing.
pub(super) fn surprise_behind(entry: &PlannedLink<'_>, root: &mut Walk) -> Result<Option<String>, Refused> {
    let mut planned = entry.files.clone();
    sort(&mut planned);
    let found = files_below(entry.source, root)?;
    let is_planned = |file: &&Vec<u8>| planned.binary_search(&file.as_slice()).is_ok();
    if let Some(file) = found.iter().find(|file| !is_planned(file)) {
        let file = show(file);
        return Ok(Some(format!("it shows `{file}` too, which the plan does not have; bake again")));
    }
    let is_there = |file: &&&[u8]| found.binary_search_by(|it| it.as_slice().cmp(file)).is_ok();
    let gone = planned.iter().find(|file| !is_there(file));
    Ok(gone.map(|file| format!("it no longer shows `{}`; put that back, or bake again", show(file))))
}

/// Everything but folders below `folder`, relative to it and sorted.
fn files_below(folder: &[u8], root: &mut Walk) -> Result<Vec<Vec<u8>>, Refused> {
    let (mut open, mut found) = (vec![Vec::new()], Vec::new());
    while let Some(below) = open.pop() {
        let path = if below.is_empty() { folder.to_vec() } else { join(folder, &below) };
        let dir = root.reach(&path)?;
        for name in dir.names().map_err(|error| Refused::at(&path, error))? {
            let seen = dir.look(&name).map_err(|error| Refused::at(&join(&path, &name), error))?;
            let path = join(&below, &name);
            match seen.map(|seen| seen.kind) {
                Some(Kind::Folder) => open.push(path),
                Some(_) => found.push(path),
                None => {}
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}
