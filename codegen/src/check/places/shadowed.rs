//! `shadowed-asset`: no route takes the path of an asset. A route goes before a file, so nothing could reach the asset.

use std::collections::BTreeMap;

use bakehouse_manifest::{Case, TrailingSlash};
use bakehouse_runtime::Method;

use super::slug_of;
use crate::diagnostics::Diagnostic;
use crate::model::{App, Model, Route};
use crate::pattern::Segment;
use crate::plan::links::{Placement, parts};

pub(super) fn check(model: &Model, placements: &[Placement<'_>], diagnostics: &mut Vec<Diagnostic>) {
    if placements.is_empty() {
        return;
    }
    let ignore_case = model.host.case == Case::Insensitive;
    let ignore_slash = model.host.trailing_slash != TrailingSlash::Strict;
    for (app, route) in model.apps.iter().flat_map(|app| app.routes.iter().map(move |route| (app, route))) {
        let Ok(pattern) = &route.pattern else { continue };
        if !route.methods.contains(Method::GET) {
            continue;
        }
        let mut taken = Vec::new();
        take(placements, 0, pattern.significant_segments(ignore_slash), ignore_case, &mut taken);
        let mut by_set: BTreeMap<_, Vec<&Placement<'_>>> = BTreeMap::new();
        for placement in taken {
            by_set.entry((placement.place(), placement.app)).or_default().push(placement);
        }
        diagnostics.extend(by_set.values().filter_map(|taken| shadowed(model, app, route, taken)));
    }
}

/// Collects the placements, which share the first `depth` parts of their paths, whose other parts the segments match.
fn take<'p>(
    placements: &'p [Placement<'p>],
    depth: usize,
    segments: &[Segment],
    ignore_case: bool,
    taken: &mut Vec<&'p Placement<'p>>,
) {
    let Some((segment, rest)) = segments.split_first() else {
        taken.extend(placements.iter().filter(|placement| part(placement, depth).is_none()));
        return;
    };
    match segment {
        Segment::CatchAll(_) => taken.extend(placements.iter().filter(|placement| part(placement, depth).is_some())),
        // Of very many placements, a literal finds its own by bisection.
        Segment::Literal(text) if !ignore_case => {
            let wanted = Some(text.as_bytes());
            let start = placements.partition_point(|placement| part(placement, depth) < wanted);
            let below = placements.get(start..).unwrap_or_default();
            let end = below.partition_point(|placement| part(placement, depth) == wanted);
            if end > 0 {
                take(below.get(..end).unwrap_or_default(), depth + 1, rest, ignore_case, taken);
            }
        }
        segment => {
            for group in placements.chunk_by(|a, b| part(a, depth) == part(b, depth)) {
                let found = group.first().and_then(|first| part(first, depth));
                if found.is_some_and(|found| segment.mismatch(found, ignore_case).is_none()) {
                    take(group, depth + 1, rest, ignore_case, taken);
                }
            }
        }
    }
}

fn part<'p>(placement: &'p Placement<'_>, depth: usize) -> Option<&'p [u8]> {
    parts(&placement.public).nth(depth)
}

fn shadowed(model: &Model, app: &App, route: &Route, taken: &[&Placement<'_>]) -> Option<Diagnostic> {
    let first = taken.first()?;
    let path = String::from_utf8_lossy(&first.public);
    let message = match taken.len() {
        1 => format!("nothing can reach the asset `/{path}`: a route takes its path"),
        n => format!("nothing can reach {n} assets, such as `/{path}`: a route takes their paths"),
    };
    let diagnostic = Diagnostic::warning("shadowed-asset", first.place(), message)
        .label(format!("of app `{}`", slug_of(model, first)))
        .also(route.place, format!("`{}` of app `{}` goes before files", route.text, app.slug.value));
    Some(diagnostic.help("give the set another `to`, or the route another path"))
}
