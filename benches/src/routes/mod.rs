//! Lookups of routes, against `phf` where all are literal and against `matchit` elsewhere.

mod contest;
mod paths;
mod peers;
mod real;

use bakehouse_runtime::Table;

use crate::host::{App, bake, keep, slug};
use crate::{Report, Result, Scale};
use contest::Peer as _;

/// Routes, and paths that they serve.
struct Set {
    name: String,
    table: Table<'static>,
    hits: Vec<Hit>,
    /// How many times faster than the peer ours has to be.
    faster: f64,
}

/// A pattern and a path that it serves.
struct Hit {
    /// The pattern's, the same in the peer.
    number: u32,
    pattern: String,
    path: String,
}

fn hits(patterns_and_paths: impl Iterator<Item = (String, String)>) -> Vec<Hit> {
    patterns_and_paths.zip(0..).map(|((pattern, path), number)| Hit { number, pattern, path }).collect()
}

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    for size in [100, 1_000, 10_000, 100_000] {
        let set = literal(scale.size(size))?;
        let map = peers::phf_map(&set.hits);
        contest::measure(&set, &map, scale, report)?;
    }
    for (size, faster) in [(100, 3.0), (1_000, 4.0), (10_000, 8.0)] {
        against_matchit(mixed(scale.size(size), faster)?, scale, report)?;
    }
    if !scale.outside {
        return Ok(());
    }
    for set in real::sets(report)? {
        against_matchit(set, scale, report)?;
    }
    Ok(())
}

/// Leaves out the routes that matchit refuses, and those of whose paths it has another opinion.
fn against_matchit(mut set: Set, scale: Scale, report: &mut Report) -> Result<()> {
    let (router, refused) = peers::matchit(&set.hits);
    let before = set.hits.len() - refused;
    set.hits.retain(|hit| router.find(&hit.path).is_some_and(|found| *found.value == hit.number));
    let otherwise = before - set.hits.len();
    if otherwise + refused > 0 {
        report.note(format!(
            "{}: left out for both are {refused} patterns that matchit refuses and {otherwise} paths that it gives to another",
            set.name
        ));
    }
    contest::measure(&set, &router, scale, report)
}

/// A host whose routes are all literal, a hundred an app.
fn literal(n_routes: usize) -> Result<Set> {
    const RESOURCES: [&str; 5] = ["users", "events/upcoming", "webhooks", "v2/booking-links", "oauth/token"];
    let n_apps = n_routes.div_ceil(100);
    let app = |idx: usize| {
        let slug = slug(idx);
        let pattern =
            |at: usize| format!("/{slug}/{}/{at}", RESOURCES.iter().cycle().nth(at % 5).map_or("", |name| name));
        App { patterns: (0..100.min(n_routes)).map(pattern).collect(), slug: slug.clone(), entry: "" }
    };
    let apps: Vec<App> = (0..n_apps).map(app).collect();
    let hits = hits(apps.iter().flat_map(|app| &app.patterns).map(|pattern| (pattern.clone(), pattern.clone())));
    Ok(Set { name: format!("static, {n_routes} routes"), table: keep(bake(&apps)?)?, hits, faster: 3.0 })
}

/// A host whose apps have three routes each, as those of cal.com's store.
fn mixed(n_apps: usize, faster: f64) -> Result<Set> {
    let apps: Vec<App> = (0..n_apps).map(like_calcom).collect();
    let served = apps.iter().flat_map(|app| &app.patterns).map(|pattern| {
        let path = pattern.replace("{*rest}", "callback");
        (pattern.clone(), path)
    });
    Ok(Set { name: format!("mixed, {n_apps} apps"), hits: hits(served), table: keep(bake(&apps)?)?, faster })
}

/// An app with the routes that each of cal.com's has.
pub(crate) fn like_calcom(idx: usize) -> App {
    let slug = slug(idx);
    let patterns =
        vec![format!("/api/integrations/{slug}/{{*rest}}"), format!("/apps/{slug}"), format!("/apps/{slug}/setup")];
    App { slug, entry: "", patterns }
}
