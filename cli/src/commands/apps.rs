//! `apps`: lists apps, or shows one; as they are in a table, or as they fare on a running host.

mod ask;
mod running;

use bakehouse_runtime::Table;
use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::table::AppRecord;
use serde_json::{Value, json};

use self::running::Origin;
use super::{Ctx, n_assets, slugs};
use crate::args::Apps;
use crate::failure::{Failure, Outcome, Verdict};
use crate::output::Columns;
use crate::output::text::{count, method_names, shown};
use crate::target;

pub(super) fn run(args: &Apps, ctx: &mut Ctx) -> Outcome {
    if let Some(origin) = origin(args) {
        running::tell(&origin, args.app.as_deref(), ctx)?;
        return Ok(Verdict::Fine);
    }
    let target = target::open(ctx)?;
    let (table, environment) = (target.table, target.environment()?);
    match &args.app {
        Some(name) => tell_one(table, &environment, super::app(table, name)?, ctx)?,
        None => tell_all(table, &environment, ctx)?,
    }
    Ok(Verdict::Fine)
}

/// The running host that is asked about, if one is.
fn origin(args: &Apps) -> Option<Origin<'_>> {
    args.host.as_deref().map(Origin::Host).or_else(|| args.report.as_deref().map(Origin::File))
}

fn tell_all(table: Table<'static>, environment: &Environment, ctx: &mut Ctx) -> Result<(), Failure> {
    if ctx.out.is_json() {
        return table.apps().try_for_each(|app| ctx.out.json(&to_json(table, environment, app)));
    }
    let mut columns = Columns::new(&[]);
    for app in table.apps() {
        let counts = [count(app.routes().len(), "route"), count(n_assets(app), "asset")];
        let [routes, assets] = counts;
        // An app that nobody gave a name has its slug for one; that once is enough.
        let name = if app.name() == app.slug() { "" } else { app.name() };
        // The name is last, where a long one does not push the others beyond the edge of a terminal.
        columns.row([app.slug().to_owned(), routes, assets, marks(app, environment).join(", "), name.to_owned()]);
    }
    ctx.out.text(columns)
}

/// What is special about an app.
fn marks(app: AppRecord<'_>, environment: &Environment) -> Vec<&'static str> {
    let marks = [(app.is_core(), "core"), (app.entry().is_some(), "code"), (!environment.is_on(app), "off")];
    marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark).collect()
}

fn to_json(table: Table<'static>, environment: &Environment, app: AppRecord<'static>) -> Value {
    json!({
        "slug": app.slug(),
        "name": app.name(),
        "folder": app.folder(),
        "aliases": app.aliases().collect::<Vec<_>>(),
        "routes": app.routes().len(),
        "assets": n_assets(app),
        "requires": slugs(table, app.requires()),
        "uses": slugs(table, app.uses()),
        "entry": app.entry(),
        "core": app.is_core(),
        "on": environment.is_on(app),
    })
}

fn tell_one(
    table: Table<'static>,
    environment: &Environment,
    app: AppRecord<'static>,
    ctx: &mut Ctx,
) -> Result<(), Failure> {
    if ctx.out.is_json() {
        return ctx.out.json(&to_json(table, environment, app));
    }
    let mut head = vec![format!("{} ({})", app.slug(), shown(app.name().as_bytes()))];
    head.extend(marks(app, environment).into_iter().map(str::to_owned));
    ctx.out.line(head.join(", "))?;
    let mut facts = Columns::default();
    let texts = [
        ("about", app.description().to_owned()),
        ("publisher", app.publisher().to_owned()),
        ("folder", app.folder().to_owned()),
        ("aliases", app.aliases().collect::<Vec<_>>().join(", ")),
        ("categories", app.categories().collect::<Vec<_>>().join(", ")),
        ("entry", app.entry().unwrap_or_default().to_owned()),
        ("requires", slugs(table, app.requires()).join(", ")),
        ("uses", slugs(table, app.uses()).join(", ")),
    ];
    for (name, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
        facts.row(["", name, text]);
    }
    ctx.out.text(indented(&facts))?;
    tell_routes(app, ctx)?;
    tell_assets(app, ctx)
}

fn tell_routes(app: AppRecord<'static>, ctx: &mut Ctx) -> Result<(), Failure> {
    let mut routes = Columns::default();
    for route in app.routes() {
        routes.row([route.pattern().to_owned(), method_names(route.methods()).join(", ")]);
    }
    ctx.out.line(format_args!("  {}", count(app.routes().len(), "route")))?;
    ctx.out.text(indented(&routes))
}

fn tell_assets(app: AppRecord<'static>, ctx: &mut Ctx) -> Result<(), Failure> {
    ctx.out.line(format_args!("  {}", count(n_assets(app), "asset")))?;
    let mut links = Columns::default();
    for link in app.links() {
        let marks = [(link.critical, "critical"), (link.lazy, "lazy")];
        let mut marks: Vec<String> =
            marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark.to_owned()).collect();
        if !link.files.is_empty() {
            marks.insert(0, format!("a folder of {}", count(link.files.len(), "file")));
        }
        links.row([shown(link.public).into_owned(), format!("<- {}", shown(link.source)), marks.join(", ")]);
    }
    ctx.out.text(indented(&links))
}

fn indented(columns: &Columns) -> String {
    columns.to_string().lines().flat_map(|line| ["    ", line, "\n"]).collect()
}
