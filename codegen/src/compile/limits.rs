//! What a plan may cost.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Compiler, MAX_PROBES};
use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::plan::{NoPerfectHash, Plan};
use crate::source::FileId;

impl Compiler {
    pub(super) fn no_perfect_hash(&mut self, file: FileId, error: NoPerfectHash) {
        let help = "change any route; it would take a flaw of the hash, or somebody who means it, to meet this";
        self.diagnostics.push(Diagnostic::error("route-limit", file.start(), error.to_string()).help(help));
    }

    /// Names the app that has the most patterns with params, where the branching comes from.
    pub(super) fn too_many_visits(&mut self, model: &Model, plan: &Plan) {
        let mut n_routes: BTreeMap<usize, usize> = BTreeMap::new();
        for planned in &plan.routes {
            let route = model.apps.get(planned.app).and_then(|app| app.routes.get(planned.route));
            if route.is_some_and(|route| route.pattern.as_ref().is_ok_and(|pattern| pattern.params().next().is_some()))
            {
                *n_routes.entry(planned.app).or_default() += 1;
            }
        }
        let most = n_routes.into_iter().max_by_key(|(app, n)| (*n, Reverse(*app)));
        let Some((app, n)) = most.and_then(|(app, n)| Some((model.apps.get(app)?, n))) else { return };
        let place = app.routes.first().map_or(app.slug.place, |route| route.place);
        let bound = plan.index.probe_bound;
        let message = format!("a path could visit {bound} nodes of the route index, but {MAX_PROBES} is the most");
        let help = format!(
            "most branching comes from the {n} patterns with params of app `{}`; begin them with literal segments",
            app.slug.value
        );
        self.diagnostics.push(Diagnostic::error("route-limit", place, message).help(help));
    }
}
