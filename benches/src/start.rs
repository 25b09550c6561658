//! What a host's start costs when it has many apps.

use bakehouse_runtime::Table;
use bakehouse_runtime::registry::{Registry, StartOptions};

use crate::figure::{Amount, Budget, Figure};
use crate::host::{App, bake, slug};
use crate::measure::{Seconds, cpu, interleaved};
use crate::{Report, Result, Scale};

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    let n_apps = scale.size(10_000);
    let (many, few) = (declarative(n_apps)?, declarative(10)?);
    let [many, few] = interleaved(scale.rounds * 20, [&mut || start(many), &mut || start(few)])?;
    let budget = Budget::Plus(Amount::Time(0.001));
    let name = format!("start, {n_apps} declarative apps");
    report.figures.push(Figure::against(name, budget, Amount::Time(many), "10 apps", Amount::Time(few)));
    Ok(())
}

/// The table of so many apps without code, kept for the rest of the run.
fn declarative(n_apps: usize) -> Result<&'static [u8]> {
    let app = |idx| App { patterns: vec![format!("/apps/{}", slug(idx))], slug: slug(idx), entry: "" };
    Ok(bake(&(0..n_apps).map(app).collect::<Vec<_>>())?.leak())
}

fn start(table: &'static [u8]) -> Result<Seconds> {
    let (started, time) = cpu(|| {
        let registry = Registry::<str, ()>::new(Table::baked(table), &[], &[]);
        registry.start(|_| (), StartOptions::default()).map(|()| registry)
    })?;
    started?;
    Ok(time)
}
