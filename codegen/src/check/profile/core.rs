//! `profile-core`: apps that nearly every run needs at once, and that are not loaded at start.

use bakehouse_manifest::profile::AppUse;

use super::{LEAST, is_nearly_all, list};
use crate::diagnostics::Diagnostic;
use crate::model::{HostProfile, Model, Recorded};

pub(super) fn check(model: &Model, profile: &HostProfile, recorded: &Recorded, diagnostics: &mut Vec<Diagnostic>) {
    if recorded.runs < LEAST {
        return;
    }
    let core = model.targets(&model.host.core);
    let may_be_core = |used: &&AppUse| {
        let app = model.number(&used.slug).filter(|app| !core.contains(app)).and_then(|app| model.apps.get(app));
        app.is_some_and(|app| app.entry.is_some() && app.enabled)
    };
    let proposed = recorded.uses.iter().filter(may_be_core);
    let proposed: Vec<_> = proposed.filter_map(|used| Some((used, evidence(used, recorded)?))).collect();
    let names = model.host.core.iter().map(|app| app.name.as_str());
    let names = list(names.chain(proposed.iter().map(|(used, _)| used.slug.as_str())));
    let place = model.host.core.last().map_or(profile.path.place, |app| app.place);
    diagnostics.extend(proposed.iter().map(|(used, evidence)| {
        let message = format!("app `{}` could be a core app: {evidence}", used.slug);
        Diagnostic::note("profile-core", place, message).help(format!("write `core = {names}` under `[host]`"))
    }));
}

/// Why an app could be a core app, if it could.
fn evidence(used: &AppUse, recorded: &Recorded) -> Option<String> {
    let all_hits: u64 = recorded.uses.iter().map(|used| used.hits).sum();
    if is_nearly_all(used.early_runs, recorded.runs) {
        let (n, runs) = (used.early_runs, recorded.runs);
        return Some(format!("{n} of {runs} runs needed it within two seconds of their start"));
    }
    let is_most = is_nearly_all(used.runs, recorded.runs) && used.hits.saturating_mul(2) > all_hits;
    let counts = (used.runs, recorded.runs, used.hits);
    is_most.then(|| {
        format!("{} of {} runs needed it, and {} of {all_hits} calls were for it", counts.0, counts.1, counts.2)
    })
}
