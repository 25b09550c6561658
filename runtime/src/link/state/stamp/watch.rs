//! What a stamp depends on besides the ledger: the folders in which planned things and their sources are, and copies with
//! their sources.

use std::collections::BTreeSet;

use crate::link::LinkKind;
use crate::link::PlannedLink;
use crate::link::path::{folders_above, join, split};
use crate::link::state::ledger::Mark;
use crate::link::survey::standing::Standing;
use crate::link::survey::{Step, Survey};

/// What the path of something watched is below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Base {
    /// It is the ledger itself, and has no path.
    Ledger = b'l',
    Public = b'p',
    /// The folder of the apps.
    Root = b'r',
}

impl Base {
    pub(super) fn of(letter: u8) -> Option<Self> {
        [Self::Ledger, Self::Public, Self::Root].into_iter().find(|base| *base as u8 == letter)
    }
}

/// Something that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Watched<'p> {
    pub(super) base: Base,
    /// The empty path is the folder itself.
    pub(super) path: &'p [u8],
}

/// All on which it depends that a survey found nothing to do, but for the ledger.
#[derive(Default)]
pub(super) struct List {
    public: Paths,
    root: Paths,
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

impl List {
    pub(super) fn of(plan: &[PlannedLink<'_>], survey: &Survey<'_, '_>) -> Self {
        let Self { mut public, mut root } = Self::default();
        for step in &survey.steps {
            watch_step(step, &mut public, &mut root);
        }
        survey.behind.iter().for_each(|folder| root.add(folder));
        for entry in survey.deferred.iter().filter_map(|&place| plan.get(place as usize)) {
            watch_deferred(entry, &mut public, &mut root);
        }
        Self { public, root }
    }

    /// Each of them, sorted by path below each folder.
    pub(super) fn all(&self) -> impl Iterator<Item = Watched<'_>> {
        let below = |base, paths| <BTreeSet<Vec<u8>>>::iter(paths).map(move |path| Watched { base, path });
        below(Base::Public, &self.public.0).chain(below(Base::Root, &self.root.0))
    }
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
}
