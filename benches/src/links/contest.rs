//! Lets everybody make a site appear: once to check it, then in turn for the time, then under strace.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Place;
use super::case::Case;
use super::contender::{ALL, Contender};
use super::outcome::{Measured, Outcome, Row, Standing};
use super::site::Site;
use super::trace::{count, has_strace, slowly};
use crate::measure::{Seconds, child_cpu, output_of, process_cpu};
use crate::{Result, Scale};

/// Who took so long, with all that is around its work, has no more turns on a site.
const ENOUGH: Duration = Duration::from_secs(10);
/// Programs differ so much from ours that fewer turns will do.
const TURNS_A_PROGRAM_TURN: usize = 3;
/// How long a folder has to be left alone before ours believes its change time, and some more.
const SETTLED: Duration = Duration::from_millis(40);
/// The largest site on which all calls of programs are counted, which takes fifty microseconds each.
const MOST_COUNTED: usize = 10_000;
/// The largest site that is linked with slow calls.
const MOST_SLOW: usize = 1_000;

pub(super) fn run(site: &Site, place: &Place, scale: Scale) -> Result<Outcome> {
    let mut entrants: Vec<Entrant> = ALL.iter().filter(|it| is_installed(it)).map(Entrant::new).collect();
    for entrant in &entrants {
        entrant.contender.checked(site)?;
    }
    // Copying moves so many bytes that it would disturb those who need microseconds.
    let (mut programs, mut inside): (Vec<_>, Vec<_>) =
        entrants.iter_mut().partition(|entrant| entrant.contender.peer().is_some());
    in_turn(&mut inside, site, scale.rounds)?;
    in_turn(&mut programs, site, scale.rounds.div_ceil(TURNS_A_PROGRAM_TURN))?;
    if place.is_traced && has_strace() {
        for entrant in &mut entrants {
            entrant.trace(site)?;
        }
    }
    Ok(Outcome { size: site.size, file_system: place.file_system, rows: rows(entrants) })
}

fn is_installed(contender: &Contender) -> bool {
    contender.peer().is_none_or(|program| program.is_installed())
}

/// A row for everybody, for those who are missing too.
fn rows(mut entrants: Vec<Entrant>) -> Vec<Row> {
    let row = |contender: &Contender| {
        let at = entrants.iter().position(|entrant| std::ptr::eq(entrant.contender, contender));
        let package = contender.peer().map_or("", |program| program.package);
        let measured = at.map(|at| entrants.swap_remove(at).measured);
        Row::of(contender, measured.map_or(Standing::Missing(package), Standing::Measured))
    };
    ALL.iter().map(row).collect()
}

fn in_turn(entrants: &mut [&mut Entrant], site: &Site, rounds: usize) -> Result<()> {
    for _ in 0..rounds {
        for entrant in entrants.iter_mut().filter(|entrant| entrant.spent < ENOUGH) {
            entrant.take_turn(site)?;
        }
    }
    Ok(())
}

/// A contender and what was measured of it so far.
struct Entrant {
    contender: &'static Contender,
    measured: Measured,
    spent: Duration,
}

impl Entrant {
    fn new(contender: &'static Contender) -> Self {
        Self { contender, measured: Measured::default(), spent: Duration::ZERO }
    }

    fn take_turn(&mut self, site: &Site) -> Result<()> {
        let began = Instant::now();
        let times = self.contender.each_case(site, |public, case| self.contender.cpu(site, public, case))?;
        self.measured.times.iter_mut().zip(times).for_each(|(times, time)| times.push(time));
        self.spent += began.elapsed();
        Ok(())
    }

    fn trace(&mut self, site: &Site) -> Result<()> {
        let contender = self.contender;
        let is_marked = contender.peer().is_none();
        let command = |public: &Path, case| contender.command(&site.home, public, case);
        if is_marked || site.size.n_files <= MOST_COUNTED {
            let calls = contender.each_case(site, |public, case| count(&command(public, case)?, is_marked))?;
            self.measured.calls = Some(calls);
        }
        if site.size.n_files <= MOST_SLOW {
            let times = contender.each_case(site, |public, case| slowly(&command(public, case)?, is_marked))?;
            self.measured.slowly = Some(times);
        }
        Ok(())
    }
}

impl Contender {
    /// Works in a public folder of its own, in one case after the other.
    fn each_case<T>(&self, site: &Site, mut work: impl FnMut(&Path, Case) -> Result<T>) -> Result<[T; 3]> {
        site.with_public(|public| {
            self.prepare(&site.home, public)?;
            let cold = work(public, Case::Cold)?;
            self.settle(site, public)?;
            let unchanged = work(public, Case::Unchanged)?;
            let one_more = site.with_one_more(|| work(public, Case::OneMore))?;
            Ok([cold, unchanged, one_more])
        })
    }

    /// The run after a change looks at folders that were changed too recently to be believed; it is the one after it
    /// that finds nothing to do.
    fn settle(&self, site: &Site, public: &Path) -> Result<()> {
        if !self.is_ours() {
            return Ok(());
        }
        sleep(SETTLED);
        self.run(&site.home, public, Case::Unchanged)
    }

    fn checked(&self, site: &Site) -> Result<()> {
        self.each_case(site, |public, case| {
            if self.peer().is_some() {
                output_of(&mut self.command(&site.home, public, case)?)?;
            } else {
                self.run(&site.home, public, case)?;
            }
            site.check(public, case).map_err(|error| format!("{}, {}, {case}: {error}", self.name, self.layout).into())
        })?;
        Ok(())
    }

    fn cpu(&self, site: &Site, public: &Path, case: Case) -> Result<Seconds> {
        if self.peer().is_some() {
            return child_cpu(&mut self.command(&site.home, public, case)?);
        }
        let (done, time) = process_cpu(|| self.run(&site.home, public, case))?;
        done.map(|()| time)
    }
}
