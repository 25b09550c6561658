//! `clean`: takes away what `link` put into the public folder.

use std::path::Path;

use bakehouse_runtime::link::{self, Cleaned, Place};
use serde_json::json;

use super::Ctx;
use super::link::stopped;
use crate::args::Clean;
use crate::failure::{Failure, Outcome, Verdict};
use crate::output::text::{Time, count, micros, say, shown};
use crate::target;

pub(super) fn run(args: &Clean, ctx: &mut Ctx) -> Outcome {
    let target = target::open(ctx)?;
    let only: Result<Vec<&str>, Failure> =
        args.apps.iter().map(|name| Ok(super::app(target.table, name)?.slug())).collect();
    let (public, state) = target.public(&args.public);
    // Nothing is looked up below the folder of the apps.
    let place = Place { root: Path::new(""), public: &public, state: &state };
    let cleaned = link::clean(&place, &only?).map_err(|error| stopped(&error))?;
    tell(&cleaned, ctx)?;
    Ok(Verdict::Fine)
}

fn tell(cleaned: &Cleaned, ctx: &mut Ctx) -> Result<(), Failure> {
    for kept in &cleaned.kept {
        say(format_args!("kept: `{}`: {}", shown(&kept.path), kept.why));
    }
    cleaned.notes.iter().for_each(|note| say(format_args!("note: {note}")));
    if ctx.out.is_json() {
        let (removed, kept) = (cleaned.removed, cleaned.kept.len());
        return ctx.out.json(&json!({ "removed": removed, "kept": kept, "elapsed_us": micros(cleaned.elapsed) }));
    }
    let kept = if cleaned.kept.is_empty() { String::new() } else { format!(", {} kept", cleaned.kept.len()) };
    ctx.out.line(format_args!("{} removed{kept} in {}", count(cleaned.removed, "link"), Time(cleaned.elapsed)))
}
