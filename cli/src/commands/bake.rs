//! `bake`: writes the table to a file.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Instant;

use serde_json::json;

use super::{Ctx, n_assets};
use crate::args::Bake;
use crate::failure::{Outcome, Trouble, Verdict};
use crate::output::text::{Time, count, micros};
use crate::target;

pub(super) fn run(args: &Bake, ctx: &mut Ctx) -> Outcome {
    let target = target::open(ctx)?;
    let table = target.table;
    let began = Instant::now();
    write(&args.output, table.as_bytes()).map_err(|error| {
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

/// Writes a file under another name first, so that a host which reads it never sees a half. A link stays a link, and what
/// is no file, such as a pipe or `/dev/null`, is written to as it is: a rename would put a file in its place.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return fs::write(path, bytes);
    }
    // There may be nothing yet, or a link to nothing; either is named as it was typed.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut stage = path.as_os_str().to_owned();
    stage.push(format!(".{}.stage", std::process::id()));
    let written = fs::write(&stage, bytes).and_then(|()| fs::rename(&stage, path));
    if written.is_err() {
        // It may not even be there; the first error is the one to tell.
        let _ = fs::remove_file(&stage);
    }
    written
}
