//! One run: looks, takes its turn if something has to be changed, and carries it out.

use std::io::ErrorKind;

use super::carry_out::carry_out;
use super::error::Problem;
use super::foresee::foresee;
use super::progress::Observer;
use super::scene::{Folders, Scene};
use super::state::account;
use super::state::ledger::Ledger;
use super::state::stamp::{self, Answer, Vouched};
use super::state::turn::{LIMIT, Turn};
use super::survey::whose::name_apps;
use super::survey::{Step, Survey, survey};
use super::{LinkError, LinkOptions, Place, PlannedLink, Report};
use crate::AppId;

/// What a run is asked for.
pub(super) struct Run<'r, 't> {
    pub(super) plan: &'r [PlannedLink<'t>],
    pub(super) slug_of: &'r dyn Fn(AppId) -> &'t str,
    pub(super) hash: u64,
    pub(super) place: &'r Place<'r>,
    pub(super) options: LinkOptions,
}

/// What a look at everything showed.
struct Look<'r, 't> {
    scene: Scene,
    survey: Survey<'r, 't>,
    report: Report,
    /// The ledger if all goes well.
    foreseen: Ledger,
}

impl<'r, 't> Run<'r, 't> {
    pub(super) fn carry_out(&self, observer: &mut Observer<'_>) -> Result<Report, LinkError> {
        let is_dry = self.options.dry_run;
        // Why that is not known, opening the scene says.
        let folders = Folders::of(self.place).ok();
        let stamp = folders.as_ref().and_then(|folders| stamp::read(self, folders));
        let answer = stamp.as_ref().zip(folders.as_ref()).and_then(|(stamp, folders)| stamp::ask(stamp, self, folders));
        let vouched = match answer {
            Some(Answer::Unchanged(report)) => return Ok(report),
            Some(Answer::Changed(vouched)) => Some(vouched),
            None => None,
        };
        let mut look = self.look(Scene::open_at(self.place, is_dry, folders)?, vouched, observer);
        // Held until the end of the run.
        let _turn = if is_dry { None } else { self.take_turn(&mut look, observer)? };
        let Look { mut scene, survey, mut report, foreseen } = look;
        if !report.conflicts.is_empty() {
            return Ok(report);
        }
        if is_dry || !changes(&survey, &foreseen, &scene) {
            foresee(&survey, &mut scene, &mut report);
            if !is_dry {
                stamp::renew(self, &survey, &scene, &report);
            }
        } else {
            carry_out(&survey, foreseen, self.slug_of, self.options, &mut scene, observer, &mut report)?;
        }
        Ok(report)
    }

    fn look(&self, mut scene: Scene, vouched: Option<Vouched<'_>>, observer: &mut Observer<'_>) -> Look<'r, 't> {
        let (survey, mut report) = survey(self.plan, self.options, &mut scene, vouched, observer);
        if scene.has_no_ledger && survey.steps.iter().any(Step::stands) {
            let ledger = scene.files.ledger.display();
            report
                .notes
                .push(format!("there is no ledger `{ledger}`; what stands as planned is taken over, and nothing else"));
        }
        name_apps(&mut report.conflicts, self.plan, self.slug_of, &mut scene);
        let plan = if self.options.partial { scene.old.plan } else { self.hash };
        let foreseen = account::foresee(&survey, self.slug_of, plan, &mut scene);
        Look { scene, survey, report, foreseen }
    }

    /// Takes a turn if there is something to be changed, and looks again if another run was at work since the look.
    fn take_turn(&self, look: &mut Look<'r, 't>, observer: &mut Observer<'_>) -> Result<Option<Turn>, LinkError> {
        if !look.needs_a_turn() {
            return Ok(None);
        }
        // On Windows an open folder would keep the one whose turn it is from moving it.
        look.scene.public.forget();
        look.scene.root.forget();
        let path = look.scene.files.lock.clone();
        let turn = match Turn::take(&path, LIMIT) {
            Err(error) if error.kind() == ErrorKind::Unsupported => None,
            taken => Some(taken.map_err(|error| LinkError::new(Problem::Lock, &path, error))?),
        };
        if !look.still_holds(turn.as_ref()) {
            let mut scene = Scene::open(self.place, false)?;
            scene.recover()?;
            *look = self.look(scene, None, observer);
        }
        if turn.is_none() {
            let why = "because its file system has no locks: let no two hosts start at once";
            look.report.notes.push(format!("`{}` can't be locked, {why}", path.display()));
        }
        Ok(turn)
    }
}

impl Look<'_, '_> {
    /// Whether something has to be changed, or something is in the way that may be of another run's making.
    fn needs_a_turn(&self) -> bool {
        let Self { scene, survey, report, foreseen } = self;
        // If nobody ever had a turn, nothing is.
        let is_alone = scene.last.is_empty() && !scene.files.lock.exists();
        let is_blocked = !report.is_fine() && !is_alone;
        let is_to_change = report.conflicts.is_empty() && changes(survey, foreseen, scene);
        is_blocked || is_to_change || scene.left.is_some()
    }

    /// Whether nobody can have changed anything between the look and the turn.
    fn still_holds(&self, turn: Option<&Turn>) -> bool {
        let is_next = turn.is_none_or(|turn| turn.follows(&self.scene.last));
        // Where there was no lock, a run may have come and cleaned that away too; what is not there, it can't have taken.
        let is_known = !self.scene.last.is_empty() || self.survey.steps.iter().all(Step::is_missing);
        is_next && is_known && self.scene.left.is_none()
    }
}

/// Whether anything has to be done, be it to the ledger only.
fn changes(survey: &Survey<'_, '_>, foreseen: &Ledger, scene: &Scene) -> bool {
    !survey.obsolete.is_empty() || survey.steps.iter().any(Step::is_to_be_made) || *foreseen != scene.old
}
