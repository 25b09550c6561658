//! Phase 2: makes what is missing, takes away what the plan no longer has, and writes the ledger.
//!
//! The next ledger is on disk before the first change, so that whatever a killed run leaves is known.

mod build;
mod fallback;
mod group;
mod make;
mod place;
pub(super) mod repair;
pub(super) mod stage;

use std::io;

use super::error::Problem;
use super::made::{Made, merge};
use super::path::{self, show, split};
use super::progress::{Observer, Phase};
use super::scene::Scene;
use super::state::account::{Account, alternatives};
use super::state::ledger::{self, Ledger, Mark, Next, Record};
use super::state::ours::{Verdict, remove};
use super::survey::standing::{Obstacle, Standing};
use super::survey::{Step, Survey};
use super::walk::Refused;
use super::{Failure, Kept, LinkError, LinkMethod, LinkOptions, Outcome, Report};
use crate::AppId;
use group::Groups;
use make::Making;
use repair::repair;
use stage::{Known, Stage};

/// Carries out a survey without conflicts, and adds to `report` what was done. `foreseen` is the ledger if all goes well.
pub(super) fn carry_out<'t>(
    survey: &Survey<'_, '_>,
    foreseen: Ledger,
    slug_of: &dyn Fn(AppId) -> &'t str,
    options: LinkOptions,
    scene: &mut Scene,
    observer: &mut Observer<'_>,
    report: &mut Report,
) -> Result<(), LinkError> {
    let plan = foreseen.plan;
    let stage = Stage::new();
    let next = next(survey, foreseen, &stage, slug_of, scene);
    let path = scene.files.ledger.clone();
    let failed = |error| LinkError::new(Problem::WriteLedger, &path, error);
    scene.files.remove_stamp().and_then(|()| scene.files.begin(&next)).map_err(failed)?;
    let account = Account::default();
    observer.begin(Phase::Making, survey.steps.iter().filter(|step| step.is_to_be_made()).count());
    let mut work = Work {
        scene,
        slug_of,
        require: options.require,
        stage,
        next,
        can_fall_back: false,
        account,
        steps: &survey.steps,
        impossible: impossible(&survey.steps),
        tick: &mut || observer.step(),
        report,
    };
    let parts = work.carry_out(&survey.steps);
    work.remove_obsolete(&survey.obsolete);
    work.report_entries(survey, parts);
    let Work { scene, stage, next, account, report, .. } = work;
    let is_clear = close_stage(stage, &next, scene, report);
    let ledger = account.close(plan, scene);
    write(&ledger, &next, is_clear, scene).map_err(failed)
}

/// The next ledger with all that may come about.
fn next<'t>(
    survey: &Survey<'_, '_>,
    mut foreseen: Ledger,
    stage: &Stage,
    slug_of: &dyn Fn(AppId) -> &'t str,
    scene: &Scene,
) -> Next {
    let others = survey.steps.iter().flat_map(|step| alternatives(step, slug_of(step.entry.app), scene));
    let n_foreseen = foreseen.records.len();
    foreseen.records.extend(others);
    if foreseen.records.len() > n_foreseen {
        ledger::sort_all(&mut foreseen.records);
    }
    Next { ledger: foreseen, stage: stage.name.clone() }
}

fn impossible<'s>(steps: &'s [Step<'_, '_>]) -> Vec<&'s [u8]> {
    let steps = steps.iter().filter(|step| step.standing.is_none());
    let mut impossible: Vec<&[u8]> = steps.map(|step| &*step.leaf.public).collect();
    path::sort(&mut impossible);
    impossible
}

/// Removes the stage; says whether it is gone.
fn close_stage(stage: Stage, next: &Next, scene: &mut Scene, report: &mut Report) -> bool {
    let name = stage.name.clone();
    let why = match stage.close(&mut scene.public, Known { old: &scene.old, next: &next.ledger }) {
        Ok(true) => return true,
        Ok(false) => "it holds something that Bakehouse did not make".to_owned(),
        Err(refused) => format!("it could not be removed: {}", refused.error),
    };
    report.kept.push(Kept { path: name, why });
    false
}

/// Writes the ledger: the next one becomes it if all went as foreseen, or stays until a run could remove the stage.
fn write(ledger: &Ledger, next: &Next, is_clear: bool, scene: &Scene) -> io::Result<()> {
    if !is_clear {
        return scene.files.write_ledger(ledger);
    }
    if *ledger == next.ledger {
        return scene.files.complete();
    }
    scene.files.write_ledger(ledger)?;
    scene.files.end()
}

/// A run at work.
struct Work<'w, 't> {
    scene: &'w mut Scene,
    slug_of: &'w dyn Fn(AppId) -> &'t str,
    require: bool,
    stage: Stage,
    /// What is on disk for the case that this run is killed.
    next: Next,
    /// Whether that has what stands in for links that can't be made.
    can_fall_back: bool,
    account: Account,
    /// All steps of the survey.
    steps: &'w [Step<'w, 'w>],
    /// The paths of those that can't be made, sorted.
    impossible: Vec<&'w [u8]>,
    /// Called before each step that is made.
    tick: &'w mut dyn FnMut(),
    report: &'w mut Report,
}

/// What became of each step; several things for a folder that had to be copied, `None` for what failed.
type Parts = Vec<Vec<Option<Made>>>;

