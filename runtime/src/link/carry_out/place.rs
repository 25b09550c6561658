//! Puts what was made in the stage in its place: at once where the system can, and never over what somebody else made.
//!
//! Names are exchanged, so that a path leads to the old thing or to the new one at any moment. Who is on the way through
//! a folder right then looks on in the one that was taken away; no system call keeps a reader from that.

use std::io::{self, ErrorKind};

use super::build::{again, note};
use super::group::{Built, Group};
use super::make::{make, remove_own_folder};
use super::stage::{Known, Settled};
use super::{Parts, Work};
use crate::link::dir::Kind;
use crate::link::made::could_not_make;
use crate::link::path::split;
use crate::link::state::ledger::Mark;
use crate::link::state::ours::{Verdict, verdict};
use crate::link::survey::Step;
use crate::link::survey::standing::standing;
use crate::link::walk::Refused;

impl Work<'_, '_> {
    /// Puts a group in its place, and notes what became of it.
    pub(super) fn put_in_place(&mut self, steps: &[Step<'_, '_>], group: Group<'_>, parts: &mut Parts) {
        if group.built.is_empty() {
            return;
        }
        match self.put(steps, &group) {
            Ok(()) => self.note_placed(steps, group, parts),
            Err(refused) if is_for_one_at_a_time(&refused.error) => {
                self.note_in_steps(&group.anchor, &refused.error);
                self.make_one_at_a_time(steps, group, parts);
            }
            Err(refused) => self.note_failed(group, &refused, parts),
        }
    }

    fn put(&mut self, steps: &[Step<'_, '_>], group: &Group<'_>) -> Result<(), Refused> {
        if !group.replaces {
            return self.stage.put(&mut self.scene.public, &group.anchor);
        }
        match self.stage.exchange(&mut self.scene.public, &group.anchor) {
            Ok(()) => self.settle_replaced(group),
            Err(refused) if is_unknown_call(&refused.error) => self.replace_in_two_steps(steps, group),
            // What was there went away meanwhile.
            Err(refused) if refused.is_missing() => self.stage.put(&mut self.scene.public, &group.anchor),
            Err(refused) => Err(refused),
        }
    }

    /// Sees to what was replaced, which lies in the stage now. What can't be removed from there, closing the stage tries
    /// again and tells of.
    fn settle_replaced(&mut self, group: &Group<'_>) -> Result<(), Refused> {
        let known = Known { old: &self.scene.old, next: &self.next.ledger };
        match self.stage.settle(&mut self.scene.public, &group.anchor, known) {
            Ok(Settled::PutBack) => Err(Refused::at(&group.anchor, ErrorKind::AlreadyExists.into())),
            Ok(Settled::Gone | Settled::Left) | Err(_) => Ok(()),
        }
    }

    /// Replaces what is at the anchor where the system can't exchange names: a link or a file at once, for a folder with a
    /// moment in which nothing is there.
    fn replace_in_two_steps(&mut self, steps: &[Step<'_, '_>], group: &Group<'_>) -> Result<(), Refused> {
        self.is_still_ours(steps, group)?;
        let (folder, name) = split(&group.anchor);
        let fail = |error| Refused::at(&group.anchor, error);
        let public = &mut self.scene.public;
        let is_folder = |kind: Option<Kind>| kind == Some(Kind::Folder);
        let was_folder = is_folder(public.reach(folder)?.look(name).map_err(fail)?.map(|seen| seen.kind));
        let new = self.stage.open(public)?.reach(folder)?.look(name).map_err(fail)?;
        if was_folder {
            self.stage.replace_folder(public, &group.anchor)?;
            return self.settle_replaced(group);
        }
        if is_folder(new.map(|seen| seen.kind)) {
            self.scene.public.reach(folder)?.remove(name).map_err(fail)?;
            return self.stage.put(&mut self.scene.public, &group.anchor);
        }
        self.stage.replace(&mut self.scene.public, &group.anchor)
    }

    /// Looks whether what is to be replaced still is ours: between the survey and now, somebody may have come.
    fn is_still_ours(&mut self, steps: &[Step<'_, '_>], group: &Group<'_>) -> Result<(), Refused> {
        let taken = || Refused::at(&group.anchor, ErrorKind::AlreadyExists.into());
        self.scene.public.forget();
        let itself = group.built.iter().find(|built| *built.leaf.public == *group.anchor);
        if let Some(step) = itself.and_then(|built| steps.get(built.step)) {
            return standing(self.scene, &step.leaf).map(drop).map_err(|_| taken());
        }
        let Some(record) = self.scene.old.get(&group.anchor) else { return Err(taken()) };
        match verdict(&mut self.scene.public, record)? {
            Verdict::Ours | Verdict::Gone => Ok(()),
            Verdict::Changed(_) => Err(taken()),
        }
    }

