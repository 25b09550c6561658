//! What it costs to find an app that is loaded, call it and let it go: one and the same app, on all threads.

use std::collections::HashMap;
use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;
use bakehouse_runtime::registry::{Constructor, Handle, Registry, Slot, StartOptions};
use dashmap::DashMap;

use crate::figure::{Amount, Budget, Figure};
use crate::host::{App, bake, keep, slug};
use crate::measure::{Seconds, cpu, interleaved, wall};
use crate::{Report, Result, Scale};

/// What an app is here.
type Code = dyn Fn(usize) -> usize + Send + Sync;
type Host = Registry<Code, ()>;

const ENTRY: &str = "app::app";

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    let (host, peers) = hosts(scale.size(100))?;
    for n_threads in [1, 2] {
        let calls = Calls { n_threads, n: scale.samples };
        let threads = if n_threads == 1 { "1 thread" } else { "2 threads, wall" };
        for (what, budget, ours, peer, theirs) in compare(scale.rounds, calls, host, &peers)? {
            let what = format!("loaded app, {what}, {threads}");
            report.figures.push(Figure::against(what, budget, Amount::Time(ours), peer, Amount::Time(theirs)));
        }
    }
    Ok(())
}

type Comparison = (&'static str, Budget, Seconds, &'static str, Seconds);

/// Each figure has the peer that can do the same: neither a `OnceLock` nor a `HashMap` lets an app go.
fn compare(rounds: usize, calls: Calls, host: &'static Host, peers: &Peers) -> Result<[Comparison; 6]> {
    let (handle, name) = (host.handle(0), host.handle(0).slug());
    let Peers { once, swap, map, dash_map } = peers;
    let [lent, guard, by_name, in_once, from_once, in_swap, in_map, in_dash_map] = interleaved(
        rounds,
        [
            &mut || calls.time(|| black_box(black_box(handle).with(|app| app(1)))),
            &mut || calls.time(|| call(black_box(handle).loaded().as_deref())),
            &mut || calls.time(|| call(host.named(black_box(name)).and_then(Handle::loaded).as_deref())),
            &mut || calls.time(|| call(black_box(once).get().map(|app| &**app))),
            &mut || calls.time(|| call(black_box(once).get().cloned().as_deref())),
            &mut || calls.time(|| call(black_box(swap).load().as_deref().map(|app| &**app))),
            &mut || calls.time(|| call(map.get(black_box(name)).cloned().as_deref())),
            &mut || calls.time(|| call(dash_map.get(black_box(name)).map(|app| Arc::clone(&app)).as_deref())),
        ],
    )?;
    let (short, long) = (Budget::AtMost(Amount::Time(10e-9)), Budget::AtMost(Amount::Time(25e-9)));
    Ok([
        ("lent, by handle", short, lent, "OnceLock", in_once),
        ("guard, by handle", long, guard, "OnceLock, Arc", from_once),
        ("guard, by handle", long, guard, "arc-swap", in_swap),
        ("guard, by name", Budget::Faster(1.0), by_name, "HashMap, Arc", in_map),
        ("guard, by name", Budget::None, by_name, "DashMap, Arc", in_dash_map),
        ("lent, by handle", Budget::None, lent, "arc-swap", in_swap),
    ])
}

/// Others that keep apps which are there.
struct Peers {
    /// Never lets its app go.
    once: OnceLock<Arc<Code>>,
    swap: ArcSwapOption<Box<Code>>,
    map: HashMap<String, Arc<Code>>,
    dash_map: DashMap<String, Arc<Code>>,
}

/// A host whose apps are all loaded, and maps of as many.
fn hosts(n_apps: usize) -> Result<(&'static Host, Peers)> {
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
    let named = || slugs.iter().map(|slug| ((*slug).to_owned(), Arc::new(work) as Arc<Code>));
    let peers = Peers {
        once: OnceLock::from(Arc::new(work) as Arc<Code>),
        swap: ArcSwapOption::from_pointee(Some(Box::new(work) as Box<Code>)),
        map: named().collect(),
        dash_map: named().collect(),
    };
    Ok((host, peers))
}

/// What an app does when it is called.
fn work(number: usize) -> usize {
    black_box(number)
}

fn call(app: Option<&Code>) {
    black_box(app.map(|app| app(1)));
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
    fn time<T>(self, call: impl Fn() -> T + Sync) -> Result<Seconds> {
        let all = || (0..self.n).for_each(|_| drop(call()));
        if self.n_threads == 1 {
            return Ok(cpu(all)?.1 / self.n as f64);
        }
        let n_ready = AtomicUsize::new(0);
        let one = || {
            // Not a barrier, which puts threads to sleep: who is woken last would run alone in the end.
            n_ready.fetch_add(1, Ordering::SeqCst);
            while n_ready.load(Ordering::SeqCst) < self.n_threads {
                spin_loop();
            }
            wall(all).1
        };
        let times: Vec<Seconds> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..self.n_threads).map(|_| scope.spawn(one)).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        Ok(times.iter().sum::<Seconds>() / times.len() as f64 / self.n as f64)
    }
}
