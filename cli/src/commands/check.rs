//! `check`: says everything that is wrong with the manifests.

mod fix;
mod sarif;

use std::path::Path;

use bakehouse_codegen::diagnostics::{Diagnostic, Severity, render};
use bakehouse_codegen::source::Sources;
use bakehouse_codegen::{Compilation, Depth, Options, compile};
use bakehouse_runtime::Table;
use serde_json::{Value, json};

use super::Ctx;
use crate::args::Check;
use crate::failure::{Failure, Outcome, Trouble, Verdict};
use crate::output::text::{count, say};
use crate::target::{self, Source};

/// The codes of what could be done better; they are told though nothing is wrong.
const PROPOSALS: [&str; 2] = ["profile-core", "profile-preload"];

pub(super) fn run(args: &Check, ctx: &mut Ctx) -> Outcome {
    if let Some(code) = &args.explain {
        return explain(code, ctx);
    }
    match target::source(ctx)? {
        Source::Manifest(path) => {
            let depth = if args.deep { Depth::AllBytes } else { Depth::FirstBytes };
            let options = Options { depth, ..Options::from_env() };
            let mut compilation = compile(&path, &options);
            // What is written right may be the key to what is wrong too; a right name is never changed, so that this ends.
            while args.fix && fix::apply(&compilation)? {
                compilation = compile(&path, &options);
            }
            tell(&compilation, args.verbose, ctx)
        }
        Source::TableFile(..) | Source::Baked(_) if args.fix => {
            let help = "name the host manifest that it was baked from with `-m`";
            Err(Trouble::new("there is nothing to fix in a table").help(help).call())
        }
        Source::TableFile(path, bytes) => {
            target::from_file(&path, bytes)?;
            tell_baked(ctx)
        }
        Source::Baked(store) => {
            target::validated(store)?;
            tell_baked(ctx)
        }
    }
}

/// Prints the page on a code.
fn explain(code: &str, ctx: &mut Ctx) -> Outcome {
    let Some(page) = bakehouse_codegen::explain(code) else {
        let near = bakehouse_manifest::nearest(code, bakehouse_codegen::codes().iter().copied());
        let help = match near {
            Some(near) => format!("the nearest code is `{near}`"),
            None => {
                "a problem has its code in brackets: that of `error[route-conflict]: …` is `route-conflict`".to_owned()
            }
        };
        return Err(Trouble::new(format!("there is no code `{code}`")).help(help).call());
    };
    if ctx.out.is_json() {
        ctx.out.json(&json!({ "code": code, "page": page }))?;
    } else {
        ctx.out.line(page.trim_end())?;
    }
    Ok(Verdict::Fine)
}

/// A table is only ever written if there was no error.
fn tell_baked(ctx: &mut Ctx) -> Outcome {
    if ctx.out.is_sarif() {
        ctx.out.json(&sarif::log([], &Sources::default(), Path::new("")))?;
    } else if ctx.out.is_json() {
        ctx.out.json(&json!([]))?;
    } else {
        ctx.out.line("a valid table; its manifests were checked when it was baked")?;
    }
    Ok(Verdict::Fine)
}

fn tell(compilation: &Compilation, verbose: bool, ctx: &mut Ctx) -> Outcome {
    let is_told =
        |diagnostic: &&Diagnostic| verbose || diagnostic.severity != Severity::Note || is_proposal(diagnostic);
    let told = compilation.diagnostics.iter().filter(is_told);
    if ctx.out.is_sarif() {
        ctx.out.json(&sarif::log(told, &compilation.sources, &compilation.folder))?;
    } else if ctx.out.is_json() {
        let told: Vec<Value> = told.map(|diagnostic| to_json(diagnostic, compilation)).collect();
        ctx.out.json(&Value::Array(told))?;
    } else {
        let (proposals, others): (Vec<_>, Vec<_>) = told.partition(|told| is_proposal(told));
        for diagnostic in others {
            ctx.out.line(render(diagnostic, &compilation.sources, &compilation.folder))?;
        }
        if !proposals.is_empty() {
            ctx.out.line("proposals, by what the profile recorded:\n")?;
        }
        for diagnostic in proposals {
            ctx.out.line(render(diagnostic, &compilation.sources, &compilation.folder))?;
        }
        ctx.out.finish()?;
        say(summary(compilation, n_off(compilation)?, verbose));
    }
    Ok(Verdict::fine_if(compilation.baked.is_some()))
}

/// Whether it is told of what could be better; a host may have made an error of it.
fn is_proposal(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Note && PROPOSALS.contains(&diagnostic.code)
}

fn to_json(diagnostic: &Diagnostic, compilation: &Compilation) -> Value {
    let place = diagnostic.place();
    let file = place.map(|place| compilation.sources.file(place.file).path.as_str());
    let position = place.map(|place| compilation.sources.position(place));
    json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.name(),
        "message": diagnostic.message,
        "file": file,
        "line": position.map(|position| position.line),
        "column": position.map(|position| position.column),
        "help": diagnostic.help,
    })
}

/// How many of the baked apps are off, by their manifests or the environment.
fn n_off(compilation: &Compilation) -> Result<usize, Failure> {
    let table = compilation.baked.as_ref().and_then(|baked| Table::parse(&baked.table).ok());
    let Some(table) = table else { return Ok(0) };
    let environment = target::environment(table)?;
    Ok(table.apps().filter(|app| !environment.is_on(*app)).count())
}

fn summary(compilation: &Compilation, n_off: usize, verbose: bool) -> String {
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let counts = severities.into_iter().filter(|severity| verbose || *severity != Severity::Note);
    let counts = counts.map(|severity| (compilation.count(severity), severity.name())).filter(|(n, _)| *n > 0);
    let counts: Vec<String> = counts.map(|(n, name)| count(n, name)).collect();
    let apps = compilation.model.as_ref().map_or(0, |model| model.apps.len());
    let found = if counts.is_empty() { "nothing is wrong".to_owned() } else { counts.join(", ") };
    let off = if n_off == 0 { String::new() } else { format!(", {n_off} of them off") };
    format!("{} checked{off}: {found}", count(apps, "app"))
}
