//! `doctor`: which ways of linking work in the public folder, and why not.

use bakehouse_runtime::link::{self, Check, Diagnosis, LinkPlan, Place};
use serde_json::json;

use super::Ctx;
use crate::args::Doctor;
use crate::failure::{Failure, Outcome, Verdict};
use crate::output::Columns;
use crate::output::text::say;
use crate::target;

pub(super) fn run(args: &Doctor, ctx: &mut Ctx) -> Outcome {
    let target = target::open(ctx)?;
    let environment = target.environment()?;
    let places = target.places(&args.folders, &environment)?;
    let plan = LinkPlan::new(target.table, &environment);
    let place = Place { root: &places.root, public: &places.public, state: &places.state };
    let diagnosis = link::doctor(&plan.links, &place);
    if ctx.out.is_json() {
        for Check { method, why, .. } in &diagnosis.checks {
            ctx.out.json(&json!({ "method": method, "works": why.is_none(), "why": why }))?;
        }
    } else {
        tell(&diagnosis, ctx)?;
    }
    ctx.out.finish()?;
    diagnosis.notes.iter().for_each(|note| say(format_args!("note: {note}")));
    Ok(Verdict::fine_if(diagnosis.is_fine()))
}

fn tell(diagnosis: &Diagnosis, ctx: &mut Ctx) -> Result<(), Failure> {
    let mut columns = Columns::default();
    for check in &diagnosis.checks {
        let verdict = match (check.works(), check.is_needed) {
            (true, _) => "works",
            (false, true) => "fails",
            (false, false) => "no",
        };
        columns.row([check.method, verdict, check.why.as_deref().unwrap_or_default()]);
    }
    ctx.out.text(columns)?;
    ctx.out.line(format_args!("tried in `{}`", diagnosis.folder.display()))
}
