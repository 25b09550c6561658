//! Metrics in Prometheus' text format, version 0.0.4: names begin with `bakehouse_`, times are seconds, memory is bytes.

use std::fmt::{Display, Write as _};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bakehouse_runtime::registry::AppMetrics;

use super::Metrics;
use crate::catalog::word;

/// The content type.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The metrics as text.
pub(super) fn of(metrics: &Metrics) -> String {
    let mut text = Text(String::new());
    host(&mut text, metrics);
    requests(&mut text, metrics);
    links(&mut text, metrics);
    apps(&mut text, metrics);
    text.0
}

fn host(text: &mut Text, metrics: &Metrics) {
    let performance = &metrics.performance;
    let seconds = |time: Option<Duration>| time.map(|time| time.as_secs_f64());
    let version = env!("CARGO_PKG_VERSION");
    let labels = [("host", metrics.host), ("version", version)];
    text.family("info", "gauge", "The host, which is always 1.", [(labels, 1)]);
    text.one("uptime_seconds", "Time since the host was started.", Some(metrics.uptime.as_secs_f64()));
    text.one("ready", "Whether the host is ready: 1 or 0.", Some(u8::from(metrics.is_ready)));
    text.one("startup_seconds", "Time until the start was over.", seconds(performance.startup_time));
    text.one("asset_load_seconds", "Time that the linker took at the start.", seconds(performance.asset_load_time));
    text.one("core_load_seconds", "Time that the core apps took to load.", seconds(performance.app_load_time));
    text.one("cache_hit_ratio", "How often an app was there when asked for.", performance.cache_hit_rate);
    text.one("resident_memory_bytes", "Memory that the process takes.", performance.memory_usage);
    text.one("table_edition", "Edition of the table: 1, and 1 more after each swap.", Some(metrics.edition));
}

fn requests(text: &mut Text, metrics: &Metrics) {
    let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"].into_iter().zip(metrics.requests.classes);
    let samples = classes.map(|(class, n)| ([("class", class)], n));
    text.family("requests_total", "counter", "Requests that were answered, by class of status.", samples);
    text.one("requests_in_flight", "Requests that are being answered.", Some(metrics.requests.in_flight));
}

fn links(text: &mut Text, metrics: &Metrics) {
    let Some(links) = &metrics.links else { return };
    let counts = [
        ("planned", links.planned),
        ("created", links.created),
        ("replaced", links.replaced),
        ("unchanged", links.unchanged),
        ("removed", links.removed),
        ("deferred", links.deferred),
        ("conflict", links.conflicts),
        ("failed", links.failed),
    ];
    let samples = counts.map(|(outcome, n)| ([("outcome", outcome)], n));
    text.family("links", "gauge", "Links of the start: those planned, and what became of them.", samples);
}

fn apps(text: &mut Text, metrics: &Metrics) {
    let states = metrics.states().map(|(state, n)| ([("state", word(state))], n));
    text.family("apps", "gauge", "Apps by state.", states);
    let apps: Vec<_> = metrics.apps.iter().filter_map(|app| Some((app.slug, app.counted?))).collect();
    let mut counter = |name: &str, help: &str, count: fn(&AppMetrics) -> u64| {
        let samples = apps.iter().map(|(slug, app)| ([("app", *slug)], count(app)));
        text.family(name, "counter", help, samples);
    };
    counter("app_loads_total", "How often the app was loaded.", |app| app.loads);
    counter("app_load_errors_total", "How often the app failed to load.", |app| app.errors);
    counter("app_hits_total", "How often the app was asked for and there.", |app| app.hits);
    counter("app_misses_total", "How often the app was to be loaded and not there.", |app| app.misses);
    counter("app_evictions_total", "How often the app was taken out to make room.", |app| app.evictions);
    let times = apps.iter().map(|(slug, app)| ([("app", *slug)], app.load_time.as_secs_f64()));
    text.family("app_load_seconds_total", "counter", "Time that the loads of the app took.", times);
    let used = apps.iter().filter_map(|(slug, app)| Some(([("app", *slug)], timestamp(app.last_used?)?)));
    text.family("app_last_used_timestamp_seconds", "gauge", "When the app was last used.", used);
}

/// A date as seconds since 1970.
fn timestamp(at: Instant) -> Option<f64> {
    let at = SystemTime::now().checked_sub(at.elapsed())?;
    Some((at.duration_since(UNIX_EPOCH).ok()?.as_secs_f64() * 1e3).round() / 1e3)
}

/// The text as far as it is written.
struct Text(String);

impl Text {
    /// A gauge without labels, if its value is known.
    fn one(&mut self, name: &str, help: &str, value: Option<impl Display>) {
        self.family(name, "gauge", help, value.map(|value| ([], value)));
    }

    /// A family of samples; nothing if it has none.
    fn family<'l, const N: usize>(
        &mut self,
        name: &str,
        kind: &str,
        help: &str,
        samples: impl IntoIterator<Item = ([(&'l str, &'l str); N], impl Display)>,
    ) {
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_none() {
            return;
        }
        // Writing to a string can't fail.
        let _ = writeln!(self.0, "# HELP bakehouse_{name} {help}\n# TYPE bakehouse_{name} {kind}");
        for (labels, value) in samples {
            let _ = writeln!(self.0, "bakehouse_{name}{} {value}", braced(&labels));
        }
    }
}

fn braced(labels: &[(&str, &str)]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let labels: Vec<_> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    format!("{{{}}}", labels.join(","))
}

/// The value of a label as it is written between quotes.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped() {
        let mut text = Text(String::new());
        text.family("x", "gauge", "Help.", [([("a", "q\"b\\n\n"), ("b", "é{}")], 0.5)]);
        let expected =
            "# HELP bakehouse_x Help.\n# TYPE bakehouse_x gauge\nbakehouse_x{a=\"q\\\"b\\\\n\\n\",b=\"é{}\"} 0.5\n";
        assert_eq!(text.0, expected);
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let mut text = Text(String::new());
        text.one("x", "Help.", None::<u8>);
        text.family("y", "gauge", "Help.", Vec::<([(&str, &str); 1], u8)>::new());
        assert_eq!(text.0, "");
    }
}
