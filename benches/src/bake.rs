//! Bakes and checks of real trees, and of many apps with a mistake in one, in process.

use std::fs;
use std::path::Path;

use bakehouse_codegen::{Compilation, Depth, Options, compile};

use crate::figure::{Amount, Budget, Figure};
use crate::host::materialize;
use crate::measure::{Seconds, cpu, interleaved};
use crate::{Report, Result, Scale};

/// As many apps as a wrong manifest is looked for in.
const N_APPS: usize = 10_000;

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    if !scale.outside {
        return Ok(());
    }
    mistake(scale, report)?;
    for (corpus, what, limits) in [
        ("calcom", "cal.com's 105 apps", [0.015, 0.02]),
        ("openapi", "OpenAPI corpus (1,984 apps, 32,127 routes)", [0.3, 0.4]),
    ] {
        let dir = tempfile::tempdir()?;
        match materialize(corpus, dir.path())? {
            Some(manifest) => report.figures.extend(bake_and_check(what, &manifest, limits, scale)?),
            None => report.note(format!("bake, {what}: left out, there is no ../shared/corpora/{corpus}")),
        }
    }
    Ok(())
}

/// A bake, and a check, which looks at the first bytes of assets too.
fn bake_and_check(what: &str, manifest: &Path, limits: [Seconds; 2], scale: Scale) -> Result<[Figure; 2]> {
    let right = |compilation: &Compilation| compilation.baked.is_some();
    let times = interleaved(
        scale.rounds,
        [&mut || run(manifest, Depth::Names, right), &mut || run(manifest, Depth::FirstBytes, right)],
    )?;
    let figure = |idx: usize, name: &str| {
        let budget = Budget::AtMost(Amount::Time(limits[idx]));
        Figure::alone(format!("{name}, {what}"), budget, Amount::Time(times[idx]))
    };
    Ok([figure(0, "bake"), figure(1, "check")])
}

/// A host in which one manifest is wrong, against the same host baked when it is right.
fn mistake(scale: Scale, report: &mut Report) -> Result<()> {
    let hosts = [tempfile::tempdir()?, tempfile::tempdir()?];
    let [right, wrong] = hosts.each_ref().map(|dir| dir.path().join("apps.manifest.toml"));
    for (dir, manifest) in hosts.iter().zip([&right, &wrong]) {
        write_host(dir.path(), manifest)?;
    }
    let broken = wrong.with_file_name("apps").join(format!("app{}", N_APPS / 2)).join("app.toml");
    fs::write(broken, "slug = \"app\"\nnmae = 1\n")?;
    let [right, wrong] = interleaved(
        scale.rounds,
        [&mut || run(&right, Depth::Names, |compilation| compilation.baked.is_some()), &mut || {
            run(&wrong, Depth::Names, |compilation| compilation.baked.is_none())
        }],
    )?;
    let (what, budget) = (format!("a mistake in one of {N_APPS} manifests is told"), Budget::Within(1.0));
    report.figures.push(Figure::against(what, budget, Amount::Time(wrong), "a right bake", Amount::Time(right)));
    Ok(())
}

fn write_host(dir: &Path, manifest: &Path) -> Result<()> {
    fs::write(manifest, "[host]\nname = \"bench\"\n")?;
    for number in 0..N_APPS {
        let folder = dir.join("apps").join(format!("app{number}"));
        fs::create_dir_all(&folder)?;
        let text = format!("slug = \"app{number}\"\nname = \"App\"\n[[route]]\npath = \"/app{number}/{{*rest}}\"\n");
        fs::write(folder.join("app.toml"), text)?;
    }
    Ok(())
}

/// The time of a compilation that comes to what it should.
fn run(manifest: &Path, depth: Depth, is_expected: impl Fn(&Compilation) -> bool) -> Result<Seconds> {
    let options = Options { depth, ..Options::default() };
    let (compilation, time) = cpu(|| compile(manifest, &options))?;
    if is_expected(&compilation) {
        Ok(time)
    } else {
        Err(format!("{} comes to another end", manifest.display()).into())
    }
}
