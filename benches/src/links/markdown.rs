//! The tables of links as Markdown: the machine, the budgets, a table for each site, one of slow calls.

use std::fs;
use std::io::{self, Write};

use super::case::{Case, Layout};
use super::contender::{ALL, Contender, OURS};
use super::outcome::{Measured, Outcome, Row, Standing};
use super::peers::Program;
use super::trace::{Calls, has_strace};
use crate::Report;
use crate::figure::{Amount, Figure};
use crate::measure::Seconds;
use crate::page::{machine, write_budgets};

/// With how many turns it can be told how far they lie apart.
const FEWEST_TURNS: usize = 3;

/// Writes all that a report knows of links.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_markdown(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "{}\n{}", include_str!("head.md"), machine())?;
    writeln!(out, "{}", software())?;
    let figures: Vec<Figure> = report.figures.iter().filter(|it| it.name.starts_with("link ")).cloned().collect();
    write_budgets(out, &figures)?;
    report.links.iter().try_for_each(|outcome| write_site(out, outcome))
}

/// The kernel, and those peers that say of what version they are.
fn software() -> String {
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut programs: Vec<_> = ALL.iter().filter_map(Contender::peer).collect();
    programs.sort_by_key(|program| program.name);
    programs.dedup_by_key(|program| program.name);
    let version = |program: &Program| Some(format!("; `{}`: {}", program.name, program.version()?));
    let versions: String = programs.iter().filter_map(version).collect();
    let missing = if has_strace() {
        ""
    } else {
        "\nNo call is counted or slowed down: strace is not installed or may not trace."
    };
    format!("Linux {}{versions}.{missing}", kernel.trim())
}

fn write_site(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let has = |what: fn(&Measured) -> bool| outcome.rows.iter().filter_map(Row::measured).any(what);
    writeln!(out, "\n## {}\n\n{}\n", outcome.name(), noise(outcome))?;
    write_header(out, &["turns"])?;
    outcome.rows.iter().try_for_each(|row| write_row(out, row, outcome))?;
    if has(|measured| measured.calls.is_some()) {
        writeln!(out, "\nSystem calls, and how many of them may be slow:\n")?;
        write_header(out, &[])?;
        outcome.rows.iter().try_for_each(|row| write_calls_row(out, row))?;
    }
    if has(|measured| measured.slowly.is_some()) {
        writeln!(out, "\nWall time where each call that may be slow takes 3 ms more:\n")?;
        write_header(out, &[])?;
        outcome.rows.iter().try_for_each(|row| write_slow_row(out, row, outcome))?;
    }
    Ok(())
}

/// Columns for the cases, and more.
fn write_header(out: &mut impl Write, more: &[&str]) -> io::Result<()> {
    let names: Vec<_> = Case::ALL.into_iter().map(|case| case.to_string()).collect();
    let columns: Vec<_> = names.iter().map(String::as_str).chain(more.iter().copied()).collect();
    writeln!(out, "| | | {} |\n|---|---|{}", columns.join(" | "), "--:|".repeat(columns.len()))
}

/// How far turns lie apart.
fn noise(outcome: &Outcome) -> String {
    let often = outcome.rows.iter().filter_map(Row::measured).filter(|it| it.n_turns() >= FEWEST_TURNS);
    let mut spreads: Vec<f64> = often.flat_map(spreads).collect();
    spreads.sort_unstable_by(f64::total_cmp);
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    let (usual, worst) = (spreads.get(spreads.len() / 2).copied(), spreads.last().copied());
    let Some((usual, worst)) = usual.zip(worst) else {
        return "The turns are too few to tell how far they lie apart.".to_owned();
    };
    let (usual, worst) = (percent(usual), percent(worst));
    format!("The middle half of the turns spans {usual} of the median in the usual cell, {worst} in the worst.")
}

fn spreads(measured: &Measured) -> impl Iterator<Item = f64> {
    Case::ALL.into_iter().map(|case| measured.spread(case))
}

