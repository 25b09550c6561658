//! What a stamp depends on: the folders in which planned things and their sources are, and copies with their sources.

use std::collections::BTreeSet;

use crate::link::LinkKind;
use crate::link::PlannedLink;
use crate::link::ledger::Mark;
use crate::link::path::{folders_above, join, split};
use crate::link::standing::Standing;
use crate::link::survey::{Step, Survey};

/// Something that is looked at, in the public folder or the folder of the apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Watched<'p> {
    pub(super) is_public: bool,
    /// The empty path is the folder itself.
    pub(super) path: &'p [u8],
}

impl<'b> Watched<'b> {
    /// A letter and the path, up to a zero, which no path has in it.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        [if self.is_public { b"p" } else { b"r" }, self.path, b"\0"].concat()
    }

    /// All that a list has.
    pub(super) fn all(list: &'b [u8]) -> impl Iterator<Item = Self> {
        let lines = list.split(|&byte| byte == 0).filter(|line| !line.is_empty());
        lines.filter_map(|line| line.split_first().map(|(&letter, path)| Self { is_public: letter == b'p', path }))
    }
}

/// The paths of one folder that are watched, owned because some are put together.
#[derive(Default)]
struct Paths(BTreeSet<Vec<u8>>);

impl Paths {
    /// Watches `path`, and what could make it lead elsewhere.
    fn add(&mut self, path: &[u8]) {
        if self.0.contains(path) {
            return;
        }
        // The folder right above needs no watch: what is at `path` is looked at itself. But the folders above that one
        // could be replaced by links.
        let above = split(path).0;
        self.0.extend(folders_above(above).map(<[u8]>::to_vec));
        if !above.is_empty() {
            self.0.insert(Vec::new());
        }
        self.0.insert(path.to_vec());
    }
}

/// The list of everything on which it depends that a survey found nothing to do.
pub(super) fn list(plan: &[PlannedLink<'_>], survey: &Survey<'_, '_>) -> Vec<u8> {
    let (mut public, mut root) = (Paths::default(), Paths::default());
    for step in &survey.steps {
        watch_step(step, &mut public, &mut root);
    }
    survey.behind.iter().for_each(|folder| root.add(folder));
    for entry in survey.deferred.iter().filter_map(|&place| plan.get(place as usize)) {
        watch_deferred(entry, &mut public, &mut root);
    }
    let lines = |paths: &Paths, is_public| -> Vec<u8> {
        paths.0.iter().flat_map(|path| Watched { is_public, path }.to_bytes()).collect()
    };
    [lines(&public, true), lines(&root, false)].concat()
}

fn watch_step(step: &Step<'_, '_>, public: &mut Paths, root: &mut Paths) {
    let leaf = &step.leaf;
    public.add(split(&leaf.public).0);
    if leaf.kind == LinkKind::Folder {
        root.add(&leaf.source);
    } else {
        root.add(split(&leaf.source).0);
    }
    if leaf.is_real_folder() {
        public.add(&leaf.public);
    }
    // A folder's times say nothing about what is written to a file in it.
    if let Some(Standing::Same(Mark::Copy { .. })) = step.standing {
        public.add(&leaf.public);
        root.add(&leaf.source);
    }
}

/// Nothing of these is there, and that something comes in their way, or that a source goes, is to be seen.
fn watch_deferred(entry: &PlannedLink<'_>, public: &mut Paths, root: &mut Paths) {
    public.add(split(entry.public).0);
    public.add(entry.public);
    root.add(split(entry.source).0);
    root.add(entry.source);
    for file in &entry.files {
        public.add(split(&join(entry.public, file)).0);
        root.add(split(&join(entry.source, file)).0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_watched_with_what_could_make_it_lead_elsewhere() {
        let cases: [(&[u8], &[&str]); 4] =
            [(b"a", &["a"]), (b"a/b", &["", "a/b"]), (b"a/b/c", &["", "a", "a/b/c"]), (b"", &[""])];
        for (path, expected) in cases {
            let mut paths = Paths::default();
            paths.add(path);
            let watched: Vec<_> = paths.0.iter().map(|path| std::str::from_utf8(path).unwrap()).collect();
            assert_eq!(watched, expected);
        }
    }

    #[test]
    fn a_list_is_read_back() {
        let all = [(true, b"".as_slice()), (true, b"p r"), (false, b"\n\xff")];
        let all = all.map(|(is_public, path)| Watched { is_public, path });
        let list: Vec<u8> = all.into_iter().flat_map(Watched::to_bytes).collect();
        assert_eq!(Watched::all(&list).collect::<Vec<_>>(), all);
    }
}
