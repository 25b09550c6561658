//! Metrics in JSON: times in milliseconds, seconds or microseconds as their names say, memory in bytes.

use std::time::{Duration, Instant};

use bakehouse_runtime::registry::{AppMetrics, LastLoad};
use serde_json::{Map, Value, json};

use super::{AppReport, Metrics, PerformanceMetrics};
use crate::catalog::word;
use crate::counters::RequestMetrics;
use crate::event::micros;

/// The metrics, with dates as times before `now`.
pub(super) fn of(metrics: &Metrics, now: Instant) -> Value {
    json!({
        "host": metrics.host,
        "uptime": seconds(metrics.uptime),
        "ready": metrics.is_ready,
        "performance": performance(&metrics.performance),
        "requests": requests(metrics.requests),
        "links": metrics.links.as_ref().map(|links| &links.shown),
        "registry": registry(metrics),
        "apps": metrics.apps.iter().map(|report| app(report, now)).collect::<Vec<_>>(),
    })
}

fn performance(performance: &PerformanceMetrics) -> Value {
    json!({
        "startupTime": performance.startup_time.map(millis),
        "assetLoadTime": performance.asset_load_time.map(millis),
        "appLoadTime": performance.app_load_time.map(millis),
        "cacheHitRate": performance.cache_hit_rate,
        "memoryUsage": performance.memory_usage,
    })
}

fn requests(requests: RequestMetrics) -> Value {
    let [informational, successful, redirected, refused, failed] = requests.classes;
    json!({
        "inFlight": requests.in_flight,
        "1xx": informational,
        "2xx": successful,
        "3xx": redirected,
        "4xx": refused,
        "5xx": failed,
    })
}

/// How many apps there are, and how many in each state.
fn registry(metrics: &Metrics) -> Value {
    let states = metrics.states().map(|(state, n)| (word(state).to_owned(), n.into()));
    let total = [("edition".to_owned(), metrics.edition.into()), ("apps".to_owned(), metrics.apps.len().into())];
    Value::Object(total.into_iter().chain(states).collect())
}

fn app(report: &AppReport, now: Instant) -> Value {
    let mut app = json!({ "slug": report.slug, "state": word(report.state), "core": report.is_core });
    if let Value::Object(app) = &mut app {
        app.extend(counted(report.counted.as_ref(), now));
    }
    app
}

fn counted(counted: Option<&AppMetrics>, now: Instant) -> Map<String, Value> {
    let number = |count: fn(&AppMetrics) -> u64| Value::from(counted.map(count));
    let counted = [
        ("loads", number(|app| app.loads)),
        ("load_us", number(|app| micros(app.load_time))),
        ("errors", number(|app| app.errors)),
        ("hits", number(|app| app.hits)),
        ("misses", number(|app| app.misses)),
        ("evictions", number(|app| app.evictions)),
        ("last_used", counted.and_then(|app| app.last_used).map(|at| ago(at, now)).into()),
        ("last_load", counted.and_then(|app| app.last_load).map(|load| last_load(load, now)).into()),
    ];
    counted.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn last_load(load: LastLoad, now: Instant) -> Value {
    json!({ "why": load.why.to_string(), "ago": ago(load.at, now), "took_us": micros(load.took) })
}

/// How long ago something was, in seconds.
fn ago(at: Instant, now: Instant) -> f64 {
    seconds(now.saturating_duration_since(at))
}

/// Seconds to whole milliseconds.
fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e3).round() / 1e3
}

/// Milliseconds to whole microseconds. The product is rounded, so that the quotient has three decimals at most.
fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
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
