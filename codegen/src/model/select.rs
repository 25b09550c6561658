//! A selection: the apps that one build bakes.

use std::collections::{BTreeSet, HashMap};

use super::{App, AppRef, Model};

/// A selection that the host manifest does not have.
#[derive(Debug)]
pub(crate) struct UnknownSelection;

/// The model with nothing but the apps of a selection and all that they require. References to apps that are left out go
/// with them.
pub(crate) fn select(mut model: Model, wanted: &str) -> Result<Model, UnknownSelection> {
    let selection = model.host.selections.iter().find(|selection| selection.name.value == wanted);
    let mut open: Vec<usize> = match (selection, wanted) {
        (Some(selection), _) => selection.apps.iter().flat_map(|app| members(&model, app)).collect(),
        (None, "@core") => model.targets(&model.host.core),
        (None, _) => return Err(UnknownSelection),
    };
    let mut kept = BTreeSet::new();
    while let Some(idx) = open.pop() {
        if kept.insert(idx) {
            open.extend(model.apps.get(idx).map(|app| model.targets(&app.requires)).unwrap_or_default());
        }
    }
    let numbers: HashMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    model.names = model.names.into_iter().filter_map(|(name, idx)| Some((name, *numbers.get(&idx)?))).collect();
    let mut idx = 0..;
    model.apps.retain(|_| idx.next().is_some_and(|idx| kept.contains(&idx)));
    let names = &model.names;
    let keep = |references: &mut Vec<AppRef>| references.retain(|reference| names.contains_key(&reference.name));
    keep(&mut model.host.core);
    model.apps.iter_mut().for_each(|app| keep_references(app, keep));
    Ok(model)
}

fn members(model: &Model, app: &AppRef) -> Vec<usize> {
    if app.name == "@core" { model.targets(&model.host.core) } else { model.target(app).into_iter().collect() }
}

fn keep_references(app: &mut App, keep: impl Fn(&mut Vec<AppRef>)) {
    keep(&mut app.requires);
    keep(&mut app.uses);
    for route in &mut app.routes {
        keep(&mut route.preload);
        keep(&mut route.overrides);
    }
}
