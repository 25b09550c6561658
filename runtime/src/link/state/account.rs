//! Keeps account of what stands, for the next ledger: what is going to, before the first change, and what does after the
//! last one.

use std::rc::Rc;

use super::ledger::{self, Ledger, Mark, Record};
use super::ours::{Verdict, sweep, verdict};
use crate::AppId;
use crate::link::made::{falls_back, first_method, second_method};
use crate::link::path::{self, folders_above, is_below, sorted, stays_inside};
use crate::link::scene::Scene;
use crate::link::survey::source::look_at_source;
use crate::link::survey::standing::{Leaf, Standing};
use crate::link::survey::{Step, Survey, files};
use crate::link::{LinkKind, LinkMethod, LinkMode};

/// What stands, and what the old ledger has that is done with.
#[derive(Debug, Default)]
pub(in crate::link) struct Account {
    records: Vec<Record>,
    /// Paths whose old records are done with.
    settled: Vec<Rc<[u8]>>,
    /// Real folders that are wanted although nothing is in them.
    empty: Vec<Rc<[u8]>>,
    /// Where in the ledgers the last thing that stands was found. The next is mostly the one behind it.
    near_old: usize,
    near_next: usize,
}

impl Account {
    /// Something stands at `path`. What the old ledger had below it is gone then. Mostly it stood before, or was foreseen
    /// in the `next` ledger, and shares what was said there.
    pub(in crate::link) fn stands(&mut self, path: &[u8], app: &str, mark: &Mark, old: &Ledger, next: &Ledger) {
        let (record, below) = old.at_and_below(path, &mut self.near_old);
        self.settled.extend(below.iter().map(|record| record.path.clone()));
        let is_same = |record: &&Record| record.mark == *mark && *record.app == *app;
        let foreseen = || next.at_and_below(path, &mut self.near_next).0.filter(is_same);
        let same = record.filter(is_same).or_else(foreseen);
        self.records.push(same.map_or_else(|| Record::new(path, app, mark.clone()), Record::clone));
    }

    /// A folder was made.
    pub(in crate::link) fn folder(&mut self, path: &[u8]) {
        self.records.push(Record::folder(path));
    }

    /// A real folder stays although nothing may be in it.
    pub(in crate::link) fn is_wanted_empty(&mut self, path: &[u8]) {
        self.empty.push(path.into());
    }

    /// What the old ledger has at `path` is done with.
    pub(in crate::link) fn settle(&mut self, path: &[u8]) {
        self.settled.push(path.into());
    }

    /// The records of what stands and of what is left of the old ledger, sorted.
    fn merge(&mut self, old: &Ledger) -> Vec<Record> {
        let mut records = std::mem::take(&mut self.records);
        ledger::sort(&mut records);
        let left = self.left(&records, old);
        records.extend(left);
        ledger::sort(&mut records);
        records
    }

    /// What the old ledger has that is neither new nor done with.
    fn left(&self, new: &[Record], old: &Ledger) -> Vec<Record> {
        let mut is_new = has_in_order(new.iter().map(|record| &*record.path));
        let mut is_settled = has_in_order(sorted(&self.settled).into_iter());
        let is_left = |record: &&Record| !is_new(&record.path) && !is_settled(&record.path);
        old.records.iter().filter(is_left).cloned().collect()
    }

    /// For each of sorted records, whether it is a folder in which nothing is and that is not wanted empty.
    fn useless(&self, records: &[Record]) -> Vec<bool> {
        let empty = sorted(&self.empty);
        let is_wanted = |folder: &[u8]| {
            empty.binary_search(&folder).is_ok() || !path::below(&empty, folder, |path| path).is_empty()
        };
        let is_in = |record: &Record, folder: &[u8]| !record.is_folder() && is_below(&record.path, folder);
        let has_some = |folder: &[u8]| ledger::below(records, folder).iter().any(|record| !record.is_folder());
        let is_useless = |(idx, record): (usize, &Record)| {
            // What is in it mostly comes next.
            let is_used =
                || records.get(idx + 1).is_some_and(|next| is_in(next, &record.path)) || has_some(&record.path);
            record.is_folder() && !is_used() && !is_wanted(&record.path)
        };
        records.iter().enumerate().map(is_useless).collect()
    }

    /// What is true now. Removes the folders that are of no use any more.
    pub(in crate::link) fn close(mut self, plan: u64, scene: &mut Scene) -> Ledger {
        let records = self.merge(&scene.old);
        let mut useless = self.useless(&records).into_iter();
        let (folders, mut records) = records.into_iter().partition(|_| useless.next() == Some(true));
        // Why a folder could not be removed does not matter here: nothing asked for that.
        let kept = sweep(&mut scene.public, folders, &mut records);
        records.extend(kept.into_iter().map(|(folder, _)| folder));
        ledger::sort(&mut records);
        Ledger { public: scene.public_path.clone(), plan, records }
    }

