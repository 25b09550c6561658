//! `status`: compares the public folder with the link plan.

use bakehouse_runtime::link::{self, Finding, LinkMode, LinkPlan, Place, Status};
use serde_json::{Value, json};

use super::Ctx;
use super::link::{stopped, tell_failure};
use crate::args;
use crate::failure::{Failure, Outcome, Verdict};
use crate::output::Columns;
use crate::output::text::{Time, count, say, shown, text_of};
use crate::target;

pub(super) fn run(args: &args::Status, ctx: &mut Ctx) -> Outcome {
    let target = target::open(ctx)?;
    let environment = target.environment()?;
    let places = target.places(&args.folders, &environment)?;
    let plan = LinkPlan::new(target.table, &environment);
    // Where nothing is linked, the public folder has to have copies.
    let of_environment = if environment.link_off { Some(LinkMode::Copy) } else { environment.link };
    let mode = args.mode.map(Into::into).or(of_environment);
    let place = Place { root: &places.root, public: &places.public, state: &places.state };
    let status = link::status(&plan.links, &place, mode).map_err(|error| stopped(&error))?;
    if ctx.out.is_json() {
        ctx.out.json(&to_json(&status))?;
    } else {
        tell(&status, args.verbose, ctx)?;
    }
    ctx.out.finish()?;
    status.unseen.iter().for_each(tell_failure);
    status.notes.iter().for_each(|note| say(format_args!("note: {note}")));
    helps(&status).for_each(|help| say(format_args!("help: {help}")));
    Ok(Verdict::fine_if(status.is_fine()))
}

/// The lists of what is not as planned, by name, in the order in which they are told.
fn lists(status: &Status) -> [(&'static str, &[Finding]); 4] {
    [
        ("missing", &status.missing),
        ("foreign", &status.foreign),
        ("stale", &status.stale),
        ("dangling", &status.dangling),
    ]
}

fn to_json(status: &Status) -> Value {
    let ok: Vec<_> = status.ok.iter().map(|path| text_of(path)).collect();
    let mut all = json!({ "ok": ok });
    for (name, findings) in lists(status) {
        all[name] = findings.iter().map(|finding| text_of(&finding.path)).collect();
    }
    all
}

fn tell(status: &Status, verbose: bool, ctx: &mut Ctx) -> Result<(), Failure> {
    let mut columns = Columns::default();
    for path in status.ok.iter().filter(|_| verbose) {
        columns.row(["ok", &shown(path), ""]);
    }
    for (name, findings) in lists(status) {
        for finding in findings {
            columns.row([name, &shown(&finding.path), &finding.why]);
        }
    }
    ctx.out.text(columns)?;
    ctx.out.line(summary(status))
}

/// `3 links planned: 1 ok, 1 left until needed, 1 stale; 800 us`
fn summary(status: &Status) -> String {
    let found = lists(status).into_iter().map(|(name, findings)| (name, findings.len()));
    let found =
        [("left until needed", status.deferred)].into_iter().chain(found).chain([("unseen", status.unseen.len())]);
    let found = found.filter(|(_, n)| *n > 0).map(|(name, n)| format!("{n} {name}"));
    let found: Vec<String> = std::iter::once(format!("{} ok", status.ok.len())).chain(found).collect();
    format!("{} planned: {}; {}", count(status.planned, "link"), found.join(", "), Time(status.elapsed))
}

/// What puts right what was found.
fn helps(status: &Status) -> impl Iterator<Item = &'static str> {
    let is_ours = !status.missing.is_empty() || !status.stale.is_empty();
    let helps = [
        (!status.foreign.is_empty(), "move what is foreign away, or give the assets another place with `to`"),
        (is_ours, "`link` makes what is missing and replaces what is stale, if nothing is foreign"),
        (!status.dangling.is_empty(), "put back the sources of what dangles, or bake again and `link`"),
    ];
    helps.into_iter().filter(|(is_needed, _)| *is_needed).map(|(_, help)| help)
}
