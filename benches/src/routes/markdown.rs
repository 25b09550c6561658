//! The whole matrix as Markdown: the machine, the budgets, the cells that a peer wins, a table for each set.

use std::io::{self, Write};

use super::count::has_valgrind;
use super::outcome::{Case, Cell, Outcome, Standing, TableSize, Taken};
use crate::Report;
use crate::figure::Amount;
use crate::page::{machine, write_budgets};

/// Writes all that a report knows of lookups.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_markdown(out: &mut impl Write, report: &Report) -> io::Result<()> {
    write_head(out)?;
    write_budgets(out, &report.figures)?;
    write_lost(out, &report.routes)?;
    report.routes.iter().try_for_each(|outcome| write_set(out, outcome))
}

fn write_head(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", include_str!("head.md"))?;
    writeln!(out, "{}", machine())?;
    if !has_valgrind() {
        writeln!(out, "\nInstructions are not counted: valgrind is not installed.")?;
    }
    Ok(())
}

fn write_lost(out: &mut impl Write, outcomes: &[Outcome]) -> io::Result<()> {
    let (mut n_cells, mut lost) = (0, Vec::new());
    for (outcome, standing) in outcomes.iter().flat_map(|it| it.standings.iter().map(move |standing| (it, standing))) {
        n_cells += standing.cells.len();
        let losing = standing.cells.iter().filter(|cell| cell.ratio() < 1.0);
        lost.extend(losing.map(|cell| (&outcome.set, standing.peer, cell)));
    }
    writeln!(out, "\n## Cells that a peer wins\n\n{} of {n_cells}.\n", lost.len())?;
    for (set, peer, cell) in lost {
        writeln!(out, "- {set}, {}: {peer}, {:.2}x", cell.case, cell.ratio())?;
    }
    Ok(())
}

fn write_set(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    writeln!(out, "\n## {}\n\n{} routes.", outcome.set, outcome.n_routes)?;
    if let Some(TableSize { whole, without_patterns }) = outcome.size {
        writeln!(out, "The table takes {whole} bytes a route, {without_patterns} without the texts of the patterns.")?;
    }
    outcome.notes.iter().try_for_each(|note| writeln!(out, "{note}."))?;
    if outcome.ours(Case::Misses).is_none() {
        writeln!(out, "There are no misses: a catch-all takes what no other route does.")?;
    }
    let names = Case::ALL.map(|case| case.to_string()).join(" | ");
    writeln!(out, "\n| | routes | {names} | instructions |\n|---|--:|{}--:|", "--:|".repeat(Case::ALL.len()))?;
    write_row(out, "**Bakehouse**", outcome.n_routes, |case| outcome.ours(case), |_| None)?;
    outcome.standings.iter().try_for_each(|standing| write_standing(out, outcome.n_routes, standing))?;
    outcome.left_out().map_or(Ok(()), |left_out| writeln!(out, "\nLeft out for both: {left_out}."))
}

/// A row of the peer's; before it, where the peer leaves routes out, one of ours without these.
fn write_standing(out: &mut impl Write, n_routes: usize, standing: &Standing) -> io::Result<()> {
    if standing.cells.is_empty() {
        return Ok(());
    }
    let n_common = n_routes - standing.n_refused - standing.n_otherwise;
    if n_common < n_routes {
        let ours = |case| standing.cell(case).map(|cell| cell.ours);
        write_row(out, "Bakehouse, as the next", n_common, ours, |_| None)?;
    }
    let theirs = |case| standing.cell(case).map(|cell| cell.theirs);
    write_row(out, standing.peer, n_common, theirs, |case| standing.cell(case).map(Cell::ratio))
}

fn write_row(
    out: &mut impl Write,
    name: &str,
    n_routes: usize,
    taken: impl Fn(Case) -> Option<Taken>,
    ratio: impl Fn(Case) -> Option<f64>,
) -> io::Result<()> {
    write!(out, "| {name} | {n_routes} |")?;
    for case in Case::ALL {
        let time = taken(case).map_or_else(String::new, |taken| Amount::Time(taken.time).to_string());
        let ratio = ratio(case).map_or_else(String::new, ratio_text);
        write!(out, " {time}{ratio} |")?;
    }
    let count =
        |case| taken(case).and_then(|taken| taken.instructions).map_or_else(|| "-".to_owned(), |it| it.to_string());
    writeln!(out, " {} |", Case::COUNTED.map(count).join(" / "))
}

fn ratio_text(ratio: f64) -> String {
    if ratio < 1.0 { format!(", **lost {ratio:.2}x**") } else { format!(", {ratio:.1}x") }
}
