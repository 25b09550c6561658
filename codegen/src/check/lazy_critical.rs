//! `lazy-critical`: no set is both linked when it is first needed and in place before the host answers.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::model::Model;

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let sets = model.apps.iter().flat_map(|app| &app.assets).filter(|set| set.lazy);
    // A set of the host's `each` is in many apps, and told about once.
    let critical: BTreeMap<_, _> = sets.filter_map(|set| Some((set.critical.first()?.place, set))).collect();
    for (place, set) in critical {
        let message = format!("asset set `{}` is lazy and has critical files", set.from.value);
        let help = "leave out `lazy`, so that the set is linked before the host answers, or leave out `critical`";
        diagnostics.push(Diagnostic::error("lazy-critical", place, message).help(help));
    }
}
