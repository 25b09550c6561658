//! One run: looks, takes its turn if something has to be changed, and carries it out.

use super::account;
use super::carry_out::carry_out;
use super::error::Problem;
use super::foresee::foresee;
use super::ledger::Ledger;
use super::progress::Observer;
use super::scene::{Folders, Scene};
use super::stamp;
use super::survey::{Step, Survey, survey};
use super::turn::{LIMIT, Turn};
use super::whose::name_apps;
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
        if let Some(report) = folders.as_ref().filter(|_| !is_dry).and_then(|folders| stamp::unchanged(self, folders)) {
            return Ok(report);
        }
        let mut look = self.look(Scene::open_at(self.place, is_dry, folders)?, observer);
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

    fn look(&self, mut scene: Scene, observer: &mut Observer<'_>) -> Look<'r, 't> {
        let (survey, mut report) = survey(self.plan, self.options, &mut scene, observer);
        name_apps(&mut report.conflicts, self.plan, self.slug_of, &mut scene);
        let plan = if self.options.partial { scene.old.plan } else { self.hash };
        let foreseen = account::foresee(&survey, self.slug_of, plan, &mut scene);
        Look { scene, survey, report, foreseen }
    }

    /// Takes a turn if there is something to be changed, and looks again if another run was at work since the look.
    fn take_turn(&self, look: &mut Look<'r, 't>, observer: &mut Observer<'_>) -> Result<Option<Turn>, LinkError> {
        let Look { scene, survey, report, foreseen } = look;
        // What is in the way may be of another run's making; only if none ever had a turn, it can't be.
        let is_alone = scene.last.is_empty() && !scene.files.lock.exists();
        let is_blocked = !report.is_fine() && !is_alone;
        let is_to_change = report.conflicts.is_empty() && changes(survey, foreseen, scene);
        if !is_blocked && !is_to_change && scene.left.is_none() {
            return Ok(None);
        }
        // On Windows an open folder would keep the one whose turn it is from moving it.
        scene.public.forget();
        scene.root.forget();
        let turn = match Turn::take(&scene.files.lock, LIMIT) {
            Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {
                report.notes.push(format!(
                    "`{}` can't be locked, because its file system has no locks: let no two hosts start at once",
                    scene.files.lock.display()
                ));
                None
            }
            taken => Some(taken.map_err(|error| LinkError::new(Problem::Lock, &scene.files.lock, error))?),
        };
        let is_sure = turn.as_ref().is_none_or(|turn| turn.follows(&scene.last))
            && (!scene.last.is_empty() || survey.steps.iter().all(Step::is_missing));
        if !is_sure || scene.left.is_some() {
            let mut scene = Scene::open(self.place, false)?;
            scene.recover()?;
            *look = self.look(scene, observer);
        }
        Ok(turn)
    }
}

/// Whether anything has to be done, be it to the ledger only.
fn changes(survey: &Survey<'_, '_>, foreseen: &Ledger, scene: &Scene) -> bool {
    !survey.obsolete.is_empty() || survey.steps.iter().any(Step::is_to_be_made) || *foreseen != scene.old
}
