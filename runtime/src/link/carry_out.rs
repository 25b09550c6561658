//! Phase 2: takes away what the plan no longer has, makes what is missing, and writes the ledger.

use super::error::Problem;
use super::ledger::{self, Ledger, Mark, Pending, Record};
use super::made::{Made, could_not_make, falls_back, first_method, merge, outcome_after, second_method};
use super::make::{in_folder_of, look_again, make};
use super::ours::{Verdict, remove, sweep};
use super::path::{join, sorted, split};
use super::progress::{Observer, Phase};
use super::repair::repair;
use super::scene::Scene;
use super::standing::{Leaf, Obstacle, Standing, standing};
use super::survey::{Step, Survey, files};
use super::walk::Refused;
use super::{Failure, Kept, LinkError, LinkMethod, LinkMode, LinkOptions, Outcome, Report};
use crate::AppId;

/// Carries out a survey without conflicts, and adds to `report` what was done.
pub(super) fn carry_out<'t>(
    survey: &Survey<'_, '_>,
    slug_of: &dyn Fn(AppId) -> &'t str,
    hash: u64,
    options: LinkOptions,
    scene: &mut Scene,
    observer: &mut Observer<'_>,
    report: &mut Report,
) -> Result<(), LinkError> {
    let path = scene.ledger_path.clone();
    let fail = |error| LinkError::new(Problem::WriteLedger, &path, error);
    let pending = if changes_something(survey) { Some(Pending::open(&path).map_err(fail)?) } else { None };
    let mut work = Work {
        scene,
        slug_of,
        require: options.require,
        records: Vec::new(),
        settled: Vec::new(),
        empty: Vec::new(),
        report,
    };
    work.remove_obsolete(&survey.obsolete);
    for (done, steps) in survey.by_entry().enumerate() {
        observer.tell(Phase::Making, done);
        work.entry(steps);
    }
    let plan = if options.partial { work.scene.old.plan } else { hash };
    let ledger = work.ledger(plan);
    if ledger == scene.old {
        return Ok(());
    }
    pending.map_or_else(|| Pending::open(&path), Ok).and_then(|pending| pending.write(&ledger)).map_err(fail)
}

fn changes_something(survey: &Survey<'_, '_>) -> bool {
    let changes = |step: &Step<'_, '_>| !matches!(step.standing, None | Some(Standing::Same(_) | Standing::Folder));
    !survey.obsolete.is_empty() || survey.steps.iter().any(changes)
}

struct Work<'w, 't> {
    scene: &'w mut Scene,
    slug_of: &'w dyn Fn(AppId) -> &'t str,
    require: bool,
    /// What was made or found to stand, for the next ledger.
    records: Vec<Record>,
    /// Paths whose old records are done with.
    settled: Vec<Vec<u8>>,
    /// Real folders that are wanted although nothing is in them.
    empty: Vec<Vec<u8>>,
    report: &'w mut Report,
}

impl Work<'_, '_> {
    fn remove_obsolete(&mut self, obsolete: &[Record]) {
        for record in obsolete {
            match remove(&mut self.scene.public, record) {
                Ok(Verdict::Ours) => self.report.removed += 1,
                Ok(Verdict::Gone) => {}
                Ok(Verdict::Changed(found)) => self.report.kept.push(Kept::changed(&record.path, &found)),
                Err(refused) => {
                    self.fail(&record.path, "what the plan no longer has could not be removed", None, refused);
                    continue;
                }
            }
            self.settled.push(record.path.clone());
        }
    }

    fn entry(&mut self, steps: &[Step<'_, '_>]) {
        // Each step is tried, whatever became of the others.
        let parts: Vec<Option<Made>> = steps.iter().map(|step| self.step(step)).collect();
        if let Some(entry) = steps.first().and_then(|step| merge(step.entry.public, parts)) {
            self.report.stands(entry);
        }
    }

