//! The dry run: says what carrying out a survey would do, as far as that can be known without trying.

use super::made::{Made, merge, outcome_after};
use super::scene::Scene;
use super::state::ours::{Verdict, verdict};
use super::survey::standing::{Obstacle, unseen};
use super::survey::{Step, Survey};
use super::{Kept, Report};

/// Adds to `report` what would be done.
pub(super) fn foresee(survey: &Survey<'_, '_>, scene: &mut Scene, report: &mut Report) {
    for record in &survey.obsolete {
        match verdict(&mut scene.public, record).map_err(unseen) {
            Ok(Verdict::Ours) => report.removed += 1,
            Ok(Verdict::Changed(found)) => report.kept.push(Kept::changed(&record.path, &found)),
            Ok(Verdict::Gone) | Err(Obstacle::Conflict(_)) => {}
            Err(Obstacle::Failure(failure)) => report.failed.push(failure),
        }
    }
    for steps in survey.by_entry() {
        let parts: Vec<Option<Made>> = steps.iter().map(foresee_step).collect();
        if let Some(entry) = steps.first().and_then(|step| merge(step.entry.public, parts)) {
            report.stands(entry);
        }
    }
}

fn foresee_step(step: &Step<'_, '_>) -> Option<Made> {
    let outcome = outcome_after(step.standing.as_ref()?);
    Some(Made { is_folder: step.leaf.is_real_folder(), ..Made::plain(step.leaf.mode, outcome) })
}
