//! Makes the steps of a group: a single link at its place, everything else in the stage, copies where links can't be had.

use std::borrow::Cow;
use std::io;

use super::carry_out::{Parts, Work};
use super::group::Group;
use super::ledger::{Mark, Record};
use super::made::{Made, could_not_make, falls_back, first_method, outcome_after, second_method};
use super::make::{check, make};
use super::path::{below, is_at_or_below, join, split};
use super::stage::Known;
use super::standing::{Leaf, Standing, view};
use super::survey::{Step, files};
use super::walk::{Refused, Walk};
use super::{Failure, LinkKind, LinkMethod, LinkMode, Outcome};

/// What making each of some steps came to.
type Tries = Vec<(usize, Result<Mark, Refused>)>;

impl Work<'_, '_> {
    /// Makes single links in one folder that is there, at names that are free.
    pub(super) fn make_directly(&mut self, steps: &[Step<'_, '_>], idxs: &[usize], parts: &mut Parts) {
        let mut tries = Tries::new();
        for (idx, step) in idxs.iter().filter_map(|&idx| Some((idx, steps.get(idx)?))) {
            (self.tick)();
            let (mut making, public) = self.making();
            let dir = public.reach(split(&step.leaf.public).0);
            tries.push((idx, dir.and_then(|dir| make(&mut making, dir, &step.leaf, first_method(step.leaf.mode)))));
        }
        check_links(&mut self.scene.public, steps, &mut tries, false);
        for (idx, tried) in tries {
            let Some(step) = steps.get(idx) else { continue };
            match tried {
                Ok(mark) => {
                    self.record(step, &step.leaf.public, mark);
                    note(parts, idx, Some(Made::plain(step.leaf.mode, Outcome::Created)));
                }
                Err(refused) => {
                    let mut group = Group::at(step);
                    self.fall_back(idx, step, refused, &mut group, parts);
                    self.put_in_place(steps, group, parts);
                }
            }
        }
    }

    /// Makes the steps of one group in the stage, and puts them in their place.
    pub(super) fn make_in_stage(&mut self, steps: &[Step<'_, '_>], idxs: &[usize], parts: &mut Parts) {
        let Some(mut group) = idxs.first().and_then(|&idx| steps.get(idx)).map(Group::at) else { return };
        group.replaces = idxs.iter().filter_map(|&idx| steps.get(idx)).any(Step::replaces);
        let folder_of = |idx: &usize| steps.get(*idx).map(|step| split(&step.leaf.public).0);
        for in_folder in idxs.chunk_by(|one, other| folder_of(one) == folder_of(other)) {
            self.make_chunk(steps, in_folder, &mut group, parts);
        }
        if group.replaces && !self.is_worth_replacing(steps, idxs, &group.anchor, parts) {
            return self.leave(group, parts);
        }
        self.put_in_place(steps, group, parts);
    }

    /// Whether what was made is to take the place of what is at `anchor`: if it lacks nothing, or if what is there shows
    /// something that the plan does not have.
    fn is_worth_replacing(&self, steps: &[Step<'_, '_>], idxs: &[usize], anchor: &[u8], parts: &Parts) -> bool {
        let mut of_group = idxs.iter().filter_map(|&idx| steps.get(idx));
        let is_made = |idx: &usize| parts.get(*idx).is_none_or(|parts| parts.iter().all(Option::is_some));
        let has_impossible = || {
            let is_itself = self.impossible.binary_search(&anchor).is_ok();
            is_itself || !below(&self.impossible, anchor, |path| path).is_empty()
        };
        of_group.any(|step| step.leaf.by_file) || idxs.iter().all(is_made) && !has_impossible()
    }

    /// Leaves what is at the anchor as it is, because what would take its place lacks something.
    fn leave(&mut self, group: Group<'_>, parts: &mut Parts) {
        let known = Known { old: &self.scene.old, next: &self.next.ledger };
        // What can't be removed now is, or is told of, when the stage is closed.
        let _ = self.stage.settle(&mut self.scene.public, &group.anchor, known);
        if group.built.is_empty() {
            return;
        }
        group.built.iter().for_each(|built| note(parts, built.step, None));
        self.report.failed.push(Failure {
            path: group.anchor,
            problem: "it was left as it was, because not all that takes its place could be made".to_owned(),
            error: None,
            help: "put right what else failed, and run again".to_owned(),
        });
    }

