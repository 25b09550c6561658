//! cal.com's tree: from the start of a process to its first answer and its first file, against copying and eager loading, and
//! against a Node host that does what cal.com's does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::node;
use super::outcome::{Found, Outcome, Times};
use super::process::Process;
use super::program::{FLAG, Mode};
use crate::figure::{Amount, Budget, Figure};
use crate::host::{materialize, table};
use crate::links::trace::{has_strace, slowed};
use crate::{Report, Result, Scale};

/// What is asked for first: an app, then a file of its.
const PATH: &str = "/api/integrations/zoomvideo/add";
const FILE: &str = "/app-store/zoomvideo/icon.svg";
/// Where that file is among the sources.
const SOURCE: &str = "zoomvideo/static/icon.svg";

/// With slow calls, a round takes seconds.
const SLOW_ROUNDS: usize = 3;

/// One of those that compete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contender {
    Ours(Mode),
    Node,
}

impl Contender {
    const ALL: [Self; 3] = [Self::Ours(Mode::Default), Self::Ours(Mode::CopyEager), Self::Node];

    const fn name(self) -> &'static str {
        match self {
            Self::Ours(mode) => mode.name(),
            Self::Node => "Node",
        }
    }
}

pub(super) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    let Some(site) = Site::make()? else {
        report.note("first answers on cal.com's tree: left out, since the corpora are not beside the workspace");
        return Ok(());
    };
    let has_node = node::version().is_some();
    if !has_node {
        report.note("first answers on cal.com's tree: the Node host is left out; it is in Debian's package `nodejs`");
    }
    let contenders: Vec<_> = Contender::ALL.into_iter().filter(|it| *it != Contender::Node || has_node).collect();
    let mut outcomes = site.contest(&contenders, scale.rounds, false)?;
    if scale.thorough && has_strace() {
        outcomes.extend(site.contest(&contenders, scale.rounds.min(SLOW_ROUNDS), true)?);
    }
    figures(&outcomes, report);
    report.hosts.extend(outcomes);
    Ok(())
}

/// Ours by default against each of the others.
fn figures(outcomes: &[Outcome], report: &mut Report) {
    let (ours, peers): (Vec<_>, Vec<_>) = outcomes.iter().partition(|it| it.contender == Mode::Default.name());
    for ours in ours {
        for peer in peers.iter().filter(|it| it.found == ours.found && it.is_slow == ours.is_slow) {
            let slow = if ours.is_slow { ", slow calls" } else { "" };
            let mut add = |what: &str, [ours_took, took]: [f64; 2]| {
                let name = format!("host of cal.com's apps, {what}, {}{slow}, wall", ours.found.name());
                let [ours_took, took] = [ours_took, took].map(Amount::Time);
                report.figures.push(Figure::against(name, Budget::None, ours_took, peer.contender, took));
            };
            add("first answer", [ours.answer(), peer.answer()]);
            add("first file", [ours.file(), peer.file()]);
        }
    }
}

/// The tree with its table, and public folders beside it.
struct Site {
    dir: TempDir,
    icon: Vec<u8>,
}

impl Site {
    fn make() -> Result<Option<Self>> {
        let dir = tempfile::tempdir()?;
        let Some(manifest) = materialize("calcom", dir.path())? else { return Ok(None) };
        fs::write(dir.path().join("table"), table(&manifest)?)?;
        node::write(dir.path())?;
        let icon = fs::read(dir.path().join("apps").join(SOURCE))?;
        Ok(Some(Self { dir, icon }))
    }

    /// Lets the contenders take turns: each round, each starts in an empty folder, and again where it has been.
    fn contest(&self, contenders: &[Contender], rounds: usize, is_slow: bool) -> Result<Vec<Outcome>> {
        let outcome = |contender: &Contender, found| Outcome {
            contender: contender.name(),
            found,
            is_slow,
            times: Times::default(),
        };
        let mut outcomes: Vec<_> =
            contenders.iter().flat_map(|contender| Found::ALL.map(|found| outcome(contender, found))).collect();
        for round in 0..rounds {
            for (contender, outcomes) in contenders.iter().zip(outcomes.chunks_mut(Found::ALL.len())) {
                // Not deleted before the end: what that leaves to do for the disk would fall on the next.
                let public = self.dir.path().join(format!("{}-{is_slow}-{round}", contender.name())).join("public");
                fs::create_dir_all(&public)?;
                for outcome in outcomes {
                    self.start(*contender, &public, is_slow, &mut outcome.times)?;
                }
            }
        }
        Ok(outcomes)
    }

    fn start(&self, contender: Contender, public: &Path, is_slow: bool, times: &mut Times) -> Result<()> {
        let command = self.command(contender, public)?;
        let mut command = if is_slow { slowed(&command) } else { command };
        let mut process = Process::start(&mut command)?;
        process.get(PATH)?;
        times.answer.push(process.elapsed());
        if process.get(FILE)? != self.icon {
            return Err(format!("{}: {FILE} is not what it should be", contender.name()).into());
        }
        times.file.push(process.elapsed());
        process.ready()
    }

    fn command(&self, contender: Contender, public: &Path) -> Result<Command> {
        let tree: PathBuf = self.dir.path().into();
        let Contender::Ours(mode) = contender else { return Ok(node::command(&tree, public)) };
        let mut host = Command::new(std::env::current_exe()?);
        host.arg(FLAG).arg(tree.join("table")).arg(tree.join("apps")).arg(public).arg(mode.name());
        Ok(host)
    }
}