    /// Carries out one step; `None` if it failed, which the report then says.
    fn step(&mut self, step: &Step<'_, '_>) -> Option<Made> {
        let (leaf, standing) = (&step.leaf, step.standing.as_ref()?);
        if leaf.is_real_folder() {
            return self.real_folder(step, leaf, standing);
        }
        if let Standing::Same(mark) = standing {
            self.record(step, mark.clone());
            return Some(Made::plain(leaf.mode, Outcome::Unchanged));
        }
        let method = first_method(leaf.mode);
        match self.make(leaf, standing, method) {
            Ok(mark) => {
                self.record(step, mark);
                Some(Made::plain(leaf.mode, outcome_after(standing)))
            }
            Err(refused) if falls_back(leaf.mode) && !self.require => self.fall_back(step, standing, method, refused),
            Err(refused) => self.fail(&leaf.public, could_not_make(method), Some(method), refused),
        }
    }

    /// Makes a junction or copies, because `method` could not be had.
    fn fall_back(
        &mut self,
        step: &Step<'_, '_>,
        standing: &Standing,
        method: LinkMethod,
        refused: Refused,
    ) -> Option<Made> {
        let help = self.help(&refused, Some(method));
        let mut why = format!("{} failed: {}", method.name(), refused.error);
        if let Some(second) = second_method(&step.leaf) {
            match self.make_second(step, standing, second) {
                Ok(outcome) => return Some(Made::instead(second, outcome, &why, &help)),
                Err(refused) => why.extend(["; ", second.name(), " failed: ", &refused.error.to_string()]),
            }
        }
        let made = |outcome| Made::instead(LinkMethod::Copy, outcome, &why, &help);
        if let Standing::StandIn(mark) = standing {
            self.record(step, mark.clone());
            return Some(made(Outcome::Unchanged));
        }
        let leaf = Leaf { mode: LinkMode::Copy, ..step.leaf.clone() };
        if leaf.is_real_folder() {
            return self.copy_folder(step, &leaf, standing).map(made);
        }
        match self.make(&leaf, standing, LinkMethod::Copy) {
            Ok(mark) => {
                self.record(step, mark);
                Some(made(outcome_after(standing)))
            }
            // Where a copy fails too, what stopped the first method is what has to be put right.
            Err(_) => self.fail(&leaf.public, could_not_make(method), Some(method), refused),
        }
    }

    /// Makes `step` by the method that comes after its first, unless it stands like that already.
    fn make_second(
        &mut self,
        step: &Step<'_, '_>,
        standing: &Standing,
        method: LinkMethod,
    ) -> Result<Outcome, Refused> {
        let (mark, outcome) = match standing {
            Standing::StandIn(mark @ Mark::Symlink { .. }) => (mark.clone(), Outcome::Unchanged),
            _ => (self.make(&step.leaf, standing, method)?, outcome_after(standing)),
        };
        self.record(step, mark);
        Ok(outcome)
    }

    /// Copies a folder's files, because a link to the folder could not be had.
    fn copy_folder(&mut self, step: &Step<'_, '_>, leaf: &Leaf<'_>, standing: &Standing) -> Option<Outcome> {
        let is_there = matches!(standing, Standing::OurFolder);
        let folder = self.real_folder(step, leaf, if is_there { &Standing::Folder } else { standing })?;
        self.remove_stale(step);
        let mut parts = vec![Some(folder)];
        for leaf in files(step.entry, LinkMode::Copy) {
            parts.push(match self::standing(self.scene, &leaf) {
                Ok(standing) => self.step(&Step { entry: step.entry, leaf, standing: Some(standing) }),
                Err(obstacle) => self.obstructed(obstacle),
            });
        }
        merge(step.entry.public, parts).map(|entry| entry.outcome)
    }

