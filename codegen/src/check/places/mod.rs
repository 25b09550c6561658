//! The rules about places in the public folder. All look at one list of what goes where, sorted part by part.

mod case_clash;
mod conflict;
mod reserved_name;
mod shadowed;

use crate::diagnostics::Diagnostic;
use crate::model::{App, Model};
use crate::plan::links::{Placement, placements};

pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let placements = placements(model);
    case_clash::check(model, &placements, diagnostics);
    conflict::check(model, &placements, diagnostics);
    reserved_name::check(model, &placements, diagnostics);
    shadowed::check(model, &placements, diagnostics);
}

fn app_of<'m>(model: &'m Model, placement: &Placement<'_>) -> Option<&'m App> {
    model.apps.get(placement.app)
}

fn slug_of<'m>(model: &'m Model, placement: &Placement<'_>) -> &'m str {
    app_of(model, placement).map_or("", |app| app.slug.value.as_str())
}