    /// Makes those steps of a group that are in one folder.
    fn make_chunk<'p>(&mut self, steps: &[Step<'_, 'p>], idxs: &[usize], group: &mut Group<'p>, parts: &mut Parts) {
        let mut tries = Tries::new();
        for (idx, step) in idxs.iter().filter_map(|&idx| Some((idx, steps.get(idx)?))) {
            (self.tick)();
            if step.leaf.is_real_folder() {
                self.make_folder(idx, step, group, parts);
            } else {
                let method = first_method(step.leaf.mode);
                let possible = self.try_where_a_copy_stands_in(step, method);
                tries.push((idx, possible.and_then(|()| self.make_staged(&step.leaf, method, group))));
            }
        }
        if tries.iter().any(|(_, tried)| tried.is_ok())
            && let Ok(stage) = self.stage.open(&mut self.scene.public)
        {
            check_links(stage, steps, &mut tries, true);
        }
        for (idx, tried) in tries {
            let Some(step) = steps.get(idx) else { continue };
            match tried {
                Ok(mark) => {
                    let made = Made::plain(step.leaf.mode, outcome_of(step));
                    group.add(idx, step.leaf.clone(), first_method(step.leaf.mode), mark, made);
                }
                Err(refused) => self.fall_back(idx, step, refused, group, parts),
            }
        }
    }

    /// Tries whether something can be made for which a copy stands in. Mostly it still can't, and then nothing has changed.
    fn try_where_a_copy_stands_in(&mut self, step: &Step<'_, '_>, method: LinkMethod) -> Result<(), Refused> {
        if !matches!(step.standing, Some(Standing::StandIn(_))) {
            return Ok(());
        }
        let folder = split(&step.leaf.public).0;
        let name = self.stage.partial.clone();
        let trial = Leaf { public: Cow::Owned(join(folder, &name)), ..step.leaf.clone() };
        let (mut making, public) = self.making();
        let dir = public.reach(folder)?;
        let fail = |error| Refused::at(&step.leaf.public, error);
        if let Mark::Symlink { target } = make(&mut making, dir, &trial, method)?
            && let Some(error) = check(dir, &[(&name, &target)], true).map_err(fail)?.into_iter().flatten().next()
        {
            return Err(fail(error));
        }
        dir.remove(&name).map_err(fail)
    }

    fn make_folder<'p>(&mut self, idx: usize, step: &Step<'_, 'p>, group: &mut Group<'p>, parts: &mut Parts) {
        match self.make_staged_folder(&step.leaf.public, group) {
            Ok(()) => {
                let made = Made { is_folder: true, ..Made::plain(step.leaf.mode, outcome_of(step)) };
                group.add_folder(idx, step.leaf.clone(), made);
            }
            Err(refused) => {
                let failed = self.fail(&step.leaf.public, "the folder could not be made", None, refused);
                note(parts, idx, failed);
            }
        }
    }

    fn make_staged_folder(&mut self, folder: &[u8], group: &mut Group<'_>) -> Result<(), Refused> {
        let Group { anchor, folders, .. } = group;
        let stage = self.stage.open(&mut self.scene.public)?;
        // The folders above the anchor are there, and only mirrored.
        let mut tell = |path: Vec<u8>| folders.extend(is_at_or_below(&path, anchor).then_some(path));
        stage.reach_or_make(folder, &mut tell).map(drop)
    }

    fn make_staged(&mut self, leaf: &Leaf<'_>, method: LinkMethod, group: &mut Group<'_>) -> Result<Mark, Refused> {
        let folder = split(&leaf.public).0;
        self.make_staged_folder(folder, group)?;
        let partial = self.stage.partial.clone();
        let super::scene::Scene { root, targets, began, public, .. } = &mut *self.scene;
        let mut making = super::make::Making { root, targets, began: *began, partial: &partial };
        let dir = self.stage.open(public)?.reach(folder)?;
        make(&mut making, dir, leaf, method)
    }

    /// Makes a junction or copies, because the first method could not be had.
    fn fall_back<'p>(
        &mut self,
        idx: usize,
        step: &Step<'_, 'p>,
        refused: Refused,
        group: &mut Group<'p>,
        parts: &mut Parts,
    ) {
        let (leaf, method) = (&step.leaf, first_method(step.leaf.mode));
        if !falls_back(leaf.mode) || self.require {
            let failed = self.fail(&leaf.public, could_not_make(method), Some(method), refused);
            return note(parts, idx, failed);
        }
        let help = self.help(&refused, Some(method));
        let mut why = format!("{} failed: {}", method.name(), refused.error);
        if let Some(Standing::StandIn(mark)) = &step.standing {
            let stands_in = if matches!(mark, Mark::Symlink { .. }) { LinkMethod::Junction } else { LinkMethod::Copy };
            self.record(step, &leaf.public, mark.clone());
            return note(parts, idx, Some(Made::instead(stands_in, Outcome::Unchanged, &why, &help)));
        }
        if let Err(error) = self.prepare_to_fall_back() {
            let refused = Refused::at(&leaf.public, error);
            let failed = self.fail(&leaf.public, "the next ledger could not be written", None, refused);
            return note(parts, idx, failed);
        }
        if let Some(second) = second_method(leaf) {
            match self.make_checked(leaf, second, group) {
                Ok(mark) => {
                    let made = Made::instead(second, outcome_of(step), &why, &help);
                    return group.add(idx, leaf.clone(), second, mark, made);
                }
                Err(refused) => why.extend(["; ", second.name(), " failed: ", &refused.error.to_string()]),
            }
        }
        let made = |outcome| Made::instead(LinkMethod::Copy, outcome, &why, &help);
        if matches!(step.standing, Some(Standing::OurFolder)) && leaf.kind == LinkKind::Folder {
            let outcome = self.copy_into_folder(step);
            return note(parts, idx, outcome.map(made));
        }
        if leaf.kind == LinkKind::Folder {
            return self.copy_folder(idx, step, &made, group, parts);
        }
        let leaf = Leaf { mode: LinkMode::Copy, ..leaf.clone() };
        if let Ok(mark) = self.make_staged(&leaf, LinkMethod::Copy, group) {
            return group.add(idx, leaf, LinkMethod::Copy, mark, made(outcome_of(step)));
        }
        // Where a copy fails too, what stopped the first method is what has to be put right.
        let failed = self.fail(&leaf.public, could_not_make(method), Some(method), refused);
        note(parts, idx, failed);
    }

    /// Makes one link in the stage and looks at it at once.
    fn make_checked(&mut self, leaf: &Leaf<'_>, method: LinkMethod, group: &mut Group<'_>) -> Result<Mark, Refused> {
        let mark = self.make_staged(leaf, method, group)?;
        let Mark::Symlink { target } = &mark else { return Ok(mark) };
        let (folder, name) = split(&leaf.public);
        let dir = self.stage.open(&mut self.scene.public)?.reach(folder)?;
        let wrong = check(dir, &[(name, target)], true).map_err(|error| Refused::at(&leaf.public, error))?;
        match wrong.into_iter().flatten().next() {
            Some(error) => Err(Refused::at(&leaf.public, error)),
            None => Ok(mark),
        }
    }

    /// Copies a folder's files in the stage, because a link to the folder could not be had.
    fn copy_folder<'p>(
        &mut self,
        idx: usize,
        step: &Step<'_, 'p>,
        made: &dyn Fn(Outcome) -> Made,
        group: &mut Group<'p>,
        parts: &mut Parts,
    ) {
        let folder = Leaf { mode: LinkMode::Copy, ..step.leaf.clone() };
        if let Err(refused) = self.make_staged_folder(&folder.public, group) {
            let failed = self.fail(&folder.public, "the folder could not be made", None, refused);
            return note(parts, idx, failed);
        }
        if step.entry.files.is_empty() {
            self.account.is_wanted_empty(&folder.public);
        }
        group.add_folder(idx, folder, Made { is_folder: true, ..made(outcome_of(step)) });
        for leaf in files(step.entry, LinkMode::Copy) {
            // A file that is not there, or whose path leads out, fails alone.
            if let Err(obstacle) = view(self.scene, &leaf) {
                let failed = self.obstructed(obstacle);
                note(parts, idx, failed);
                continue;
            }
            match self.make_staged(&leaf, LinkMethod::Copy, group) {
                Ok(mark) => group.add(idx, leaf, LinkMethod::Copy, mark, made(outcome_of(step))),
                Err(refused) => {
                    let failed =
                        self.fail(&leaf.public, could_not_make(LinkMethod::Copy), Some(LinkMethod::Copy), refused);
                    note(parts, idx, failed);
                }
            }
        }
    }

    /// Brings the copies in a folder of Bakehouse's up to date, because a link still can't take its place.
    fn copy_into_folder(&mut self, step: &Step<'_, '_>) -> Option<Outcome> {
        self.remove_stale(step);
        let mut parts = Parts::new();
        let mut steps = Vec::new();
        for leaf in files(step.entry, LinkMode::Copy) {
            match view(self.scene, &leaf) {
                Ok(view) => steps.push(Step {
                    entry: step.entry,
                    leaf,
                    standing: Some(view.standing),
                    anchor: view.anchor,
                    source: Some(view.source),
                }),
                Err(obstacle) => parts.push(vec![self.obstructed(obstacle)]),
            }
        }
        if step.entry.files.is_empty() {
            self.account.is_wanted_empty(&step.leaf.public);
        }
        let folder = Made { is_folder: true, ..Made::plain(LinkMode::Copy, Outcome::Unchanged) };
        parts.push(vec![Some(folder)]);
        parts.extend(self.carry_out(&steps));
        super::made::merge(step.entry.public, parts.into_iter().flatten().collect()).map(|entry| entry.outcome)
    }

    /// Takes away what the ledger has in a copied folder and the plan no longer does.
    fn remove_stale(&mut self, step: &Step<'_, '_>) {
        let wanted: Vec<Vec<u8>> = step.entry.files.iter().map(|file| join(step.entry.public, file)).collect();
        let wanted = super::path::sorted(&wanted);
        let in_folder = self.scene.old.below(step.entry.public).iter();
        let is_stale = |record: &&Record| !record.is_folder() && wanted.binary_search(&record.path.as_slice()).is_err();
        let stale: Vec<Record> = in_folder.filter(is_stale).cloned().collect();
        self.remove_obsolete(&stale);
    }
}

