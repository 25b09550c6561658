//! The memory of the store while it has nothing to do.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::figure::{Amount, Budget, Figure};
use crate::host::materialize;
use crate::{Report, Result, Scale};

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    if !scale.outside {
        return Ok(());
    }
    let Some(store) = store() else {
        report.note("memory of the store: left out; `cargo build --release` first builds the store");
        return Ok(());
    };
    let dir = tempfile::tempdir()?;
    let mut add = |what: &str, arguments: &[&Path], limit| -> Result<()> {
        let most = Amount::Bytes(most_memory(&store, arguments, &dir.path().join("public"))?);
        report.figures.push(Figure::alone(what, Budget::AtMost(Amount::Bytes(limit)), most));
        Ok(())
    };
    add("memory of the store, idle", &[], 20_000_000)?;
    let tree = tempfile::tempdir()?;
    if let Some(manifest) = materialize("calcom", tree.path())? {
        add("memory with cal.com's apps, idle", &[Path::new("-m"), &manifest], 30_000_000)?;
    }
    Ok(())
}

/// The store's release build, where cargo has put this program's as well.
fn store() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let store = program.parent()?.parent()?.join("store");
    store.is_file().then_some(store)
}

/// The most memory that a host had in use until it was ready, in bytes.
fn most_memory(store: &Path, arguments: &[&Path], public: &Path) -> Result<u64> {
    let mut command = Command::new(store);
    command.args(arguments).args(["--format", "json", "serve", "--addr", "127.0.0.1:0", "--public"]).arg(public);
    let mut host = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let most = when_ready(&mut host);
    host.kill()?;
    host.wait()?;
    most
}

fn when_ready(host: &mut Child) -> Result<u64> {
    let stdout = host.stdout.take().ok_or("the store has no output")?;
    for line in BufReader::new(stdout).lines() {
        let event: serde_json::Value = serde_json::from_str(&line?)?;
        if event.get("event").is_some_and(|event| event == "ready") {
            return peak(&fs::read_to_string(format!("/proc/{}/status", host.id()))?);
        }
    }
    Err("the store ended before it was ready; `store serve` says why".into())
}

/// `VmHWM` of the status of a process, in bytes.
fn peak(status: &str) -> Result<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB")).ok_or("the system does not tell `VmHWM`")?;
    Ok(number.parse::<u64>()? * 1024)
}
