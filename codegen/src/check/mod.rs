//! The rules: what must hold for the model before anything is planned. A rule is a file; each looks at the whole model
//! and reports everything that breaks it, so that all independent problems come at once.
//!
//! To add a rule: write `check/<rule>.rs` with a `check` function, list it in [`RULES`], give its code a page in
//! `src/explain` and a line in `docs/errors`, and a case in `tests/check`.

mod alias;
mod asset_critical;
mod asset_source;
mod contents;
mod dependency;
mod entry;
mod file_reference;
mod flag_clash;
mod function_name;
mod heavy_core;
mod lazy_critical;
mod method;
mod name_case;
mod name_taken;
mod path;
mod pattern;
mod places;
mod prefix;
mod profile;
mod public_in_root;
mod requires_circle;
mod routes;
mod slug;
mod unknown_app;

pub(crate) use contents::{ASSET_TYPE, check as check_contents, check_deep};
pub use function_name::function_name;
pub use slug::slug_help;

use bakehouse_manifest::nearest;

use crate::diagnostics::Diagnostic;
use crate::model::Model;

type Rule = fn(&Model, &mut Vec<Diagnostic>);

const RULES: &[Rule] = &[
    alias::check,
    asset_critical::check,
    asset_source::check,
    dependency::check,
    entry::check,
    file_reference::check,
    flag_clash::check,
    function_name::check,
    heavy_core::check,
    lazy_critical::check,
    method::check,
    name_case::check,
    name_taken::check,
    path::check,
    pattern::check,
    places::check,
    prefix::check,
    profile::check,
    public_in_root::check,
    requires_circle::check,
    routes::check,
    slug::check,
    unknown_app::check,
];

/// Checks every rule.
pub(crate) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for rule in RULES {
        rule(model, diagnostics);
    }
}

/// A help line that names the nearest right name; empty where none is near.
fn did_you_mean<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(wanted, known).map_or_else(String::new, |near| format!("did you mean `{near}`?"))
}
