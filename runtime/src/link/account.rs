//! Keeps account of what stands, for the next ledger: what is going to, before the first change, and what does after the
//! last one.

use super::ledger::{self, Ledger, Mark, Record};
use super::made::{falls_back, first_method, second_method};
use super::ours::{Verdict, sweep, verdict};
use super::path::{folders_above, sorted, stays_inside};
use super::scene::Scene;
use super::source::look_at_source;
use super::standing::{Leaf, Standing};
use super::survey::{Step, Survey, files};
use super::{LinkKind, LinkMethod, LinkMode};
use crate::AppId;

/// What stands, and what the old ledger has that is done with.
#[derive(Debug, Default)]
pub(super) struct Account {
    records: Vec<Record>,
    /// Paths whose old records are done with.
    settled: Vec<Vec<u8>>,
    /// Real folders that are wanted although nothing is in them.
    empty: Vec<Vec<u8>>,
}

impl Account {
    /// Something stands at `path`. What the ledger had below it is gone then.
    pub(super) fn stands(&mut self, path: &[u8], app: &str, mark: Mark, old: &Ledger) {
        self.settled.extend(old.below(path).iter().map(|record| record.path.clone()));
        self.records.push(Record { path: path.to_vec(), app: app.to_owned(), mark });
    }

    /// A folder was made.
    pub(super) fn folder(&mut self, path: &[u8]) {
        self.records.push(Record { path: path.to_vec(), app: String::new(), mark: Mark::Folder });
    }

    /// A real folder stays although nothing may be in it.
    pub(super) fn is_wanted_empty(&mut self, path: &[u8]) {
        self.empty.push(path.to_vec());
    }

    /// What the old ledger has at `path` is done with.
    pub(super) fn settle(&mut self, path: &[u8]) {
        self.settled.push(path.to_vec());
    }

    /// The records of what stands and of what is left of the old ledger, sorted; folders first, then everything else.
    fn split(self, old: &Ledger) -> (Vec<Record>, Vec<Record>, Vec<Vec<u8>>) {
        let settled = sorted(&self.settled);
        let mut records = self.records;
        ledger::sort(&mut records);
        let is_new = |path: &[u8]| records.binary_search_by(|record| record.path.as_slice().cmp(path)).is_ok();
        let is_left =
            |record: &&Record| !is_new(&record.path) && settled.binary_search(&record.path.as_slice()).is_err();
        let left: Vec<Record> = old.records.iter().filter(is_left).cloned().collect();
        records.extend(left);
        ledger::sort(&mut records);
        let (folders, records) = records.into_iter().partition(Record::is_folder);
        (folders, records, self.empty)
    }

    /// What is true now. Removes the folders that are of no use any more.
    pub(super) fn close(self, plan: u64, scene: &mut Scene) -> Ledger {
        let (folders, mut records, empty) = self.split(&scene.old);
        // Why a folder could not be removed does not matter here: nothing asked for that.
        let kept = sweep(&mut scene.public, folders, &mut records, &empty);
        records.extend(kept.into_iter().map(|(folder, _)| folder));
        ledger::sort(&mut records);
        Ledger { public: scene.public_path.clone(), plan, records }
    }

    /// What is going to be true.
    fn foresee(self, plan: u64, scene: &mut Scene) -> Ledger {
        let (folders, mut records, empty) = self.split(&scene.old);
        let empty = sorted(&empty);
        let stays = |folder: &Record, scene: &mut Scene| {
            let is_used = !ledger::below(&records, &folder.path).is_empty();
            is_used || empty.binary_search(&folder.path.as_slice()).is_ok() || is_in_use_by_others(folder, scene)
        };
        let folders: Vec<Record> = folders.into_iter().filter(|folder| stays(folder, scene)).collect();
        records.extend(folders);
        ledger::sort(&mut records);
        Ledger { public: scene.public_path.clone(), plan, records }
    }
}

/// Whether a folder that the plan has no use for can't be removed, because somebody else put something into it.
fn is_in_use_by_others(folder: &Record, scene: &mut Scene) -> bool {
    let has_records = !scene.old.below(&folder.path).is_empty();
    if has_records || verdict(&mut scene.public, folder).map_or(true, |verdict| verdict != Verdict::Ours) {
        return false;
    }
    let names = scene.public.reach(&folder.path).ok().and_then(|dir| dir.names().ok());
    names.is_none_or(|names| !names.is_empty())
}

