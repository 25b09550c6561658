//! `bench`: what this host costs on this machine, part by part, against copying its assets and loading all its apps at start.
//!
//! Those who are compared take turns, and what is told is the median of the rounds. All that is written goes into a temporary
//! folder, which goes when the command ends; the host's public folder is not looked at.

mod book;
mod find;
mod interrupt;
mod links;
mod start;
mod yard;

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use serde_json::json;

use self::book::{Book, Contender};
use self::find::Lookups;
use self::interrupt::Interrupt;
use self::links::Links;
use self::start::{Binary, Starts};
use self::yard::Yard;
use super::Ctx;
use crate::args::Bench;
use crate::failure::{Failure, Outcome, Verdict};
use crate::output::text::{count, say};
use crate::target::{self, Source, compile_manifest};

pub(super) fn run(args: &Bench, ctx: &mut Ctx) -> Outcome {
    let source = target::source(ctx)?;
    let target = target::open(ctx)?;
    let environment = target.environment()?;
    let root = target.root(args.root.as_ref(), &environment)?;
    let interrupt = Interrupt::watch()?;
    let yard = Yard::new()?;
    let mut book = Book::default();
    let lookups = Lookups::new(target.table, &mut book);
    let links = Links::new(target.table, &environment, &root, &yard, &mut book);
    let binary = match (&source, ctx.store) {
        (Source::Baked(_), _) => Binary::Table,
        (_, Some(_)) => Binary::Code,
        (_, None) => Binary::NoCode,
    };
    let starts = Starts::new(args.path.as_deref(), (target.table, binary), &environment, &root, &yard, &mut book)?;
    for _ in 0..args.rounds.get() {
        if let Source::Manifest(path) = &source {
            bake(path, &mut book);
        }
        interrupt.check()?;
        lookups.measure(&mut book);
        links.measure(&interrupt, &mut book)?;
        starts.measure(&interrupt, &mut book)?;
    }
    answer(&book, args.rounds.get(), &yard, ctx)?;
    Ok(Verdict::Fine)
}

fn bake(manifest: &Path, book: &mut Book) {
    let began = Instant::now();
    black_box(compile_manifest(manifest));
    book.add("bake", Contender::Default, began.elapsed());
}

fn answer(book: &Book, n_rounds: usize, yard: &Yard, ctx: &mut Ctx) -> Result<(), Failure> {
    if ctx.out.is_json() {
        let answer = json!({ "rounds": n_rounds, "parts": book.to_json(), "notes": book.notes() });
        ctx.out.json(&answer)?;
        return ctx.out.finish();
    }
    ctx.out.text(book.columns())?;
    ctx.out.finish()?;
    book.notes().iter().for_each(|note| say(format_args!("note: {note}")));
    say(format_args!(
        "medians of {}; public folders were made in `{}`",
        count(n_rounds, "round"),
        yard.parent().display()
    ));
    Ok(())
}
