//! A host under a mixed load for a long time: apps that come and go, fail, panic, never end, are in use while they are evicted,
//! unloaded or replaced by those of another table, and clients that leave. In the end, all is as it was: apps, slots, descriptors, memory.
//!
//! `SOAK_SECONDS` says for how long; three seconds unless it is set.

// Memory and descriptors are those that `/proc` shows.
#![cfg(target_os = "linux")]

mod acts;
mod apps;
mod world;

use std::time::{Duration, Instant};

use bakehouse_runtime::registry::State;

use crate::acts::{ACTS, Worker};
use crate::apps::{Health, expected_troubles};
use crate::world::{World, n_descriptors, resident};

/// How many clients there are at once.
const N_WORKERS: u64 = 6;

/// How much more memory may be in use in the end than after a third of the time, in bytes, but for what swaps leave behind: what
/// allocators keep for themselves, and in two minutes less than ten bytes an act.
const MEMORY: u64 = 4 << 20;

/// What a swap may leave behind, in bytes: the terms of the table before, and the linker that goes with them.
const SWAP: u64 = 8 << 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_host_is_in_the_end_as_it_was() {
    let seconds = std::env::var("SOAK_SECONDS").map_or(3.0, |seconds| seconds.parse().expect("a number of seconds"));
    let time = Duration::from_secs_f64(seconds);
    apps::hush_expected_panics();
    let world = World::start().await;
    let n_descriptors_before = n_descriptors();

    work(world, time / 3).await;
    world.wait_for_descriptors(n_descriptors_before).await;
    let resident_before = resident();

    let n_swaps = work(world, time * 2 / 3).await;
    world.wait_for_descriptors(n_descriptors_before).await;
    let grown = resident().saturating_sub(resident_before);
    println!("{} KiB more than after a third of the time", grown >> 10);
    assert!(grown <= MEMORY + n_swaps * SWAP, "{grown} bytes more after {n_swaps} swaps");

    world.settle().await;
    check_apps(world);
    assert_eq!(world.troubles.unexpected(expected_troubles), [""; 0]);
}

/// Has all workers do each act once, then acts as they come until the time is over, while tables are swapped: how often.
async fn work(world: &'static World, time: Duration) -> u64 {
    let until = Instant::now() + time;
    let workers: Vec<_> = (1..=N_WORKERS)
        .map(|seed| {
            tokio::spawn(async move {
                let mut worker = Worker::new(world, seed).await;
                for idx in 0..ACTS.len() {
                    worker.act(idx).await;
                }
                while Instant::now() < until {
                    worker.act_at_random().await;
                }
                worker.n_acts
            })
        })
        .collect();
    let n_swaps = world.swap_until(until).await;
    assert!(n_swaps > 0, "there was time for it");
    let mut n_acts = 0;
    for worker in workers {
        n_acts += worker.await.expect("every answer was as it should be");
    }
    println!("{n_acts} acts, {n_swaps} swaps");
    n_swaps
}

/// Sees that no app is left, that none failed which should not, and that those failed which should.
fn check_apps(world: &World) {
    let (mut n_loads, mut n_evictions) = (0, 0);
    for metrics in world.registry.metrics() {
        let record = world.registry.table().app(metrics.app);
        let slug = record.slug();
        assert!(matches!(metrics.state, State::Idle | State::Failed), "`{slug}` is {:?}", metrics.state);
        assert_eq!(world.lives.n_alive(slug), 0, "`{slug}`");
        assert_eq!(metrics.loads, world.lives.n_made(slug), "`{slug}`: one load, one app");
        let has_failed = Health::of(slug) != Health::Good;
        assert_eq!(metrics.errors > 0, has_failed, "`{slug}`: {} errors", metrics.errors);
        n_loads += metrics.loads;
        n_evictions += metrics.evictions;
        assert!(!record.is_core() || metrics.evictions == 0, "`{slug}` is core, and stays");
    }
    println!("{n_loads} loads, {n_evictions} evictions");
    assert!(n_evictions > 0, "there are more apps than may be loaded");
}