fn write_row(out: &mut impl Write, row: &Row, outcome: &Outcome) -> io::Result<()> {
    write_start(out, row)?;
    let measured = match &row.standing {
        Standing::Missing(package) => return writeln!(out, " not installed: package `{package}` | | | |"),
        Standing::Measured(measured) => measured,
    };
    for case in Case::ALL {
        let time = measured.time(case);
        write!(out, " {} |", beside(time, row, outcome, |ours| Some(ours.time(case))))?;
    }
    writeln!(out, " {} |", measured.n_turns())
}

fn write_calls_row(out: &mut impl Write, row: &Row) -> io::Result<()> {
    let Some(measured) = row.measured() else { return Ok(()) };
    write_start(out, row)?;
    for case in Case::ALL {
        let text = measured.calls(case).map_or_else(|| "-".to_owned(), |Calls { all, slow }| format!("{all}, {slow}"));
        write!(out, " {text} |")?;
    }
    writeln!(out)
}

fn write_slow_row(out: &mut impl Write, row: &Row, outcome: &Outcome) -> io::Result<()> {
    let Some(measured) = row.measured() else { return Ok(()) };
    write_start(out, row)?;
    for case in Case::ALL {
        let time = measured.slowly(case);
        let text = time.map(|time| beside(time, row, outcome, |ours| ours.slowly(case)));
        write!(out, " {} |", text.unwrap_or_default())?;
    }
    writeln!(out)
}

fn write_start(out: &mut impl Write, row: &Row) -> io::Result<()> {
    let bold = if row.is_ours() { "**" } else { "" };
    write!(out, "| {bold}{}{bold} | {} |", row.name, row.layout)
}

/// A time, and how many times ours it is: of ours with the same layout, and of ours folded.
fn beside(time: Seconds, row: &Row, outcome: &Outcome, ours: impl Fn(&Measured) -> Option<Seconds>) -> String {
    let layouts: &[Layout] = match row.layout {
        _ if row.is_ours() => &[],
        Layout::Folded => &[Layout::Folded],
        Layout::FileByFile => &[Layout::FileByFile, Layout::Folded],
    };
    let ratio = |layout: &Layout| outcome.of(OURS, *layout).and_then(&ours).map(|ours| times(time / ours));
    let texts: Vec<_> = [Amount::Time(time).to_string()].into_iter().chain(layouts.iter().filter_map(ratio)).collect();
    texts.join(", ")
}

fn times(ratio: f64) -> String {
    match ratio {
        ..1.0 => format!("**{ratio:.2}x**"),
        1.0..10.0 => format!("{ratio:.2}x"),
        _ => format!("{ratio:.0}x"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::file_system::FileSystem;
    use crate::links::site::SIZES;

    fn row(name: &'static str, layout: Layout, milliseconds: f64) -> Row {
        let times = [0; 3].map(|_| vec![milliseconds * 1e-3]);
        Row { name, layout, standing: Standing::Measured(Measured { times, ..Measured::default() }) }
    }

    #[test]
    fn a_row_for_everybody() {
        let missing = Row { name: "`stow`", layout: Layout::Folded, standing: Standing::Missing("stow") };
        let rows = vec![
            row(OURS, Layout::Folded, 2.0),
            missing,
            row(OURS, Layout::FileByFile, 5.0),
            row("`lndir`", Layout::FileByFile, 4.0),
        ];
        let outcome = Outcome { size: SIZES[0], file_system: FileSystem::TMPFS, rows };
        let mut text = Vec::new();
        write_site(&mut text, &outcome).unwrap();
        let text = String::from_utf8(text).unwrap();
        let (_, rows) = text.split_once("--:|\n").unwrap();
        let theirs = "4.00 ms, **0.80x**, 2.00x";
        assert_eq!(
            rows.lines().collect::<Vec<_>>(),
            [
                "| **Bakehouse** | folded | 2.00 ms | 2.00 ms | 2.00 ms | 1 |",
                "| `stow` | folded | not installed: package `stow` | | | |",
                "| **Bakehouse** | file by file | 5.00 ms | 5.00 ms | 5.00 ms | 1 |",
                &format!("| `lndir` | file by file | {theirs} | {theirs} | {theirs} | 1 |"),
            ]
        );
    }
}
