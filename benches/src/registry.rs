//! What it costs to find an app that is loaded, call it and let it go: one and the same app, on all threads.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::{Arc, Barrier};

use bakehouse_runtime::registry::{Constructor, Loaded, Registry, Slot, StartOptions};

use crate::figure::{Amount, Budget, Figure};
use crate::host::{App, bake, keep, slug};
use crate::measure::{Seconds, cpu, interleaved, wall};
use crate::{Report, Result, Scale};

/// What an app is here.
type Code = dyn Fn(usize) -> usize + Send + Sync;
type Host = Registry<Code, ()>;
type Map = HashMap<String, Arc<Code>>;

const ENTRY: &str = "app::app";

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    let (host, map) = hosts(scale.size(100))?;
    let handle = host.handle(0);
    let slug = handle.slug();
    for n_threads in [1, 2] {
        let calls = Calls { n_threads, n: scale.samples };
        let [by_handle, by_name, peer] = interleaved(
            scale.rounds,
            [
                &mut || calls.time(|| call(black_box(handle).loaded().as_deref())),
                &mut || calls.time(|| call(by_name(host, black_box(slug)).as_deref())),
                &mut || calls.time(|| call(map.get(black_box(slug)).cloned().as_deref())),
            ],
        )?;
        let threads = if n_threads == 1 { "1 thread" } else { "2 threads, wall" };
        let mut add = |what: &str, budget, ours| {
            let what = format!("loaded app, {what}, {threads}");
            report.figures.push(Figure::against(what, budget, Amount::Time(ours), "HashMap", Amount::Time(peer)));
        };
        add("by handle, guard", Budget::AtMost(Amount::Time(25e-9)), by_handle);
        add("by name", Budget::Faster(1.0), by_name);
    }
    report.note("loaded app, lent (10 ns): left out, the registry only gives guards so far");
    Ok(())
}

/// A host whose apps are all loaded, and a map of as many.
fn hosts(n_apps: usize) -> Result<(&'static Host, Map)> {
    let app = |idx| App { slug: slug(idx), entry: ENTRY, patterns: Vec::new() };
    let apps: Vec<App> = (0..n_apps).map(app).collect();
    let table = keep(bake(&apps)?)?;
    let slugs: Vec<&'static str> = table.with_code().map(|app| table.app(app).slug()).collect();
    let constructor = |slug: &&'static str| Constructor {
        slug,
        entry: ENTRY,
        construct: |()| Box::pin(async { Ok(Box::new(work) as Box<Code>) }),
    };
    let constructors: Vec<Constructor<Code, ()>> = slugs.iter().map(constructor).collect();
    let slots: Vec<Slot<Code>> = slugs.iter().map(|_| Slot::new()).collect();
    let host: &'static Host = Box::leak(Box::new(Registry::new(table, constructors.leak(), slots.leak())));
    host.start(|_| (), StartOptions::default())?;
    for app in table.with_code() {
        host.load_blocking(app)?;
    }
    let map = slugs.iter().map(|slug| ((*slug).to_owned(), Arc::new(work) as Arc<Code>)).collect();
    Ok((host, map))
}

/// What an app does when it is called.
fn work(number: usize) -> usize {
    black_box(number)
}

fn call(app: Option<&Code>) {
    black_box(app.map(|app| app(1)));
}

fn by_name(host: &'static Host, name: &str) -> Option<Loaded<Code>> {
    host.loaded(host.table().resolve(name)?.id())
}

/// Calls of an app, on one thread or on several that start at once.
#[derive(Clone, Copy)]
struct Calls {
    n_threads: usize,
    n: usize,
}

impl Calls {
    /// The time of one call.
    #[expect(clippy::cast_precision_loss, reason = "a few thousand calls")]
    fn time(self, call: impl Fn() + Sync) -> Result<Seconds> {
        let all = || (0..self.n).for_each(|_| call());
        if self.n_threads == 1 {
            return Ok(cpu(all)?.1 / self.n as f64);
        }
        let barrier = Barrier::new(self.n_threads);
        let one = || {
            barrier.wait();
            wall(all).1
        };
        let times: Vec<Seconds> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..self.n_threads).map(|_| scope.spawn(one)).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        Ok(times.iter().sum::<Seconds>() / times.len() as f64 / self.n as f64)
    }
}
