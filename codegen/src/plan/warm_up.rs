//! The order of the warm-up: which apps a host loads before they are needed, by what the profile recorded.

use std::cmp::Reverse;

use crate::model::Model;

/// Apps with code that are not core, and that something needed: first those that more runs needed, of these those that
/// were used more often.
pub(super) fn warm_up(model: &Model) -> Vec<usize> {
    let recorded = model.host.profile.as_ref().and_then(|profile| profile.recorded.as_ref());
    let core = model.targets(&model.host.core);
    let mut apps: Vec<_> = recorded
        .iter()
        .flat_map(|recorded| &recorded.uses)
        .filter(|used| used.runs > 0)
        .filter_map(|used| Some((model.number(&used.slug)?, used)))
        .filter(|(app, _)| !core.contains(app) && model.apps.get(*app).is_some_and(|app| app.entry.is_some()))
        .collect();
    apps.sort_by_key(|(app, used)| (Reverse(used.runs), Reverse(used.hits.saturating_add(used.needed_loads())), *app));
    apps.into_iter().map(|(app, _)| app).collect()
}