/// The ledger as it will be if all goes well.
pub(super) fn foresee<'t>(
    survey: &Survey<'_, '_>,
    slug_of: &dyn Fn(AppId) -> &'t str,
    plan: u64,
    scene: &mut Scene,
) -> Ledger {
    let mut account = Account::default();
    for step in &survey.steps {
        match &step.standing {
            None => {}
            Some(Standing::Same(mark)) => {
                account.stands(&step.leaf.public, slug_of(step.entry.app), mark.clone(), &scene.old);
            }
            Some(_) => foresee_step(step, slug_of(step.entry.app), scene, &mut account),
        }
    }
    for record in &survey.obsolete {
        account.settle(&record.path);
    }
    account.foresee(plan, scene)
}

fn foresee_step(step: &Step<'_, '_>, app: &str, scene: &Scene, account: &mut Account) {
    if step.is_to_be_made() {
        for folder in folders_above(&step.leaf.public).filter(|folder| folder.len() >= step.anchor) {
            account.folder(folder);
        }
    }
    if step.leaf.is_real_folder() {
        if step.is_to_be_made() {
            account.folder(&step.leaf.public);
        }
        if step.entry.files.is_empty() {
            account.is_wanted_empty(&step.leaf.public);
        }
    } else if let Some(mark) = future_mark(step, first_method(step.leaf.mode), scene) {
        account.stands(&step.leaf.public, app, mark, &scene.old);
    }
}

/// The mark that a step will have when it is made by `method`.
fn future_mark(step: &Step<'_, '_>, method: LinkMethod, scene: &Scene) -> Option<Mark> {
    let (leaf, source) = (&step.leaf, step.source.as_ref()?);
    Some(match method {
        LinkMethod::Symlink => Mark::Symlink { target: scene.targets.target(&leaf.public, &leaf.source) },
        LinkMethod::Junction => Mark::Symlink { target: scene.targets.absolute(&leaf.source) },
        LinkMethod::Hardlink => Mark::hardlink(source),
        LinkMethod::Copy => Mark::future_copy(source),
    })
}

/// What else than foreseen may be found at the place of a step, now or when the run is killed: what stands there by
/// another method and is in no ledger, and a junction.
pub(super) fn alternatives(step: &Step<'_, '_>, app: &str, scene: &Scene) -> Vec<Record> {
    if !step.is_to_be_made() {
        return Vec::new();
    }
    let leaf = &step.leaf;
    let mut methods: Vec<LinkMethod> = second_method(leaf).into_iter().collect();
    if matches!(step.standing, Some(Standing::Ours)) && scene.old.get(&leaf.public).is_none() {
        methods.extend([LinkMethod::Symlink, LinkMethod::Hardlink]);
    }
    let marks = methods.into_iter().filter_map(|method| future_mark(step, method, scene));
    marks.map(|mark| Record { path: leaf.public.to_vec(), app: app.to_owned(), mark }).collect()
}

/// What may be found where copies have to stand in for a step.
pub(super) fn stand_ins(step: &Step<'_, '_>, app: &str, scene: &mut Scene) -> Vec<Record> {
    if !step.is_to_be_made() || !falls_back(step.leaf.mode) {
        return Vec::new();
    }
    let leaves = if step.leaf.kind == LinkKind::Folder {
        files(step.entry, LinkMode::Copy)
    } else {
        vec![Leaf { mode: LinkMode::Copy, ..step.leaf.clone() }]
    };
    let mut records = Vec::new();
    for leaf in leaves.iter().filter(|leaf| stays_inside(&leaf.public) && stays_inside(&leaf.source)) {
        // One without a source is not copied.
        let Ok(source) = look_at_source(&mut scene.root, leaf) else { continue };
        let folders = folders_above(&leaf.public).filter(|folder| folder.len() >= step.anchor);
        let folder = |path: &[u8]| Record { path: path.to_vec(), app: String::new(), mark: Mark::Folder };
        records.extend(folders.map(folder));
        records.push(Record { path: leaf.public.to_vec(), app: app.to_owned(), mark: Mark::future_copy(&source) });
    }
    records
}
