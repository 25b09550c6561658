//! What a host knows of itself: collected when somebody asks, for the program around it, as JSON, or for Prometheus.

mod json;
mod prometheus;

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bakehouse_runtime::registry::{AppMetrics, State};
use serde_json::Value;

pub(crate) use self::prometheus::CONTENT_TYPE as PROMETHEUS;
pub use crate::counters::RequestMetrics;
use crate::host::Host;
pub use crate::progress::LinkMetrics;
use crate::site::Site;

/// A view of a running host, for as long as somebody keeps it.
#[derive(Clone)]
pub struct Observation(Arc<Host>);

/// A host at one moment. Counts of different things may be of slightly different moments.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Metrics {
    /// The host's name.
    pub host: &'static str,
    /// How long it is since the host was started.
    pub uptime: Duration,
    /// Whether `/readyz` says that it is ready.
    pub is_ready: bool,
    /// How well it is doing.
    pub performance: PerformanceMetrics,
    /// What became of requests.
    pub requests: RequestMetrics,
    /// What came of the link plan; `None` until it was carried out.
    pub links: Option<LinkMetrics>,
    /// The edition of the registry: 1, and one more after each swap of the table.
    pub edition: u64,
    /// Every app, sorted by slug.
    pub apps: Vec<AppReport>,
}

/// How well a host is doing. What is not known yet, or not on this system, is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct PerformanceMetrics {
    /// From the call of [`serve`](crate::serve()) until the start was over.
    pub startup_time: Option<Duration>,
    /// How long the linker took at the start.
    pub asset_load_time: Option<Duration>,
    /// How long the core apps took to load at the start, all together.
    pub app_load_time: Option<Duration>,
    /// How often an app was there when it was asked for, from 0 to 1; `None` before any was.
    pub cache_hit_rate: Option<f64>,
    /// The memory that the process takes, in bytes.
    pub memory_usage: Option<u64>,
}

/// What is known of one app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppReport {
    /// Its slug.
    pub slug: &'static str,
    /// Whether it is a core app.
    pub is_core: bool,
    /// What is known of its code.
    pub state: State,
    /// What was counted of it; `None` for an app without code.
    pub counted: Option<AppMetrics>,
}

impl Observation {
    pub(crate) fn new(host: Arc<Host>) -> Self {
        Self(host)
    }

    /// The host as it is now.
    pub fn metrics(&self) -> Metrics {
        Metrics::collect(&self.0)
    }
}

impl Debug for Observation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observation").finish_non_exhaustive()
    }
}

impl Metrics {
    pub(crate) fn collect(host: &Host) -> Self {
        let site = host.site();
        let edition = site.edition;
        let counted = edition.metrics();
        let report = |app: bakehouse_runtime::table::AppRecord<'static>| {
            // Sorted by slug as the apps of the table, whose numbers are in that order.
            let idx = counted.binary_search_by_key(&app.id(), |counted| counted.app).ok();
            let counted = idx.and_then(|idx| counted.get(idx)).copied();
            AppReport { slug: app.slug(), is_core: app.is_core(), state: edition.state(app.id()), counted }
        };
        let apps: Vec<AppReport> = edition.table().apps().map(report).collect();
        Self {
            host: edition.table().host_name(),
            uptime: host.began.elapsed(),
            is_ready: host.obstacle(&site).is_none(),
            performance: PerformanceMetrics::collect(host, &site, &apps),
            requests: host.counters.total(),
            links: site.assets.links.get().cloned(),
            edition: edition.number(),
            apps,
        }
    }

    /// All of it as `/metrics` shows it to who reads JSON. What is not known is null.
    pub fn to_json(&self) -> Value {
        json::of(self, Instant::now())
    }

    /// All of it in Prometheus' text format, version 0.0.4. What is not known is left out, and so are apps without code.
    pub fn to_prometheus(&self) -> String {
        prometheus::of(self)
    }

    /// How many apps are in each state.
    fn states(&self) -> impl Iterator<Item = (State, usize)> {
        let states = [State::Declarative, State::Off, State::Idle, State::Loading, State::Loaded, State::Failed];
        states.into_iter().map(|state| (state, self.apps.iter().filter(|app| app.state == state).count()))
    }
}

impl PerformanceMetrics {
    fn collect(host: &Host, site: &Site, apps: &[AppReport]) -> Self {
        let progress = &host.progress;
        Self {
            startup_time: progress.start_time.get().copied(),
            asset_load_time: site.assets.links.get().and_then(|links| links.took),
            app_load_time: progress.load_time.get().copied(),
            cache_hit_rate: cache_hit_rate(apps.iter().filter_map(|app| app.counted)),
            memory_usage: resident_bytes(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a rate of counts beyond 2^53 is as good as exact")]
fn cache_hit_rate(counted: impl Iterator<Item = AppMetrics>) -> Option<f64> {
    let (hits, misses) = counted.fold((0, 0), |(hits, misses), app| (hits + app.hits, misses + app.misses));
    (hits + misses > 0).then(|| hits as f64 / (hits + misses) as f64)
}

/// The memory that this process really takes, where the system tells it in a file.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}
