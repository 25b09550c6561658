//! Clocks, and contenders in turn: what disturbs one of them disturbs the others too.

use std::process::Command;
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};

use crate::Result;

/// Seconds that something took.
pub(crate) type Seconds = f64;

/// One of those that are measured side by side: does its work and says how long it took.
pub(crate) type Contender<'a> = &'a mut dyn FnMut() -> Result<Seconds>;

/// Lets the contenders take turns; the median of each.
pub(crate) fn interleaved<const N: usize>(rounds: usize, contenders: [Contender<'_>; N]) -> Result<[Seconds; N]> {
    let mut times = [const { Vec::new() }; N];
    let mut contenders = contenders;
    for _ in 0..rounds {
        for (times, contender) in times.iter_mut().zip(&mut contenders) {
            times.push(contender()?);
        }
    }
    Ok(times.map(median))
}

/// The one in the middle; NaN of none.
pub(crate) fn median(mut times: Vec<Seconds>) -> Seconds {
    times.sort_unstable_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The CPU time of this thread while it does something.
pub(crate) fn cpu<T>(work: impl FnOnce() -> T) -> Result<(T, Seconds)> {
    by(ClockId::CLOCK_THREAD_CPUTIME_ID, work)
}

/// The CPU time of all threads of this process while it does something that may start some.
pub(crate) fn process_cpu<T>(work: impl FnOnce() -> T) -> Result<(T, Seconds)> {
    by(ClockId::CLOCK_PROCESS_CPUTIME_ID, work)
}

fn by<T>(clock: ClockId, work: impl FnOnce() -> T) -> Result<(T, Seconds)> {
    let now = || clock_gettime(clock);
    let began = now()?;
    let done = work();
    Ok((done, seconds(&(now()? - began))))
}

/// The wall time of something.
pub(crate) fn wall<T>(work: impl FnOnce() -> T) -> (T, Seconds) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed().as_secs_f64())
}

/// The CPU time of a command and of all that it starts and waits for.
///
/// # Errors
/// If it cannot be run, or fails.
pub(crate) fn child_cpu(command: &mut Command) -> Result<Seconds> {
    let now = || getrusage(UsageWho::RUSAGE_CHILDREN).map(|usage| seconds(&(usage.user_time() + usage.system_time())));
    let began = now()?;
    output_of(command)?;
    Ok(now()? - began)
}

/// What a command prints.
///
/// # Errors
/// If it cannot be run, or fails; then with what it said.
pub(crate) fn output_of(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.output().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if !output.status.success() {
        let program = command.get_program().display();
        return Err(format!("{program}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(output.stdout)
}

/// A span of time in seconds.
#[expect(clippy::cast_precision_loss, reason = "2^52 ns are 52 days")]
fn seconds(span: &impl TimeValLike) -> Seconds {
    span.num_nanoseconds() as f64 / 1e9
}
