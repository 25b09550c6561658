//! `profile-unknown-app`, `profile-core`, `profile-preload`: what the profile has to say about the manifests. Notes, all of
//! them: what was recorded is evidence, and the author decides.

mod core;
mod preload;

use crate::diagnostics::Diagnostic;
use crate::model::{HostProfile, Model, Recorded};

/// A proposal stands on this many runs, or loads, at least.
const LEAST: u64 = 3;
/// The most unknown apps that are named.
const MAX_NAMED: usize = 8;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let Some(profile) = &model.host.profile else { return };
    let Some(recorded) = &profile.recorded else { return };
    diagnostics.extend(unknown_apps(profile, recorded));
    core::check(model, profile, recorded, diagnostics);
    preload::check(model, recorded, diagnostics);
}

fn unknown_apps(profile: &HostProfile, recorded: &Recorded) -> Option<Diagnostic> {
    let n = recorded.unknown.len();
    let named: Vec<_> = recorded.unknown.iter().take(MAX_NAMED).map(|slug| format!("`{slug}`")).collect();
    let more = if n > MAX_NAMED { format!(" and {} more", n - MAX_NAMED) } else { String::new() };
    let message = format!(
        "profile `{}` speaks of apps that this host does not have: {}{more}",
        profile.path.value,
        named.join(", ")
    );
    let note = Diagnostic::note("profile-unknown-app", profile.path.place, message);
    (n > 0).then(|| note.help("they are passed over; an app that was renamed keeps its old slug as an alias"))
}

/// Whether a part is nine tenths of the whole or more.
fn is_nearly_all(part: u64, whole: u64) -> bool {
    part.saturating_mul(10) >= whole.saturating_mul(9)
}

/// A list of names as a manifest has it.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.map(|name| format!("\"{name}\"")).collect();
    format!("[{}]", names.join(", "))
}
