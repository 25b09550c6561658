//! `materialize`: writes the assets of the apps as real files, for shipping an image or an archive.

use std::path::Path;

use bakehouse_runtime::link::{LinkPlan, MaterializeOptions, Place, materialize, state_dir};

use super::Ctx;
use super::link::{answer, stopped, tell_problems};
use crate::args::{Materialize, Public};
use crate::failure::{Failure, Outcome, Trouble, Verdict};
use crate::output::Meter;
use crate::output::text::say;
use crate::target::{self, are_nested, is_same};

pub(super) fn run(args: &Materialize, ctx: &mut Ctx) -> Outcome {
    let target = target::open(ctx)?;
    let table = target.table;
    let environment = target.environment()?;
    let root = target.root(args.root.as_ref(), &environment)?;
    let dir = args.dir.as_path();
    refuse_nested(dir, &root, "the folder of the apps")?;
    let (public, _) = target.public(&Public::default());
    if !is_same(dir, &public) {
        refuse_nested(dir, &public, "the public folder")?;
    }
    let plan = LinkPlan::new(table, &environment);
    let place = Place { root: &root, public: dir, state: &state_dir(dir) };
    let options = MaterializeOptions { dedupe: args.dedupe };
    let mut meter = Meter::start();
    let tell = &mut |progress| meter.tell(progress);
    let made = materialize(&plan.links, |app| table.app(app).slug(), plan.hash, &place, options, tell);
    drop(meter);
    let report = made.map_err(|error| stopped(&error))?;
    answer(&report, "asset", args.verbose, "", ctx)?;
    tell_problems(&report, dir);
    if !report.failed.is_empty() {
        say(format_args!("`{}` is as it was", dir.display()));
    }
    Ok(Verdict::fine_if(report.is_fine()))
}

/// One folder in the other would be shipped along with it, or be replaced.
fn refuse_nested(dir: &Path, other: &Path, what: &str) -> Result<(), Failure> {
    if !are_nested(dir, other) {
        return Ok(());
    }
    let message = format!("`{}` and {what} `{}` lie in one another", dir.display(), other.display());
    let help = "name a folder that is in neither the folder of the apps nor the public folder, nor holds one of them";
    Err(Trouble::new(message).help(help).call())
}
