//! Instructions of a lookup, counted by callgrind.
//!
//! This program runs itself again under valgrind, as a child that builds one contender of a set from files and then looks
//! paths up. Callgrind collects only while [`collected`] runs, and writes a dump at the end of each of its calls. The loop
//! around the lookups is counted too: some five instructions each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::contender::{Contender, Ours, Peer};
use super::course::Probes;
use super::outcome::Case;
use super::peers::{Visitor, visit_maps, visit_routers};
use super::set::{Route, Set};
use super::timing::{find, find_and_read};
use crate::Result;
use crate::host::keep;
use crate::measure::output_of;

/// How many lookups of each case are counted, at most.
const MOST: usize = 2_048;
const TABLE: &str = "table";
const ROUTES: &str = "routes";
const OUT: &str = "callgrind.out";
/// The function whose instructions count. Callgrind dumps for an exact name only.
const COLLECTED: &str = concat!(module_path!(), "::collected");
/// With what this program is told to be the child.
pub const FLAG: &str = "--count-lookups";

/// Whether there is a valgrind to count with.
pub(crate) fn has_valgrind() -> bool {
    output_of(Command::new("valgrind").arg("--version")).is_ok()
}

/// A set in files, for children to build contenders of.
pub(super) struct Counter {
    dir: TempDir,
    program: PathBuf,
}

/// Instructions of one lookup, as far as they were counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts([Option<u64>; Case::COUNTED.len()]);

impl Counts {
    pub(super) fn of(self, case: Case) -> Option<u64> {
        Case::COUNTED.iter().zip(self.0).find(|(known, _)| **known == case).and_then(|(_, count)| count)
    }
}

impl Counter {
    /// None without valgrind.
    pub(super) fn new(set: &Set) -> Result<Option<Self>> {
        if !has_valgrind() {
            return Ok(None);
        }
        let dir = tempfile::tempdir()?;
        fs::write(dir.path().join(TABLE), set.table.as_bytes())?;
        let line = |Route { number, pattern, path }: &Route| format!("{number}\t{pattern}\t{path}\n");
        fs::write(dir.path().join(ROUTES), set.routes.iter().map(line).collect::<String>())?;
        Ok(Some(Self { dir, program: std::env::current_exe()? }))
    }

    /// Counts the lookups of a contender, by its name.
    pub(super) fn count(&self, contender: &str, probes: &Probes) -> Result<Counts> {
        let dir = self.dir.path();
        let paths = Case::COUNTED.map(|case| probes.of(case).into_iter().take(MOST).collect::<Vec<&str>>());
        for (case, paths) in paths.iter().enumerate() {
            fs::write(dir.join(case.to_string()), paths.join("\n"))?;
        }
        let mut valgrind = Command::new("valgrind");
        valgrind.arg("--tool=callgrind");
        valgrind.args([format!("--toggle-collect={COLLECTED}"), format!("--dump-after={COLLECTED}")]);
        valgrind.arg(format!("--callgrind-out-file={}", dir.join(OUT).display()));
        output_of(valgrind.arg(&self.program).args([FLAG.as_ref(), dir.as_os_str(), contender.as_ref()]))?;
        let mut counts = Counts::default();
        for ((dump, count), paths) in (1_usize..).zip(&mut counts.0).zip(&paths) {
            let dump = fs::read_to_string(dir.join(format!("{OUT}.{dump}")));
            let total = total(&dump.map_err(|error| format!("callgrind's dump: {error}"))?)?;
            *count = total.checked_div(u64::try_from(paths.len())?);
        }
        Ok(counts)
    }
}

/// The instructions of a dump.
///
/// # Errors
/// If it does not say them.
fn total(dump: &str) -> Result<u64> {
    let total = dump.lines().find_map(|line| line.strip_prefix("summary: "));
    Ok(total.ok_or("callgrind's dump has no line `summary`")?.trim().parse()?)
}

/// The child: does the lookups of `contender` that the files in `dir` ask for.
///
/// # Errors
/// If a file cannot be read, or there is no such contender.
pub fn count_lookups(dir: &Path, contender: &str) -> Result<()> {
    let read = |name: &str| fs::read_to_string(dir.join(name));
    let [hits, misses, read_hits] = [read("0")?, read("1")?, read("2")?];
    let paths = [&hits, &misses, &read_hits].map(|text| text.lines().collect());
    if contender == Ours::NAME {
        go_through(&Ours(keep(fs::read(dir.join(TABLE))?)?), &paths);
        return Ok(());
    }
    let routes = read(ROUTES)?.lines().map(route).collect::<Result<_>>()?;
    let mut child = Child { contender, routes, paths, was_found: false };
    visit_routers(&mut child)?;
    visit_maps(&mut child)?;
    if child.was_found { Ok(()) } else { Err(format!("there is no contender `{contender}`").into()) }
}

fn route(line: &str) -> Result<Route> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [number, pattern, path] = columns[..] else { return Err(format!("no route: `{line}`").into()) };
    Ok(Route { number: number.parse()?, pattern: pattern.to_owned(), path: path.to_owned() })
}

struct Child<'c> {
    contender: &'c str,
    routes: Vec<Route>,
    paths: [Vec<&'c str>; Case::COUNTED.len()],
    was_found: bool,
}

impl Visitor for Child<'_> {
    fn visit<P: Peer>(&mut self) -> Result<()> {
        if P::NAME == self.contender {
            go_through(&P::build(&self.routes).peer, &self.paths);
            self.was_found = true;
        }
        Ok(())
    }
}

fn go_through<C: Contender>(contender: &C, paths: &[Vec<&str>; Case::COUNTED.len()]) {
    // What a contender makes when it is first used, as regular expressions do, is not counted.
    paths.iter().flatten().for_each(|path| find(contender, path));
    let [hits, misses, read_hits] = paths;
    collected(&mut || hits.iter().for_each(|path| find(contender, path)));
    collected(&mut || misses.iter().for_each(|path| find(contender, path)));
    collected(&mut || read_hits.iter().for_each(|path| find_and_read(contender, path)));
}

/// What callgrind knows by its name; not generic, so that there is one of it.
#[inline(never)]
fn collected(work: &mut dyn FnMut()) {
    work();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_of_a_dump() {
        assert_eq!(total("version: 1\nevents: Ir\nsummary: 1234\n\nfn=(1) x\n1 5\n").unwrap(), 1_234);
        assert!(total("version: 1\n").is_err());
    }
}
