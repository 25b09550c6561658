//! Makes the steps of a group: a single link at its place, everything else in the stage.

use std::io;

use super::group::Group;
use super::make::{Making, check, make};
use super::stage::Known;
use super::{Parts, Work};
use crate::link::made::{Made, first_method, outcome_after};
use crate::link::path::{below, split};
use crate::link::scene::Scene;
use crate::link::state::ledger::Mark;
use crate::link::survey::Step;
use crate::link::survey::standing::Leaf;
use crate::link::walk::{Refused, Walk};
use crate::link::{Failure, LinkMethod, Outcome};

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
                    self.record(step, &step.leaf.public, &mark);
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

    pub(super) fn make_staged_folder(&mut self, folder: &[u8], group: &mut Group<'_>) -> Result<(), Refused> {
        self.stage.reach_or_make(&mut self.scene.public, folder, group).map(drop)
    }

    pub(super) fn make_staged(
        &mut self,
        leaf: &Leaf<'_>,
        method: LinkMethod,
        group: &mut Group<'_>,
    ) -> Result<Mark, Refused> {
        let Scene { root, targets, began, public, .. } = &mut *self.scene;
        let (dir, partial) = self.stage.reach_or_make(public, split(&leaf.public).0, group)?;
        make(&mut Making { root, targets, began: *began, partial }, dir, leaf, method)
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
            links.push((name, &**target));
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
pub(super) fn outcome_of(step: &Step<'_, '_>) -> Outcome {
    step.standing.as_ref().map_or(Outcome::Created, outcome_after)
}
