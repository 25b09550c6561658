//! `bake`: writes the table to a file, and says what changed since another was baked.

mod diff;

use std::path::Path;
use std::time::{Duration, Instant};

use bakehouse_runtime::Table;
use serde_json::{Value, json};

use self::diff::Diff;
use super::{Ctx, n_assets};
use crate::args::Bake;
use crate::failure::{Failure, Outcome, Trouble, Verdict};
use crate::output::file::write_whole;
use crate::output::text::{Time, count, micros};
use crate::target;

pub(super) fn run(args: &Bake, ctx: &mut Ctx) -> Outcome {
    // Read first: it may be the file that is written.
    let old = args.diff.as_deref().map(target::table_file).transpose()?;
    let target = target::open(ctx)?;
    let table = target.table;
    let began = Instant::now();
    if let Some(output) = &args.output {
        write(output, table)?;
    }
    let written = args.output.is_some().then(|| target.compile_time + began.elapsed());
    let diff = old.map(|old| Diff::new(old, table));
    if ctx.out.is_json() {
        ctx.out.json(&to_json(table, written, diff.as_ref()))?;
        return Ok(Verdict::Fine);
    }
    if let Some(elapsed) = written {
        let (apps, routes, bytes) = (table.n_apps(), table.n_routes(), table.as_bytes().len());
        let counts =
            [count(apps, "app"), count(routes, "route"), count(total_assets(table), "asset"), count(bytes, "byte")];
        ctx.out.line(format_args!("baked {} in {}", counts.join(", "), Time(elapsed)))?;
    }
    if let Some(diff) = diff {
        ctx.out.text(diff)?;
    }
    Ok(Verdict::Fine)
}

fn write(output: &Path, table: Table<'static>) -> Result<(), Failure> {
    write_whole(output, table.as_bytes()).map_err(|error| {
        let help = "name a file in a folder that is there and that this user may write to";
        Trouble::new(format!("failed to write `{}`", output.display())).because(&error).help(help).problem()
    })
}

fn to_json(table: Table<'static>, written: Option<Duration>, diff: Option<&Diff>) -> Value {
    let mut answer = match written {
        None => json!({}),
        Some(elapsed) => json!({
            "apps": table.n_apps(),
            "routes": table.n_routes(),
            "assets": total_assets(table),
            "bytes": table.as_bytes().len(),
            "elapsed_us": micros(elapsed),
        }),
    };
    if let Some(diff) = diff {
        answer["diff"] = diff.to_json();
    }
    answer
}

fn total_assets(table: Table<'static>) -> usize {
    table.apps().map(n_assets).sum()
}