/// Looks whether the symlinks that were made in one folder are there.
fn check_links(walk: &mut Walk, steps: &[Step<'_, '_>], tries: &mut Tries, is_fresh: bool) {
    let mut links = Vec::new();
    let mut folder: &[u8] = b"";
    for (idx, tried) in tries.iter() {
        if let (Some(step), Ok(Mark::Symlink { target })) = (steps.get(*idx), tried) {
            let (in_folder, name) = split(&step.leaf.public);
            folder = in_folder;
            links.push((name, target.as_slice()));
        }
    }
    if links.is_empty() {
        return;
    }
    let fail = |error| Refused::at(folder, error);
    let wrong = match walk.reach(folder).and_then(|dir| check(dir, &links, is_fresh).map_err(fail)) {
        Ok(wrong) => wrong,
        Err(refused) => links.iter().map(|_| Some(again(&refused.error))).collect(),
    };
    drop(links);
    let mut wrong = wrong.into_iter();
    for (idx, tried) in tries.iter_mut().filter(|(_, tried)| matches!(tried, Ok(Mark::Symlink { .. }))) {
        if let (Some(Some(error)), Some(step)) = (wrong.next(), steps.get(*idx)) {
            *tried = Err(Refused::at(&step.leaf.public, error));
        }
    }
}

/// The same error once more, for another thing that failed by it.
pub(super) fn again(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

pub(super) fn note(parts: &mut Parts, idx: usize, part: Option<Made>) {
    if let Some(parts) = parts.get_mut(idx) {
        parts.push(part);
    }
}

/// What making a step does to what stood there.
fn outcome_of(step: &Step<'_, '_>) -> Outcome {
    step.standing.as_ref().map_or(Outcome::Created, outcome_after)
}
