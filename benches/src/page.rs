//! What the written pages have in common: the machine, and the budgets.

use std::fs;
use std::io::{self, Write};
use std::process::Command;

use crate::figure::Figure;
use crate::measure::output_of;

/// The processor and the compiler.
pub(crate) fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(':'));
    let cpu = cpu.map_or("unknown processor", |(_, model)| model.trim());
    let n_cores = std::thread::available_parallelism().map_or(0, usize::from);
    let rustc = output_of(Command::new("rustc").arg("--version")).unwrap_or_default();
    let rustc = String::from_utf8_lossy(&rustc);
    format!("Machine: {cpu}, {n_cores} cores; {}.", rustc.trim())
}

pub(crate) fn write_budgets(out: &mut impl Write, figures: &[Figure]) -> io::Result<()> {
    writeln!(
        out,
        "\n## Budgets\n\n| what | budget | ours | peer | | ratio | verdict |\n|---|--:|--:|--:|---|--:|---|"
    )?;
    for figure in figures {
        let (peer, theirs) = figure.peer.map_or(("", String::new()), |(peer, theirs)| (peer, theirs.to_string()));
        let ratio = figure.ratio().map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let Figure { name, budget, ours, .. } = figure;
        writeln!(out, "| {name} | {budget} | {ours} | {theirs} | {peer} | {ratio} | {} |", figure.verdict())?;
    }
    Ok(())
}
