//! The start of a host with ten apps and with ten thousand.

use std::io;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use bakehouse_host::{Event, serve};
use bakehouse_runtime::Table;
use bakehouse_runtime::registry::Registry;
use tokio::sync::Notify;

use super::here::{config, one_thread, stopped};
use super::process::Process;
use super::program::{FEW, FLAG, MANY};
use crate::figure::{Amount, Budget, Figure};
use crate::measure::{Seconds, median};
use crate::{Report, Result, Scale};

/// How much longer a host with many apps may take.
const BUDGET: Budget = Budget::Plus(Amount::Time(0.001));

pub(super) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    let tables = [FEW, MANY].map(|(_, bytes)| Table::baked(&bytes.0));
    let mut times = [const { [const { Vec::new() }; 2] }; 2];
    for _ in 0..scale.rounds {
        for (times, table) in times.iter_mut().zip(tables) {
            let [listening, ready] = start(table)?;
            times[0].push(listening);
            times[1].push(ready);
        }
    }
    let [few, many] = times.map(|times| times.map(median));
    for (what, idx) in [("listens", 0), ("is ready", 1)] {
        add(&format!("host start until it {what}, in process, wall"), [few[idx], many[idx]], tables[1], report);
    }
    if scale.outside {
        let [few, many] = processes(scale.rounds)?;
        add("host process until it listens, wall", [few, many], tables[1], report);
    }
    Ok(())
}

fn add(what: &str, [few, many]: [Seconds; 2], table: Table<'_>, report: &mut Report) {
    let name = format!("{what}, {} declarative apps", table.n_apps());
    report.figures.push(Figure::against(name, BUDGET, Amount::Time(many), "10 apps", Amount::Time(few)));
}

/// How long a host takes until it listens, and until it is ready.
fn start(table: Table<'static>) -> Result<[Seconds; 2]> {
    let (dir, runtime) = (tempfile::tempdir()?, one_thread()?);
    // A host has one for as long as it lives; here, a few words a round.
    let registry = Box::leak(Box::new(Registry::new(table, &[], &[])));
    let (times, stop) = (Mutex::new([Duration::ZERO; 2]), Notify::new());
    let note = |event| {
        let mut times = times.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match event {
            Event::Listening { elapsed, .. } => times[0] = elapsed,
            Event::Ready { elapsed, .. } => {
                times[1] = elapsed;
                stop.notify_one();
            }
            _ => {}
        }
    };
    runtime.block_on(serve(registry, config(dir.path()), note, || stopped(&stop))).map_err(io::Error::other)?;
    let times = times.into_inner().map_err(|_| "a host panicked as it started")?;
    Ok(times.map(|time| time.as_secs_f64()))
}

/// How long a process takes until it listens, from its beginning.
fn processes(rounds: usize) -> Result<[Seconds; 2]> {
    let mut times = [const { Vec::new() }; 2];
    for _ in 0..rounds {
        for (times, (name, _)) in times.iter_mut().zip([FEW, MANY]) {
            let dir = tempfile::tempdir()?;
            let mut command = Command::new(std::env::current_exe()?);
            times.push(Process::start(command.args([FLAG, name]).arg(dir.path()))?.listening);
        }
    }
    Ok(times.map(median))
}
