//! What a plan may cost.

use std::collections::HashSet;

use super::{Compiler, MAX_PROBES};
use crate::diagnostics::{Diagnostic, Label};
use crate::model::{App, Model};
use crate::plan::{NoPerfectHash, Plan};
use crate::source::{FileId, Place};

/// How many routes are named of those that are too many.
const MAX_NAMED: usize = 3;

impl Compiler {
    pub(super) fn no_perfect_hash(&mut self, file: FileId, error: NoPerfectHash) {
        let help = "change any route; it would take a flaw of the hash, or somebody who means it, to meet this";
        self.diagnostics.push(Diagnostic::error("route-limit", file.start(), error.to_string()).help(help));
    }

    /// Names the first of the routes that one path may have looked at, one behind another.
    pub(super) fn too_many_probes(&mut self, file: FileId, model: &Model, plan: &Plan) {
        let numbers = plan.index.worst_way();
        let mut routes: Vec<(&App, Place)> = numbers.iter().filter_map(|number| placed(model, plan, *number)).collect();
        // A pattern that the host gives every app stands in one place.
        let mut seen = HashSet::new();
        routes.retain(|(_, place)| seen.insert(*place));
        let mut seen = HashSet::new();
        let (of_others, more): (Vec<_>, Vec<_>) =
            routes.into_iter().partition(|(app, _)| seen.insert(app.folder.as_str()));
        let message = format!(
            "a path could have {} nodes and routes of the route index looked at, but {MAX_PROBES} is the most",
            plan.index.probe_bound
        );
        let help = format!(
            "{} routes, of which some are shown, may be tried for one path; give them literal segments, or literal text at the \
             beginning or the end of a segment, in which they differ",
            numbers.len()
        );
        let mut diagnostic = Diagnostic::error("route-limit", file.start(), message).help(help);
        // One of each app first.
        diagnostic.labels = of_others.into_iter().chain(more).take(MAX_NAMED).map(of_app).collect();
        self.diagnostics.push(diagnostic);
    }
}

fn of_app((app, place): (&App, Place)) -> Label {
    Label { place, text: format!("of app `{}`", app.slug.value) }
}

/// The app of a route, and where its pattern is written.
fn placed<'m>(model: &'m Model, plan: &Plan, number: usize) -> Option<(&'m App, Place)> {
    let planned = plan.routes.get(number)?;
    let app = model.apps.get(planned.app)?;
    Some((app, app.routes.get(planned.route)?.place))
}
