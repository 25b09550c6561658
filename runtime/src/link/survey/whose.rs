//! Says whose something is that stands in the way.

use crate::AppId;
use crate::link::dir::{Dir, Kind, Seen};
use crate::link::path::split;
use crate::link::scene::Scene;
use crate::link::{Conflict, PlannedLink};

/// What to add to the description of what was seen in `dir`: a file's size, and who owns it unless that is who owns the
/// public folder.
pub(in crate::link) fn size_and_owner(dir: &Dir, seen: &Seen) -> String {
    let size = match (seen.kind, seen.stamp.size) {
        (Kind::File, 1) => " of 1 byte".to_owned(),
        (Kind::File, size) => format!(" of {size} bytes"),
        _ => String::new(),
    };
    let expected = dir.itself().ok().and_then(|seen| seen.owner);
    match seen.owner.filter(|_| seen.owner != expected && expected.is_some()) {
        Some(owner) => format!("{size} that belongs to user {owner}"),
        None => size,
    }
}

/// Adds to the conflicts that are links into the folder of an app which app that is.
pub(in crate::link) fn name_apps<'t>(
    conflicts: &mut [Conflict],
    plan: &[PlannedLink<'t>],
    slug_of: &dyn Fn(AppId) -> &'t str,
    scene: &mut Scene,
) {
    for conflict in conflicts {
        let Some(source) = source_behind(conflict, scene) else { continue };
        let alike = |entry: &&PlannedLink<'_>| n_common_folders(entry.source, &source);
        let app = plan.iter().max_by_key(alike).filter(|entry| alike(entry) > 0).map(|entry| slug_of(entry.app));
        conflict.found.extend(app.map(|app| format!(", into the folder of app `{app}`")));
    }
}

/// How many names two paths have in common from the beginning.
fn n_common_folders(one: &[u8], other: &[u8]) -> usize {
    let names = |path| <[u8]>::split(path, |&byte| byte == b'/');
    names(one).zip(names(other)).take_while(|(one, other)| one == other).count()
}

/// The path below the folder of the apps to which a link leads that is in the way.
fn source_behind(conflict: &Conflict, scene: &mut Scene) -> Option<Vec<u8>> {
    let (folder, name) = split(&conflict.path);
    let target = scene.public.reach(folder).ok()?.read_link(name).ok()?;
    scene.targets.source_of(&scene.public_path, folder, &target)
}
