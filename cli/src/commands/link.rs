//! `link`: makes the assets of the apps appear in the public folder.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;

use bakehouse_host::report_json;
use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::find::Found;
use bakehouse_runtime::link::{self, LinkError, LinkOptions, LinkPlan, Outcome as Done, Place, Report};
use bakehouse_runtime::table::RouteRecord;
use bakehouse_runtime::{AppId, Method, Table};
use serde_json::{Value, json};

use super::Ctx;
use super::routes::path_of;
use crate::args::Link;
use crate::failure::{Failure, Outcome, Trouble, Verdict};
use crate::output::text::{Time, count, say, shown, text_of};
use crate::output::{Columns, Meter};
use crate::target;

pub(super) fn run(args: &Link, ctx: &mut Ctx) -> Outcome {
    let target = target::open(ctx)?;
    let table = target.table;
    let environment = target.environment()?;
    if environment.link_off && args.mode.is_none() {
        let help = "unset it, or say with `--mode` how assets are to be linked";
        return Err(Trouble::new("`BAKEHOUSE_LINK` is `off`, so nothing may be linked").help(help).call());
    }
    let places = target.places(&args.folders, &environment)?;
    let plan = plan(table, &environment, args.route.as_deref())?;
    let options = LinkOptions {
        mode: args.mode.map(Into::into).or(environment.link),
        require: args.require,
        dry_run: args.dry_run,
        partial: args.route.is_some(),
        defer_lazy: false,
    };
    let place = Place { root: &places.root, public: &places.public, state: &places.state };
    let mut meter = Meter::start();
    let tell = &mut |progress| meter.tell(progress);
    let linked = link::link_observed(&plan.links, |app| table.app(app).slug(), plan.hash, &place, &options, tell);
    drop(meter);
    let report = linked.map_err(|error| stopped(&error))?;
    let tail = if args.dry_run { "; nothing was written, this was a dry run" } else { "" };
    answer(&report, "link", args.verbose, tail, ctx)?;
    tell_problems(&report, &places.public);
    Ok(Verdict::fine_if(report.is_fine()))
}