    /// Takes away what the ledger has in a copied folder and the plan no longer does.
    fn remove_stale(&mut self, step: &Step<'_, '_>) {
        let wanted: Vec<Vec<u8>> = step.entry.files.iter().map(|file| join(step.entry.public, file)).collect();
        let wanted = sorted(&wanted);
        let in_folder = self.scene.old.below(step.entry.public).iter();
        let is_stale = |record: &&Record| !record.is_folder() && wanted.binary_search(&record.path.as_slice()).is_err();
        let stale: Vec<Record> = in_folder.filter(is_stale).cloned().collect();
        self.remove_obsolete(&stale);
    }

    /// Makes a real folder, for files to come into.
    fn real_folder(&mut self, step: &Step<'_, '_>, leaf: &Leaf<'_>, standing: &Standing) -> Option<Made> {
        if matches!(standing, Standing::Ours) {
            let name = split(&leaf.public).1;
            let looked = look_again(self.scene, leaf);
            if let Err(refused) = looked.and_then(|()| in_folder_of(self.scene, leaf, &|dir| dir.remove(name))) {
                return self.fail(&leaf.public, "the link in the folder's place could not be removed", None, refused);
            }
        }
        if let Err(refused) = self.make_folders(&leaf.public) {
            return self.fail(&leaf.public, "the folder could not be made", None, refused);
        }
        if self.scene.old.get(&leaf.public).is_some_and(|record| !record.is_folder()) {
            self.settled.push(leaf.public.to_vec());
        }
        if step.entry.files.is_empty() {
            self.empty.push(leaf.public.to_vec());
        }
        Some(Made { is_folder: true, ..Made::plain(leaf.mode, outcome_after(standing)) })
    }

    fn make(&mut self, leaf: &Leaf<'_>, standing: &Standing, method: LinkMethod) -> Result<Mark, Refused> {
        self.make_folders(split(&leaf.public).0)?;
        make(self.scene, leaf, standing, method)
    }

    fn make_folders(&mut self, folder: &[u8]) -> Result<(), Refused> {
        let records = &mut self.records;
        let mut made = |path| records.push(Record { path, app: String::new(), mark: Mark::Folder });
        self.scene.public.reach_or_make(folder, &mut made).map(drop)
    }

    /// Notes for the ledger that `step` stands. What the ledger had below it is gone then.
    fn record(&mut self, step: &Step<'_, '_>, mark: Mark) {
        let path = step.leaf.public.to_vec();
        self.settled.extend(self.scene.old.below(&path).iter().map(|record| record.path.clone()));
        self.records.push(Record { path, app: (self.slug_of)(step.entry.app).to_owned(), mark });
    }

    fn fail(&mut self, path: &[u8], problem: &str, method: Option<LinkMethod>, refused: Refused) -> Option<Made> {
        let help = self.help(&refused, method);
        let failure = Failure { path: path.to_vec(), problem: problem.to_owned(), error: Some(refused.error), help };
        self.report.failed.push(failure);
        None
    }

    fn help(&mut self, refused: &Refused, method: Option<LinkMethod>) -> String {
        let folder = split(&refused.path).0;
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

    /// What is true now: the new records, the old ones that nothing was done about, and the folders that are in use.
    fn ledger(self, plan: u64) -> Ledger {
        let settled = sorted(&self.settled);
        let mut records = self.records;
        ledger::sort(&mut records);
        let is_new = |path: &[u8]| records.binary_search_by(|record| record.path.as_slice().cmp(path)).is_ok();
        let is_left =
            |record: &&Record| !is_new(&record.path) && settled.binary_search(&record.path.as_slice()).is_err();
        let left: Vec<Record> = self.scene.old.records.iter().filter(is_left).cloned().collect();
        records.extend(left);
        let (folders, mut records): (Vec<_>, Vec<_>) = records.into_iter().partition(Record::is_folder);
        // Why a folder could not be removed does not matter here: nothing asked for that.
        let kept = sweep(&mut self.scene.public, folders, &mut records, &self.empty);
        records.extend(kept.into_iter().map(|(folder, _)| folder));
        // A path that the plan names twice must be in the ledger once, or that can't be read.
        ledger::sort(&mut records);
        Ledger { public: self.scene.public_path.clone(), plan, records }
    }
}
