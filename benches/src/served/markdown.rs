//! The figures of hosts as Markdown: the machine, the budgets, a table of cal.com's tree.

use std::io::{self, Write};

use super::node;
use super::outcome::{Found, Outcome};
use crate::Report;
use crate::figure::{Amount, Figure};
use crate::page::{machine, write_budgets};

/// Writes all that a report knows of hosts.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_markdown(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "{}\n{}", include_str!("head.md"), machine())?;
    if let Some(version) = node::version() {
        writeln!(out, "Node {version}.")?;
    }
    let is_ours = |figure: &&Figure| figure.name.starts_with("host ") || figure.name.starts_with("memory ");
    let figures: Vec<Figure> = report.figures.iter().filter(is_ours).cloned().collect();
    write_budgets(out, &figures)?;
    for is_slow in [false, true] {
        let outcomes: Vec<_> = report.hosts.iter().filter(|it| it.is_slow == is_slow).collect();
        if !outcomes.is_empty() {
            write_outcomes(out, is_slow, &outcomes)?;
        }
    }
    Ok(())
}

fn write_outcomes(out: &mut impl Write, is_slow: bool, outcomes: &[&Outcome]) -> io::Result<()> {
    writeln!(out, "\n## cal.com's apps{}\n", if is_slow { ", slow calls" } else { "" })?;
    writeln!(out, "| | {} |\n|---|--:|--:|--:|--:|", columns().join(" | "))?;
    for (idx, outcome) in outcomes.iter().enumerate().filter(|(_, outcome)| outcome.found == Found::ALL[0]) {
        write!(out, "| {} |", outcome.contender)?;
        for outcome in outcomes.iter().skip(idx).take(Found::ALL.len()) {
            write!(out, " {} | {} |", Amount::Time(outcome.answer()), Amount::Time(outcome.file()))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn columns() -> Vec<String> {
    let columns =
        Found::ALL.map(|found| ["first answer", "first file"].map(|what| format!("{what}, {}", found.name())));
    columns.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::served::outcome::Times;

    #[test]
    fn a_row_for_each_contender() {
        let outcome = |contender, found, answer| Outcome {
            contender,
            found,
            is_slow: false,
            times: Times { answer: vec![answer], file: vec![answer * 2.0] },
        };
        let [empty, made] = Found::ALL;
        let outcomes = vec![
            outcome("default", empty, 0.002),
            outcome("default", made, 0.001),
            outcome("Node", empty, 0.5),
            outcome("Node", made, 0.25),
        ];
        let report = Report { hosts: outcomes, ..Report::default() };
        let mut text = Vec::new();
        write_markdown(&mut text, &report).unwrap();
        let text = String::from_utf8(text).unwrap();
        let (_, rows) = text.rsplit_once("--:|\n").unwrap();
        assert_eq!(
            rows,
            "| default | 2.00 ms | 4.00 ms | 1.00 ms | 2.00 ms |\n| Node | 500 ms | 1.00 s | 250 ms | 500 ms |\n"
        );
    }
}
