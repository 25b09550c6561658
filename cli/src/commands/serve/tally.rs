//! What one run of a host sees of the use of its apps, and what a profile has of that.

use std::collections::BTreeMap;
use std::time::Duration;

use bakehouse_manifest::profile::{Profile, Reason};
use bakehouse_runtime::registry::Why;

/// What is needed so soon after the start is needed early.
pub(super) const EARLY: Duration = Duration::from_secs(2);

/// One run so far. Times are since its start.
#[derive(Debug, Default)]
pub(super) struct Tally {
    apps: BTreeMap<&'static str, Seen>,
}

/// What was seen of an app.
#[derive(Debug, Default)]
struct Seen {
    /// When it was needed first.
    first: Option<Duration>,
    /// How often it was asked for and there until the host was ready: that was the host itself.
    hits_before: u64,
    hits: u64,
    load_time: Duration,
    why: BTreeMap<Reason, u64>,
}

impl Tally {
    /// A load begins.
    pub(super) fn begin(&mut self, app: &'static str, why: Why, at: Duration) {
        if reason(why).is_need() {
            self.need(app, at);
        }
    }

    /// A load went well.
    pub(super) fn loaded(&mut self, app: &'static str, why: Why, took: Duration) {
        let seen = self.apps.entry(app).or_default();
        *seen.why.entry(reason(why)).or_default() += 1;
        seen.load_time += took;
    }

    /// The host is ready, and an app has been asked for so often.
    pub(super) fn ready(&mut self, app: &'static str, hits: u64) {
        if hits > 0 {
            let seen = self.apps.entry(app).or_default();
            (seen.hits_before, seen.hits) = (hits, hits);
        }
    }

    /// An app has been asked for so often by now.
    pub(super) fn asked(&mut self, app: &'static str, hits: u64, at: Duration) {
        if hits > self.apps.get(app).map_or(0, |seen| seen.hits) {
            self.need(app, at);
            self.apps.entry(app).or_default().hits = hits;
        }
    }

    fn need(&mut self, app: &'static str, at: Duration) {
        self.apps.entry(app).or_default().first.get_or_insert(at);
    }

    /// What a profile has of the run.
    pub(super) fn profile(&self) -> Profile {
        let mut profile = Profile { runs: 1, apps: Vec::new() };
        for (slug, seen) in &self.apps {
            let app = profile.app(slug);
            app.runs = seen.first.is_some().into();
            app.early_runs = seen.first.is_some_and(|first| first <= EARLY).into();
            app.first_use_us = seen.first.map_or(0, micros);
            app.hits = seen.hits.saturating_sub(seen.hits_before);
            app.loads = seen.why.values().sum();
            app.load_us = micros(seen.load_time);
            for (why, loads) in &seen.why {
                app.count(why.clone(), *loads);
            }
        }
        profile
    }
}

fn reason(why: Why) -> Reason {
    match why {
        Why::Preload(pattern) => Reason::Preload(pattern.to_owned()),
        Why::Required(slug) => Reason::Required(slug.to_owned()),
        Why::Route(pattern) => Reason::Route(pattern.to_owned()),
        Why::Start => Reason::Start,
        Why::Used(slug) => Reason::Used(slug.to_owned()),
        Why::WarmUp => Reason::WarmUp,
        // Somebody needed the app, for whatever reason is told apart later.
        _ => Reason::Call,
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn app(tally: &Tally, slug: &str) -> bakehouse_manifest::profile::AppUse {
        tally.profile().app(slug).clone()
    }

    #[test]
    fn what_the_host_loads_by_itself_is_no_need() {
        let mut tally = Tally::default();
        for why in [Why::Start, Why::WarmUp, Why::Required("zoom")] {
            tally.begin("oauth", why, SECOND);
            tally.loaded("oauth", why, SECOND);
        }
        tally.ready("oauth", 2);
        tally.asked("oauth", 2, SECOND);
        let oauth = app(&tally, "oauth");
        assert_eq!((oauth.runs, oauth.early_runs, oauth.first_use_us, oauth.hits), (0, 0, 0, 0));
        assert_eq!((oauth.loads, oauth.load_us, oauth.needed_loads()), (3, 3_000_000, 0));
        tally.asked("oauth", 5, 10 * SECOND);
        let oauth = app(&tally, "oauth");
        assert_eq!((oauth.runs, oauth.early_runs, oauth.first_use_us, oauth.hits), (1, 0, 10_000_000, 3));
    }

    #[test]
    fn the_first_need_counts_and_each_load_has_its_reason() {
        let mut tally = Tally::default();
        let loads = [(Why::Route("/zoom/{id}"), 1), (Why::Used("jitsi"), 30), (Why::Route("/zoom/{id}"), 60)];
        for (why, seconds) in loads {
            tally.begin("zoom", why, seconds * SECOND);
            tally.loaded("zoom", why, SECOND);
        }
        tally.asked("zoom", 7, 90 * SECOND);
        let zoom = app(&tally, "zoom");
        assert_eq!((zoom.runs, zoom.early_runs, zoom.first_use_us, zoom.hits), (1, 1, 1_000_000, 7));
        let why = [(Reason::Route("/zoom/{id}".to_owned()), 2), (Reason::Used("jitsi".to_owned()), 1)];
        assert_eq!((zoom.loads, zoom.why.as_slice()), (3, &why[..]));
    }

    #[test]
    fn a_load_that_fails_is_a_need_and_no_load() {
        let mut tally = Tally::default();
        tally.begin("zoom", Why::Call, EARLY);
        let zoom = app(&tally, "zoom");
        assert_eq!((zoom.runs, zoom.early_runs, zoom.loads), (1, 1, 0));
    }
}
