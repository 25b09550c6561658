//! What becomes of a step whose first method could not be had: a junction, or copies in the place of links.

use std::borrow::Cow;

use super::build::{note, outcome_of};
use super::group::Group;
use super::make::{check, make};
use super::{Parts, Work};
use crate::link::made::{Made, could_not_make, falls_back, first_method, merge, second_method};
use crate::link::path::{join, sorted, split};
use crate::link::state::ledger::{Mark, Record};
use crate::link::survey::standing::{Leaf, Standing, view};
use crate::link::survey::{Step, files};
use crate::link::walk::Refused;
use crate::link::{LinkKind, LinkMethod, LinkMode, Outcome};

impl Work<'_, '_> {
    /// Tries whether something can be made for which a copy stands in. Mostly it still can't, and then nothing has changed.
    pub(super) fn try_where_a_copy_stands_in(
        &mut self,
        step: &Step<'_, '_>,
        method: LinkMethod,
    ) -> Result<(), Refused> {
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

    /// Makes a junction or copies, because the first method could not be had.
    pub(super) fn fall_back<'p>(
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
            self.record(step, &leaf.public, mark);
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
        if leaf.kind == LinkKind::File {
            return self.copy_file(idx, step, &made, refused, group, parts);
        }
        if matches!(step.standing, Some(Standing::OurFolder)) {
            let outcome = self.copy_into_folder(step);
            return note(parts, idx, outcome.map(made));
        }
        self.copy_folder(idx, step, &made, group, parts);
    }

    /// Copies a file, because `refused` kept a link from being made.
    fn copy_file<'p>(
        &mut self,
        idx: usize,
        step: &Step<'_, 'p>,
        made: &dyn Fn(Outcome) -> Made,
        refused: Refused,
        group: &mut Group<'p>,
        parts: &mut Parts,
    ) {
        let leaf = Leaf { mode: LinkMode::Copy, ..step.leaf.clone() };
        if let Ok(mark) = self.make_staged(&leaf, LinkMethod::Copy, group) {
            return group.add(idx, leaf, LinkMethod::Copy, mark, made(outcome_of(step)));
        }
        // Where a copy fails too, what stopped the first method is what has to be put right.
        let method = first_method(step.leaf.mode);
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
            if let Err(obstacle) = view(self.scene, &leaf, false) {
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
            match view(self.scene, &leaf, false) {
                Ok(view) => steps.push(Step {
                    entry: step.entry,
                    leaf,
                    standing: Some(view.standing),
                    anchor: view.anchor,
                    source: view.source,
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
        merge(step.entry.public, parts.into_iter().flatten().collect()).map(|entry| entry.outcome)
    }

    /// Takes away what the ledger has in a copied folder and the plan no longer does.
    fn remove_stale(&mut self, step: &Step<'_, '_>) {
        let wanted: Vec<Vec<u8>> = step.entry.files.iter().map(|file| join(step.entry.public, file)).collect();
        let wanted = sorted(&wanted);
        let in_folder = self.scene.old.below(step.entry.public).iter();
        let is_stale = |record: &&Record| !record.is_folder() && wanted.binary_search(&&*record.path).is_err();
        let stale: Vec<Record> = in_folder.filter(is_stale).cloned().collect();
        self.remove_obsolete(&stale);
    }
}