    /// What is going to be true.
    fn foresee(mut self, plan: u64, scene: &mut Scene) -> Ledger {
        let mut records = self.merge(&scene.old);
        let mut useless = self.useless(&records).into_iter();
        records.retain(|record| useless.next() != Some(true) || is_in_use_by_others(record, scene));
        Ledger { public: scene.public_path.clone(), plan, records }
    }
}

/// Says whether sorted paths have one, which is asked of others in their order.
fn has_in_order<'p>(sorted: impl Iterator<Item = &'p [u8]>) -> impl FnMut(&[u8]) -> bool {
    let mut rest = sorted.peekable();
    move |path| {
        while rest.next_if(|next| *next < path).is_some() {}
        rest.peek() == Some(&path)
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
pub(in crate::link) fn foresee<'t>(
    survey: &Survey<'_, '_>,
    slug_of: &dyn Fn(AppId) -> &'t str,
    plan: u64,
    scene: &mut Scene,
) -> Ledger {
    let mut account = Account::default();
    let mut last: &[u8] = b"";
    for step in &survey.steps {
        if step.is_to_be_made() {
            foresee_folders(step, last, &mut account);
            last = &step.leaf.public;
        }
        match &step.standing {
            None => {}
            Some(Standing::Same(mark)) => {
                account.stands(&step.leaf.public, slug_of(step.entry.app), mark, &scene.old, &Ledger::default());
            }
            Some(_) => foresee_step(step, slug_of(step.entry.app), scene, &mut account),
        }
    }
    for record in &survey.obsolete {
        account.settle(&record.path);
    }
    account.foresee(plan, scene)
}

/// Foresees the folders that are made on the way to a step, but for those that are on the way to the `last` one too.
fn foresee_folders(step: &Step<'_, '_>, last: &[u8], account: &mut Account) {
    let path = &*step.leaf.public;
    for (at, _) in path.iter().enumerate().skip(step.anchor).filter(|(_, byte)| **byte == b'/') {
        let folder = path.get(..at).unwrap_or_default();
        if !is_below(last, folder) {
            account.folder(folder);
        }
    }
}

fn foresee_step(step: &Step<'_, '_>, app: &str, scene: &Scene, account: &mut Account) {
    if step.leaf.is_real_folder() {
        if step.is_to_be_made() {
            account.folder(&step.leaf.public);
        }
        if step.entry.files.is_empty() {
            account.is_wanted_empty(&step.leaf.public);
        }
    } else if let Some(mark) = future_mark(step, first_method(step.leaf.mode), scene) {
        account.stands(&step.leaf.public, app, &mark, &scene.old, &Ledger::default());
    }
}

/// The mark that a step will have when it is made by `method`.
fn future_mark(step: &Step<'_, '_>, method: LinkMethod, scene: &Scene) -> Option<Mark> {
    let leaf = &step.leaf;
    Some(match method {
        LinkMethod::Symlink => Mark::Symlink { target: scene.targets.target(&leaf.public, &leaf.source) },
        LinkMethod::Junction => Mark::Symlink { target: scene.targets.absolute(&leaf.source).into() },
        LinkMethod::Hardlink => Mark::hardlink(step.source.as_ref()?),
        LinkMethod::Copy => Mark::future_copy(step.source.as_ref()?),
    })
}

/// What else than foreseen may be found at the place of a step, now or when the run is killed: what stands there by
/// another method and is in no ledger, and a junction.
pub(in crate::link) fn alternatives(step: &Step<'_, '_>, app: &str, scene: &Scene) -> Vec<Record> {
    if !step.is_to_be_made() {
        return Vec::new();
    }
    let leaf = &step.leaf;
    let mut methods: Vec<LinkMethod> = second_method(leaf).into_iter().collect();
    if matches!(step.standing, Some(Standing::Ours)) && scene.old.get(&leaf.public).is_none() {
        methods.extend([LinkMethod::Symlink, LinkMethod::Hardlink]);
    }
    let marks = methods.into_iter().filter_map(|method| future_mark(step, method, scene));
    marks.map(|mark| Record::new(&leaf.public, app, mark)).collect()
}

/// What may be found where copies have to stand in for a step.
pub(in crate::link) fn stand_ins(step: &Step<'_, '_>, app: &str, scene: &mut Scene) -> Vec<Record> {
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
        records.extend(folders.map(Record::folder));
        records.push(Record::new(&leaf.public, app, Mark::future_copy(&source)));
    }
    records
}