/// The whole link plan, or the part of it that a route needs.
fn plan(table: Table<'static>, environment: &Environment, path: Option<&OsStr>) -> Result<LinkPlan<'static>, Failure> {
    let mut plan = LinkPlan::new(table, environment);
    let Some(path) = path else { return Ok(plan) };
    let path = path_of(path.as_encoded_bytes());
    let Some(route) = route(table, path) else {
        let help = "`routes` lists the patterns that are served";
        return Err(Trouble::new(format!("nobody serves `{}`", shown(path))).help(help).problem());
    };
    let app = route.app();
    if !environment.is_on(app) {
        let help = "switch it on, with `enabled` in its manifest or with its environment variable";
        let message = format!("app `{}`, which serves `{}`, is switched off", app.slug(), shown(path));
        return Err(Trouble::new(message).help(help).problem());
    }
    let needed = needed(table, route);
    plan.links.retain(|link| needed.contains(&link.app));
    Ok(plan)
}

/// The route of a path, under whatever method.
fn route(table: Table<'static>, path: &[u8]) -> Option<RouteRecord<'static>> {
    match table.find(Method::GET, path) {
        Found::Match(found) => Some(found.route()),
        Found::Redirect { location } => route(table, &location),
        Found::WrongMethod(methods) => methods.iter().find_map(|method| match table.find(method, path) {
            Found::Match(found) => Some(found.route()),
            _ => None,
        }),
        Found::Nothing => None,
    }
}

/// The apps that are loaded when a route is entered.
fn needed(table: Table<'static>, route: RouteRecord<'static>) -> BTreeSet<AppId> {
    let mut open: Vec<AppId> = std::iter::once(route.app().id()).chain(route.preload()).collect();
    let mut needed = BTreeSet::new();
    while let Some(app) = open.pop() {
        if needed.insert(app) {
            open.extend(table.app(app).requires());
        }
    }
    needed
}

/// What stops a whole run.
pub(super) fn stopped(error: &LinkError) -> Failure {
    Trouble::error(error).help(error.help()).problem()
}

fn to_json(report: &Report, verbose: bool) -> Value {
    let mut linked = report_json(report);
    if verbose {
        let entries = report.entries.iter().map(
            |entry| json!({ "path": text_of(&entry.path), "method": entry.method.name(), "reason": entry.reason }),
        );
        linked["entries"] = entries.collect();
    }
    linked
}

/// Says what became of a plan of so many of `what`, with `tail` behind it.
pub(super) fn answer(report: &Report, what: &str, verbose: bool, tail: &str, ctx: &mut Ctx) -> Result<(), Failure> {
    if ctx.out.is_json() {
        ctx.out.json(&to_json(report, verbose))?;
        return ctx.out.finish();
    }
    if verbose {
        ctx.out.text(entries(report))?;
    }
    ctx.out.line(format_args!("{}{tail}", summary(report, what)))?;
    if !verbose {
        ctx.out.text(fallbacks(report))?;
    }
    ctx.out.finish()
}

fn entries(report: &Report) -> Columns {
    let mut columns = Columns::default();
    for entry in &report.entries {
        let done = match entry.outcome {
            Done::Created => "created",
            Done::Unchanged => "unchanged",
            Done::Replaced => "replaced",
            _ => "",
        };
        columns.row([done, &shown(&entry.path), &entry.reason]);
    }
    columns
}

/// `3 links: 2 created, 1 unchanged; 3 by symlink; 800 us`
fn summary(report: &Report, what: &str) -> String {
    let done = [
        (report.created, "created"),
        (report.replaced, "replaced"),
        (report.unchanged, "unchanged"),
        (report.removed, "removed"),
        (report.conflicts.len(), "in conflict"),
        (report.failed.len(), "failed"),
    ];
    let done: Vec<String> = done.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let made = report.methods.iter().filter(|(_, n)| *n > 0).map(|(method, n)| format!("{n} by {}", method.name()));
    let made: Vec<String> = made.collect();
    let groups: Vec<String> =
        [done, made].into_iter().filter(|group| !group.is_empty()).map(|group| group.join(", ")).collect();
    let groups = if groups.is_empty() { String::new() } else { format!(": {}", groups.join("; ")) };
    format!("{}{groups}; {}", count(report.planned, what), Time(report.elapsed))
}

/// Why links are not what was tried first: a line a reason, with how many it concerns.
fn fallbacks(report: &Report) -> Columns {
    let mut reasons = BTreeMap::<&str, usize>::new();
    for entry in report.entries.iter().filter(|entry| entry.reason.contains(" failed: ")) {
        *reasons.entry(&entry.reason).or_default() += 1;
    }
    let mut columns = Columns::new(&[1]);
    for (reason, n) in reasons {
        columns.row(["", &n.to_string(), reason]);
    }
    columns
}

/// Says on stderr what is in the way, what failed, and what a person should know besides.
pub(super) fn tell_problems(report: &Report, public: &Path) {
    for conflict in &report.conflicts {
        say(format_args!("conflict: `{}`: {} is in the way", shown(&conflict.path), conflict.found));
        say(format_args!("  help: {}", conflict.help));
    }
    report.failed.iter().for_each(tell_failure);
    for kept in &report.kept {
        say(format_args!("kept: `{}`: {}", shown(&kept.path), kept.why));
    }
    report.notes.iter().for_each(|note| say(format_args!("note: {note}")));
    if !report.conflicts.is_empty() {
        say(format_args!("nothing was written below `{}`", public.display()));
    }
}

/// Says on stderr what could not be done, why, and what to do about it.
pub(super) fn tell_failure(failure: &link::Failure) {
    say(format_args!("failed: `{}`: {}", shown(&failure.path), failure.problem));
    if let Some(error) = &failure.error {
        say(format_args!("  caused by: {error}"));
    }
    say(format_args!("  help: {}", failure.help));
}
