//! `asset-conflict`: no two assets want one place in the public folder, and none wants a place below another's file.

use std::collections::HashSet;

use super::{app_of, slug_of};
use crate::check::name_taken::share_a_name;
use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::plan::links::{Placement, is_at_or_below};

pub(super) fn check(model: &Model, placements: &[Placement<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let mut told = HashSet::new();
    // Sorted part by part, so that what lies below a file follows it directly.
    let mut above: Option<&Placement<'_>> = None;
    for placement in placements {
        let Some(first) = above.filter(|above| is_at_or_below(&placement.public, &above.public)) else {
            above = Some(placement);
            continue;
        };
        let is_new = told.insert((first.place(), placement.place()));
        if is_new && !is_same_matter(model, first, placement) {
            diagnostics.push(conflict(model, first, placement));
        }
    }
}

/// Whether the two apps claim one name: that their places clash follows from that, and is not told as well.
fn is_same_matter(model: &Model, first: &Placement<'_>, second: &Placement<'_>) -> bool {
    match (app_of(model, first), app_of(model, second)) {
        (Some(a), Some(b)) => share_a_name(a, b),
        _ => false,
    }
}

fn conflict(model: &Model, first: &Placement<'_>, second: &Placement<'_>) -> Diagnostic {
    let slug = |placement| slug_of(model, placement);
    if first.place() == second.place() && first.app != second.app {
        let message =
            format!("asset set `{}` is given to every app alike, but has one place for all", first.set.from.value);
        let help = "put `$slug` into its `to`, or into `mount` if it has none, so that each app has its own place";
        return Diagnostic::error("asset-conflict", second.place(), message)
            .label(format!("among others of the apps `{}` and `{}`", slug(first), slug(second)))
            .help(help);
    }
    let path = String::from_utf8_lossy(&first.public);
    let message = if first.public == second.public {
        format!("two assets want the place `{path}` in the public folder")
    } else {
        let below = String::from_utf8_lossy(&second.public);
        format!("`{below}` in the public folder would lie below `{path}`, which is a file")
    };
    Diagnostic::error("asset-conflict", second.place(), message)
        .label(format!("`{}` of app `{}`", String::from_utf8_lossy(&second.source), slug(second)))
        .also(first.place(), format!("`{}` of app `{}`", String::from_utf8_lossy(&first.source), slug(first)))
        .help("give one of the sets another `to`")
}
