//! `profile-preload`: apps that are nearly always loaded because another uses them, so that they could load along with it.

use bakehouse_manifest::profile::{AppUse, Reason};

use super::{LEAST, is_nearly_all, list};
use crate::diagnostics::Diagnostic;
use crate::model::{App, Model, Recorded, Route};

/// An app that could be preloaded by a route of the app that uses it.
struct Proposal<'a> {
    used: &'a AppUse,
    by: &'a App,
    /// How many of its loads were because that app used it.
    n_loads: u64,
    route: &'a Route,
}

pub(super) fn check(model: &Model, recorded: &Recorded, diagnostics: &mut Vec<Diagnostic>) {
    let core = model.targets(&model.host.core);
    let is_core = |used: &&AppUse| model.number(&used.slug).is_some_and(|app| core.contains(&app));
    let others = recorded.uses.iter().filter(|used| !is_core(used));
    let proposals: Vec<_> = others.filter_map(|used| proposal(model, recorded, used)).collect();
    diagnostics.extend(proposals.iter().map(|it| note(it, &proposals)));
}

fn proposal<'a>(model: &'a Model, recorded: &'a Recorded, used: &'a AppUse) -> Option<Proposal<'a>> {
    let (slug, n_loads) = used.why.iter().filter_map(by_user).max_by_key(|(_, n)| *n)?;
    let by = model.resolve(slug)?;
    let route = usual_route(by, recorded)?;
    let is_preloaded = model.targets(&route.preload).contains(&model.number(&used.slug)?);
    let is_usual = n_loads >= LEAST && is_nearly_all(n_loads, used.needed_loads());
    (is_usual && !is_preloaded).then_some(Proposal { used, by, n_loads, route })
}

/// What is proposed, with all that the route would preload if every proposal for it were taken.
fn note(it: &Proposal<'_>, all: &[Proposal<'_>]) -> Diagnostic {
    let (slug, user, loads) = (&it.used.slug, &it.by.slug.value, it.used.needed_loads());
    let of_route = all.iter().filter(|other| other.route.place == it.route.place);
    let known = it.route.preload.iter().map(|app| app.name.as_str());
    let names = list(known.chain(of_route.map(|other| other.used.slug.as_str())));
    let n = it.n_loads;
    let message = format!("app `{slug}` could be preloaded: {n} of its {loads} loads were because `{user}` used it");
    let route = &it.route.text;
    let help = format!("write `preload = {names}` for the route `{route}`, by which `{user}` is loaded mostly");
    Diagnostic::note("profile-preload", it.route.place, message).help(help)
}

fn by_user((why, loads): &(Reason, u64)) -> Option<(&str, u64)> {
    if let Reason::Used(user) = why { Some((user, *loads)) } else { None }
}

/// The route of the app's own by which it is loaded most often.
fn usual_route<'a>(app: &'a App, recorded: &Recorded) -> Option<&'a Route> {
    let used = recorded.uses.iter().find(|used| used.slug == app.slug.value)?;
    let route = |(why, loads): &(Reason, u64)| {
        let Reason::Route(pattern) = why else { return None };
        let route = app.routes.iter().find(|route| route.text == *pattern && route.place.file == app.file)?;
        Some((route, *loads))
    };
    used.why.iter().filter_map(route).max_by_key(|(_, loads)| *loads).map(|(route, _)| route)
}
