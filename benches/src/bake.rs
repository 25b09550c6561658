//! Bakes of real trees, in process.

use std::path::Path;

use bakehouse_codegen::{Options, compile};

use crate::figure::{Amount, Budget, Figure};
use crate::host::materialize;
use crate::measure::{cpu, interleaved};
use crate::{Report, Result, Scale};

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    if !scale.outside {
        return Ok(());
    }
    for (corpus, what, limit) in [
        ("calcom", "bake, cal.com's 105 apps", 0.015),
        ("openapi", "bake, OpenAPI corpus (1,984 apps, 32,127 routes)", 0.3),
    ] {
        let dir = tempfile::tempdir()?;
        match materialize(corpus, dir.path())? {
            Some(manifest) => report.figures.push(bake(what, &manifest, limit, scale)?),
            None => report.note(format!("{what}: left out, there is no ../shared/corpora/{corpus}")),
        }
    }
    Ok(())
}

fn bake(what: &str, manifest: &Path, limit: f64, scale: Scale) -> Result<Figure> {
    let mut compile = || {
        let (compilation, time) = cpu(|| compile(manifest, &Options::default()))?;
        if compilation.baked.is_none() {
            return Err(format!("{} does not bake", manifest.display()).into());
        }
        Ok(time)
    };
    let [time] = interleaved(scale.rounds, [&mut compile])?;
    Ok(Figure::alone(what, Budget::AtMost(Amount::Time(limit)), Amount::Time(time)))
}
