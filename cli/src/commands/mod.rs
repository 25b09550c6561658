//! The commands, one a file. Each takes its flags and what is known of the run, and says its answer.

mod apps;
mod bake;
mod bench;
mod check;
mod clean;
mod doctor;
mod graph;
mod link;
mod materialize;
mod new;
mod reload;
mod routes;
mod schema;
mod serve;
mod status;

use std::path::PathBuf;

use bakehouse_runtime::table::AppRecord;
use bakehouse_runtime::{AppId, Table};

use crate::Store;
use crate::args::Command;
use crate::failure::{Failure, Outcome, Trouble};
use crate::output::Output;

/// What every command is given.
pub(crate) struct Ctx {
    /// The table in this binary, if there is one.
    pub(crate) store: Option<Store>,
    /// What `-m` names.
    pub(crate) manifest: Option<PathBuf>,
    /// Where the answer goes.
    pub(crate) out: Output,
}

pub(crate) fn run(command: &Command, ctx: &mut Ctx) -> Outcome {
    match command {
        Command::Serve(args) => serve::run(args, ctx),
        Command::Bake(args) => bake::run(args, ctx),
        Command::Check(args) => check::run(args, ctx),
        Command::Link(args) => link::run(args, ctx),
        Command::Status(args) => status::run(args, ctx),
        Command::Clean(args) => clean::run(args, ctx),
        Command::Materialize(args) => materialize::run(args, ctx),
        Command::Doctor(args) => doctor::run(args, ctx),
        Command::Routes(args) => routes::run(args, ctx),
        Command::Apps(args) => apps::run(args, ctx),
        Command::Graph(args) => graph::run(args, ctx),
        Command::New(args) => new::run(args, ctx),
        Command::Schema(args) => schema::run(args, ctx),
        Command::Bench(args) => bench::run(args, ctx),
    }
}

/// The app that somebody named.
fn app(table: Table<'static>, name: &str) -> Result<AppRecord<'static>, Failure> {
    table.resolve(name).ok_or_else(|| {
        let names = || table.apps().flat_map(|app| std::iter::once(app.slug()).chain(app.aliases()));
        let help = match bakehouse_manifest::nearest(name, names()) {
            Some(near) => format!("the nearest name is `{near}`"),
            None => "`apps` lists them all".to_owned(),
        };
        Trouble::new(format!("there is no app `{name}`")).help(help).call()
    })
}

/// How many files of assets an app has, those in folders that are linked as a whole one by one.
fn n_assets(app: AppRecord<'_>) -> usize {
    app.links().map(|link| link.files.len().max(1)).sum()
}

/// The slugs of apps.
fn slugs(table: Table<'static>, apps: impl Iterator<Item = AppId>) -> Vec<&'static str> {
    apps.map(|app| table.app(app).slug()).collect()
}
