//! Made-up hosts: literal routes, and apps like those of cal.com's store.

use super::Planned;
use crate::host::{App, bake, keep, slug};
use crate::routes::set::Set;
use crate::{Result, Scale};

pub(super) fn sets(scale: Scale) -> Vec<Planned> {
    let literal = [100, 1_000, 10_000, 100_000].map(|size| {
        let n_routes = scale.size(size);
        Planned::new(format!("static, {n_routes} routes"), move |name| literal(name, n_routes))
    });
    let mixed = [(100, 3.0), (1_000, 4.0), (10_000, 8.0)].map(|(size, faster)| {
        let n_apps = scale.size(size);
        Planned::new(format!("cal.com-like, {n_apps} apps"), move |name| mixed(name, n_apps, faster))
    });
    literal.into_iter().chain(mixed).collect()
}

/// A host whose routes are all literal, a hundred an app.
fn literal(name: &str, n_routes: usize) -> Result<Set> {
    const RESOURCES: [&str; 5] = ["users", "events/upcoming", "webhooks", "v2/booking-links", "oauth/token"];
    let app = |idx: usize| {
        let slug = slug(idx);
        let pattern =
            |at: usize| format!("/{slug}/{}/{at}", RESOURCES.iter().cycle().nth(at % 5).map_or("", |name| name));
        App { patterns: (0..100.min(n_routes)).map(pattern).collect(), slug: slug.clone(), entry: "" }
    };
    let apps: Vec<App> = (0..n_routes.div_ceil(100)).map(app).collect();
    let served = apps.iter().flat_map(|app| &app.patterns).map(|pattern| (pattern.clone(), pattern.clone()));
    Ok(Set::new(name, keep(bake(&apps)?)?, served)?.budget("phf", 3.0))
}

/// A host whose apps have three routes each, as those of cal.com's store.
fn mixed(name: &str, n_apps: usize, faster: f64) -> Result<Set> {
    let apps: Vec<App> = (0..n_apps).map(like_calcom).collect();
    let served = apps.iter().flat_map(|app| &app.patterns).map(|pattern| {
        let path = pattern.replace("{*rest}", "callback");
        (pattern.clone(), path)
    });
    Ok(Set::new(name, keep(bake(&apps)?)?, served)?.budget("matchit", faster))
}

/// An app with the routes that each of cal.com's has.
fn like_calcom(idx: usize) -> App {
    let slug = slug(idx);
    let patterns =
        vec![format!("/api/integrations/{slug}/{{*rest}}"), format!("/apps/{slug}"), format!("/apps/{slug}/setup")];
    App { slug, entry: "", patterns }
}
