//! Prints the table of figures. Words choose groups; for the flags see the library.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use bakehouse_benches::{
    COUNT_FLAG, GROUPS, HOST_FLAG, RUN_FLAG, Report, Result, Scale, count_lookups, run_contender, run_host,
    write_figure, write_header, write_hosts, write_links, write_routes,
};

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, dir, contender] = words.as_slice()
        && flag == COUNT_FLAG
    {
        return count_lookups(dir.as_ref(), contender);
    }
    if let [flag, args @ ..] = words.as_slice()
        && flag == RUN_FLAG
    {
        return run_contender(args);
    }
    if let [flag, args @ ..] = words.as_slice()
        && flag == HOST_FLAG
    {
        return run_host(args);
    }
    let choice = Choice::read(words)?;
    let report = measure(&choice)?;
    if let Some(path) = &choice.write {
        let mut out = BufWriter::new(File::create(path)?);
        match choice.groups.as_slice() {
            [group] if group == "links" => write_links(&mut out, &report)?,
            [group] if group == "host" => write_hosts(&mut out, &report)?,
            _ => write_routes(&mut out, &report)?,
        }
        out.flush()?;
    }
    Ok(())
}

/// Measures and prints what was chosen.
fn measure(choice: &Choice) -> Result<Report> {
    let mut out = io::stdout().lock();
    write_header(&mut out)?;
    let mut report = Report::default();
    for (name, measure) in GROUPS.into_iter().filter(|(name, _)| choice.has(name)) {
        let n_before = report.figures.len();
        let measured = measure(choice.scale, &mut report);
        for figure in report.figures.iter().skip(n_before) {
            write_figure(&mut out, figure)?;
        }
        // What is written is whole.
        match measured {
            Err(error) if choice.write.is_some() => return Err(error),
            measured => report.notes.extend(measured.err().map(|error| format!("{name}: failed: {error}"))),
        }
    }
    if choice.groups.is_empty() && !choice.builds {
        report.notes.push("clean builds: left out, they take minutes; `--builds` or `BENCH_BUILDS=1`".to_owned());
    }
    for note in &report.notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(report)
}

/// What the command line asks for.
struct Choice {
    /// All but the clean builds if it is empty.
    groups: Vec<String>,
    builds: bool,
    scale: Scale,
    /// Where the whole matrix of lookups, of links or of hosts is written.
    write: Option<PathBuf>,
}

impl Choice {
    fn read(words: Vec<String>) -> Result<Self> {
        let builds = std::env::var_os("BENCH_BUILDS").is_some();
        let mut choice = Self { groups: Vec::new(), builds, scale: Scale::FULL, write: None };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("`{word}` wants a value"));
            match word.as_str() {
                // Cargo adds it.
                "--bench" => {}
                "--builds" => choice.builds = true,
                "--quick" => choice.scale = Scale { only: choice.scale.only, ..Scale::QUICK },
                "--rounds" => choice.scale.rounds = value()?.parse()?,
                "--only" => choice.scale.only = Some(value()?.leak()),
                "--write" => choice.write = Some(in_workspace(&value()?)),
                _ => choice.groups.push(word),
            }
        }
        choice.scale.thorough = choice.write.is_some();
        choice.check()
    }

    /// # Errors
    /// If there is no group of a name, or nothing to write.
    fn check(self) -> Result<Self> {
        let is_group = |word: &&String| GROUPS.iter().any(|(name, _)| name == word);
        if let Some(unknown) = self.groups.iter().find(|word| !is_group(word)) {
            let names = GROUPS.map(|(name, _)| name).join("`, `");
            return Err(format!("there is no group `{unknown}`, but `{names}`").into());
        }
        let is_written = ["routes", "links", "host"].iter().any(|group| self.groups == [*group]);
        if self.write.is_some() && !is_written {
            return Err("`--write` is for one of the groups `routes`, `links` and `host` alone".into());
        }
        Ok(self)
    }

    fn has(&self, group: &str) -> bool {
        self.groups.iter().any(|word| word == group)
            || if group == "builds" { self.builds } else { self.groups.is_empty() }
    }
}

/// A path below the workspace's folder, in which cargo does not run a benchmark.
fn in_workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
