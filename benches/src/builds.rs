//! What builds of the workspace cost, and what the runtime needs for its own.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::figure::{Amount, Budget, Figure};
use crate::measure::{Seconds, child_cpu, output_of};
use crate::{Report, Result, Scale};

/// How a program is compiled.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Profile {
    Debug,
    Release,
    /// Release, with the program itself in one codegen unit, as this repository compiles its store.
    ReleaseOneUnit,
}

impl Profile {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
            Self::ReleaseOneUnit => "release, one unit",
        }
    }

    /// Cargo's folder for the libraries.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release | Self::ReleaseOneUnit => "release",
        }
    }

    /// What cargo gives to rustc for it.
    pub(crate) fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Debug => &["-C", "debuginfo=2"],
            Self::Release => &["-C", "opt-level=3", "-C", "strip=symbols"],
            Self::ReleaseOneUnit => &["-C", "opt-level=3", "-C", "strip=symbols", "-C", "codegen-units=1"],
        }
    }
}

/// Clean builds of what a host's author waits for.
pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    if !scale.outside {
        return Ok(());
    }
    let front = ["-p", "bakehouse-codegen", "-p", "bakehouse-macros", "-p", "bakehouse-runtime"];
    for (what, packages, limit) in [
        ("clean build: codegen + macros + runtime", front.as_slice(), 20.0),
        ("clean build: whole workspace", &["--workspace"], 150.0),
    ] {
        let target = tempfile::tempdir()?;
        let time = build(target.path(), packages, Profile::Debug)?;
        report.figures.push(Figure::alone(what, Budget::AtMost(Amount::Time(limit)), Amount::Time(time)));
    }
    Ok(())
}

/// Builds the runtime into `target`, which is empty, and without its linker into another folder.
pub(crate) fn runtime(target: &Path, report: &mut Report) -> Result<()> {
    let other = tempfile::tempdir()?;
    let runtime = ["-p", "bakehouse-runtime"];
    let slim = [runtime.as_slice(), &["--no-default-features"]].concat();
    for (what, target, arguments) in
        [("with the linker", target, runtime.as_slice()), ("without", other.path(), slim.as_slice())]
    {
        let time = build(target, arguments, Profile::Debug)?;
        let budget = Budget::AtMost(Amount::Time(3.0));
        report.figures.push(Figure::alone(format!("runtime: clean build, {what}"), budget, Amount::Time(time)));
    }
    Ok(())
}

/// The time of a build into `target`.
pub(crate) fn build(target: &Path, arguments: &[&str], profile: Profile) -> Result<Seconds> {
    let mut cargo = cargo();
    cargo.args(["build", "--locked", "--quiet"]).args(arguments).arg("--target-dir").arg(target);
    if let Profile::Release = profile {
        cargo.arg("--release");
    }
    child_cpu(&mut cargo)
}

/// Counts the runtime's direct dependencies that are not of this workspace.
pub(crate) fn dependencies(report: &mut Report) -> Result<()> {
    let metadata = output_of(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_slice(&metadata)?;
    let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    let runtime = packages.filter(|package| package.get("name").is_some_and(|name| name == "bakehouse-runtime"));
    let dependencies = runtime.filter_map(|package| package.get("dependencies")?.as_array()).flatten();
    let is_kept = |dependency: &&Value| {
        let is_null = |key| dependency.get(key).is_none_or(Value::is_null);
        is_null("kind") && is_null("path")
    };
    let count = Amount::Count(u64::try_from(dependencies.filter(is_kept).count())?);
    report.figures.push(Figure::alone("runtime: direct dependencies", Budget::AtMost(Amount::Count(3)), count));
    Ok(())
}

/// Cargo, in the workspace.
fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    cargo
}