    fn note_placed(&mut self, steps: &[Step<'_, '_>], group: Group<'_>, parts: &mut Parts) {
        self.note_replaced(&group);
        for folder in &group.folders {
            self.account.folder(folder);
        }
        for built in group.built {
            self.note_built(steps, built, parts);
        }
    }

    /// What stood at the anchor is gone. It counts as removed if it was something that the plan no longer has.
    fn note_replaced(&mut self, group: &Group<'_>) {
        let is_itself = group.built.iter().any(|built| *built.leaf.public == *group.anchor);
        if group.replaces && self.scene.old.get(&group.anchor).is_some_and(|record| !record.is_folder()) {
            self.report.removed += usize::from(!is_itself);
            self.account.settle(&group.anchor);
        }
    }

    fn note_built(&mut self, steps: &[Step<'_, '_>], built: Built<'_>, parts: &mut Parts) {
        if let (Some(mark), Some(step)) = (built.mark, steps.get(built.step)) {
            self.record(step, &built.leaf.public, &mark);
        }
        note(parts, built.step, Some(built.made));
    }

    fn note_failed(&mut self, group: Group<'_>, refused: &Refused, parts: &mut Parts) {
        for built in group.built {
            let problem =
                if built.mark.is_some() { could_not_make(built.method) } else { "the folder could not be made" };
            let refused = Refused::at(&refused.path, again(&refused.error));
            let failed = self.fail(&built.leaf.public, problem, built.mark.is_some().then_some(built.method), refused);
            note(parts, built.step, failed);
        }
    }

    /// Makes what could not be moved from the stage where it belongs, one thing after the other.
    fn make_one_at_a_time(&mut self, steps: &[Step<'_, '_>], group: Group<'_>, parts: &mut Parts) {
        if let Err(refused) = self.make_room(steps, &group) {
            return self.note_failed(group, &refused, parts);
        }
        self.note_replaced(&group);
        for mut built in group.built {
            match self.make_at_its_place(&built) {
                Ok(mark) => {
                    built.mark = mark;
                    self.note_built(steps, built, parts);
                }
                Err(refused) => {
                    let method = built.mark.is_some().then_some(built.method);
                    let problem = method.map_or("the folder could not be made", could_not_make);
                    let failed = self.fail(&built.leaf.public, problem, method, refused);
                    note(parts, built.step, failed);
                }
            }
        }
    }

    /// Takes away what is at the anchor.
    fn make_room(&mut self, steps: &[Step<'_, '_>], group: &Group<'_>) -> Result<(), Refused> {
        if !group.replaces {
            return Ok(());
        }
        self.is_still_ours(steps, group)?;
        let (folder, name) = split(&group.anchor);
        let fail = |error| Refused::at(&group.anchor, error);
        let Some(seen) = self.scene.public.reach(folder)?.look(name).map_err(fail)? else { return Ok(()) };
        if seen.kind == Kind::Folder {
            return remove_own_folder(self.scene, &group.anchor);
        }
        self.scene.public.reach(folder)?.remove(name).map_err(fail)
    }

    fn make_at_its_place(&mut self, built: &Built<'_>) -> Result<Option<Mark>, Refused> {
        let leaf = &built.leaf;
        let folder = if built.mark.is_none() { &leaf.public } else { split(&leaf.public).0 };
        let account = &mut self.account;
        self.scene.public.reach_or_make(folder, &mut |path| account.folder(&path))?;
        if built.mark.is_none() {
            return Ok(None);
        }
        let (mut making, public) = self.making();
        make(&mut making, public.reach(folder)?, leaf, built.method).map(Some)
    }
}

/// Whether the system has no call to exchange names, or this file system has not.
fn is_unknown_call(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput)
}

/// Whether a tree can't be moved to its place, where its links can be made: there is another file system, or a folder
/// that belongs to a lower layer.
fn is_for_one_at_a_time(error: &io::Error) -> bool {
    is_unknown_call(error) || matches!(error.kind(), ErrorKind::CrossesDevices | ErrorKind::ResourceBusy)
}
