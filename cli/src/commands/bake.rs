//! `bake`: writes the table to a file.

use std::time::Instant;

use serde_json::json;

use super::{Ctx, n_assets};
use crate::args::Bake;
use crate::failure::{Outcome, Trouble, Verdict};
use crate::output::file::write_whole;
use crate::output::text::{Time, count, micros};
use crate::target;

pub(super) fn run(args: &Bake, ctx: &mut Ctx) -> Outcome {
    let target = target::open(ctx)?;
    let table = target.table;
    let began = Instant::now();
    write_whole(&args.output, table.as_bytes()).map_err(|error| {
        let help = "name a file in a folder that is there and that this user may write to";
        Trouble::new(format!("failed to write `{}`", args.output.display())).because(&error).help(help).problem()
    })?;
    let elapsed = target.compile_time + began.elapsed();
    let (apps, routes, bytes) = (table.n_apps(), table.n_routes(), table.as_bytes().len());
    let assets: usize = table.apps().map(n_assets).sum();
    if ctx.out.is_json() {
        let elapsed_us = micros(elapsed);
        let baked =
            json!({ "apps": apps, "routes": routes, "assets": assets, "bytes": bytes, "elapsed_us": elapsed_us });
        ctx.out.json(&baked)?;
    } else {
        let counts = [count(apps, "app"), count(routes, "route"), count(assets, "asset"), count(bytes, "byte")];
        ctx.out.line(format_args!("baked {} in {}", counts.join(", "), Time(elapsed)))?;
    }
    Ok(Verdict::Fine)
}
