//! Prints the table of figures. Words choose groups, `--builds` adds the clean builds.

use std::io::{self, Write as _};

use bakehouse_benches::{GROUPS, Report, Result, Scale, write_figure, write_header};

fn main() -> Result<()> {
    let choice = Choice::read()?;
    let mut out = io::stdout().lock();
    write_header(&mut out)?;
    let mut notes = Vec::new();
    for (name, measure) in GROUPS.into_iter().filter(|(name, _)| choice.has(name)) {
        let mut report = Report::default();
        let measured = measure(Scale::FULL, &mut report);
        for figure in &report.figures {
            write_figure(&mut out, figure)?;
        }
        notes.append(&mut report.notes);
        notes.extend(measured.err().map(|error| format!("{name}: failed: {error}")));
    }
    if choice.groups.is_empty() && !choice.builds {
        notes.push(
            "clean builds: left out, they take minutes; `cargo bench -- --builds` or `BENCH_BUILDS=1`".to_owned(),
        );
    }
    for note in notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(())
}

/// What the command line asks for.
struct Choice {
    /// All but the clean builds if it is empty.
    groups: Vec<String>,
    builds: bool,
}

impl Choice {
    fn read() -> Result<Self> {
        // Cargo adds `--bench`.
        let (flags, groups): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|word| word.starts_with("--"));
        let is_group = |word: &&String| GROUPS.iter().any(|(name, _)| name == word);
        if let Some(unknown) = groups.iter().find(|word| !is_group(word)) {
            let names = GROUPS.map(|(name, _)| name).join("`, `");
            return Err(format!("there is no group `{unknown}`, but `{names}`").into());
        }
        let builds = flags.iter().any(|flag| flag == "--builds") || std::env::var_os("BENCH_BUILDS").is_some();
        Ok(Self { groups, builds })
    }

    fn has(&self, group: &str) -> bool {
        self.groups.iter().any(|word| word == group)
            || if group == "builds" { self.builds } else { self.groups.is_empty() }
    }
}