impl Work<'_, '_> {
    /// Carries out steps, each whatever became of the others.
    fn carry_out(&mut self, steps: &[Step<'_, '_>]) -> Parts {
        let mut parts: Parts = steps.iter().map(|step| self.what_stands(step)).collect();
        let groups = Groups::of(steps);
        let folder_of = |idx: &usize| steps.get(*idx).map(|step| split(&step.leaf.public).0);
        for in_folder in groups.direct.chunk_by(|one, other| folder_of(one) == folder_of(other)) {
            self.make_directly(steps, in_folder, &mut parts);
        }
        for idxs in groups.staged.values() {
            self.make_in_stage(steps, idxs, &mut parts);
        }
        parts
    }

    /// Notes what stands as it should already.
    fn what_stands(&mut self, step: &Step<'_, '_>) -> Vec<Option<Made>> {
        let leaf = &step.leaf;
        if leaf.is_real_folder() && step.entry.files.is_empty() && step.standing.is_some() {
            self.account.is_wanted_empty(&leaf.public);
        }
        match &step.standing {
            None => vec![None],
            Some(Standing::Same(mark)) => {
                self.record(step, &leaf.public, mark);
                vec![Some(Made::plain(leaf.mode, Outcome::Unchanged))]
            }
            Some(Standing::Folder) => {
                vec![Some(Made { is_folder: true, ..Made::plain(leaf.mode, Outcome::Unchanged) })]
            }
            Some(_) => Vec::new(),
        }
    }

    /// Takes away what the plan no longer has, but for what stands on the way to something wanted: that is replaced or stays.
    fn remove_obsolete(&mut self, obsolete: &[Record]) {
        let mut wanted: Vec<&[u8]> = self.steps.iter().map(|step| &*step.leaf.public).collect();
        path::sort(&mut wanted);
        let is_on_the_way = |record: &&Record| !path::below(&wanted, &record.path, |path| path).is_empty();
        for record in obsolete.iter().filter(|record| !is_on_the_way(record)) {
            match remove(&mut self.scene.public, record) {
                Ok(Verdict::Ours) => self.report.removed += 1,
                Ok(Verdict::Gone) => {}
                Ok(Verdict::Changed(found)) => self.report.kept.push(Kept::changed(&record.path, &found)),
                Err(refused) => {
                    self.fail(&record.path, "what the plan no longer has could not be removed", None, refused);
                    continue;
                }
            }
            self.account.settle(&record.path);
        }
    }

    fn report_entries(&mut self, survey: &Survey<'_, '_>, parts: Parts) {
        let mut parts = parts.into_iter();
        for steps in survey.by_entry() {
            let parts = match steps {
                [_] => parts.next().unwrap_or_default(),
                _ => parts.by_ref().take(steps.len()).flatten().collect(),
            };
            if let Some(entry) = steps.first().and_then(|step| merge(step.entry.public, parts)) {
                self.report.stands(entry);
            }
        }
    }

    /// Notes for the ledger that something stands at `path`, for `step`.
    fn record(&mut self, step: &Step<'_, '_>, path: &[u8], mark: &Mark) {
        self.account.stands(path, (self.slug_of)(step.entry.app), mark, &self.scene.old, &self.next.ledger);
    }

    /// Reports that something could not be done.
    fn fail(&mut self, path: &[u8], problem: &str, method: Option<LinkMethod>, refused: Refused) -> Option<Made> {
        let help = self.help(&refused, method);
        let failure = Failure { path: path.to_vec(), problem: problem.to_owned(), error: Some(refused.error), help };
        self.report.failed.push(failure);
        None
    }

    fn help(&mut self, refused: &Refused, method: Option<LinkMethod>) -> String {
        let mut folder = split(&refused.path).0;
        // What is made in the stage may have no folder in its place yet.
        while !folder.is_empty() && self.scene.public.reach(folder).is_err_and(|refused| refused.is_missing()) {
            folder = split(folder).0;
        }
        repair(&refused.error, method, folder, self.scene.public.reach(folder).ok())
    }

    /// Something came into the way after the survey.
    fn obstructed(&mut self, obstacle: Obstacle) -> Option<Made> {
        self.report.failed.push(match obstacle {
            Obstacle::Failure(failure) => failure,
            Obstacle::Conflict(conflict) => Failure {
                problem: format!("{} is in the way", conflict.found),
                path: conflict.path,
                error: None,
                help: conflict.help,
            },
        });
        None
    }

    /// What is needed to make something in the public folder, and that folder.
    fn making(&mut self) -> (Making<'_>, &mut super::walk::Walk) {
        let Scene { root, targets, began, public, .. } = &mut *self.scene;
        (Making { root, targets, began: *began, partial: &self.stage.partial }, public)
    }

    /// Says that something could not change at once.
    fn note_in_steps(&mut self, path: &[u8], error: &io::Error) {
        let path = show(path);
        let note =
            format!("`{path}` was changed one link at a time, because the system could not do it at once: {error}");
        self.report.notes.push(note);
    }

    /// Writes the next ledger again with what copies that stand in for links leave, once.
    fn prepare_to_fall_back(&mut self) -> io::Result<()> {
        if self.can_fall_back {
            return Ok(());
        }
        let mut records = std::mem::take(&mut self.next.ledger.records);
        for step in self.steps {
            records.extend(crate::link::state::account::stand_ins(step, (self.slug_of)(step.entry.app), self.scene));
        }
        ledger::sort_all(&mut records);
        records.dedup();
        self.next.ledger.records = records;
        self.scene.files.begin_again(&self.next)?;
        self.can_fall_back = true;
        Ok(())
    }
}
