//! `/metrics`: what the host knows of itself, in JSON. What is not measured is null.

use std::time::Duration;

use bakehouse_runtime::registry::State;
use serde_json::{Map, Value, json};

use crate::catalog::word;
use crate::event::micros;
use crate::host::{Host, Progress};
use crate::site::{Links, Site};

/// Everything as it is now.
pub(crate) fn collect(host: &Host, site: &Site) -> Value {
    let apps: Vec<(State, Value)> = site.catalog.entries().map(|entry| app(site, entry)).collect();
    json!({
        "performance": performance(&host.progress, site.linked.get()),
        "links": site.linked.get().map(|links| &links.shown),
        "registry": registry(&apps),
        "apps": apps.into_iter().map(|(_, app)| app).collect::<Vec<_>>(),
    })
}

/// Times in milliseconds, memory in bytes.
fn performance(progress: &Progress, links: Option<&Links>) -> Value {
    json!({
        "startupTime": progress.start_time.get().copied().map(millis),
        "assetLoadTime": links.and_then(|links| links.time).map(millis),
        "appLoadTime": progress.load_time.get().copied().map(millis),
        // Nothing is cached in this process, so there is no rate.
        "cacheHitRate": null,
        "memoryUsage": resident_bytes(),
    })
}

/// How many apps are in each state.
fn registry(apps: &[(State, Value)]) -> Value {
    let mut counts: Map<String, Value> = Map::from_iter([("apps".to_owned(), apps.len().into())]);
    for state in [State::Declarative, State::Off, State::Idle, State::Loading, State::Loaded, State::Failed] {
        let n = apps.iter().filter(|(own, _)| *own == state).count();
        counts.insert(word(state).to_owned(), n.into());
    }
    Value::Object(counts)
}

fn app(site: &Site, entry: crate::catalog::Entry<'_>) -> (State, Value) {
    let load_time = site.edition.load_time(entry.app.id());
    let app = json!({
        "slug": entry.app.slug(),
        "state": word(entry.state),
        "core": entry.app.is_core(),
        "load_us": load_time.map(micros),
    });
    (entry.state, app)
}

/// Milliseconds to whole microseconds. The product is rounded, so that the quotient has three decimals at most.
fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// The memory that this process really takes, where the system tells it in a file.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_have_three_decimals_at_most() {
        for (nanos, expected) in [
            (0, "0.0"),
            (326_634, "0.327"),
            (326_635, "0.327"),
            (326_400, "0.326"),
            (1_000_000, "1.0"),
            (59_999_999_999, "60000.0"),
            (86_400_000_001_000, "86400000.001"),
        ] {
            assert_eq!(json!(millis(Duration::from_nanos(nanos))).to_string(), expected, "{nanos}");
        }
    }
}
