//! GitLab's routes, as wayfind's own benchmark has them.
//!
//! Two thirds of them begin with a catch-all, a namespace of any depth, and go on behind it, which only wayfind and
//! path-tree can say. So there are two sets: one without these, and one in which such a namespace is one segment.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::{Planned, of_one_app};
use crate::Result;
use crate::host::corpus;
use crate::routes::pattern::{Piece, pieces};
use crate::routes::set::Set;

pub(super) fn sets() -> Vec<Planned> {
    let Some(file) = corpus("routes/gitlab_wayfind.txt") else { return Vec::new() };
    let again = file.clone();
    vec![
        Planned::new("GitLab", move |name| without_namespaces(name, &file)),
        Planned::new("GitLab, short namespaces", move |name| with_short_namespaces(name, &again)),
    ]
}

fn without_namespaces(name: &str, file: &Path) -> Result<Set> {
    let all = patterns(file)?;
    let n_all = all.len();
    let patterns: Vec<String> = all.into_iter().filter(|pattern| !goes_on_behind_catch_all(pattern)).collect();
    let left_out = n_all - patterns.len();
    let mut set = of_one_app(name, "gitlab", patterns)?;
    set.notes.push(format!("{left_out} of {n_all} patterns go on behind a catch-all, which ours cannot say"));
    Ok(set)
}

fn with_short_namespaces(name: &str, file: &Path) -> Result<Set> {
    let all = patterns(file)?;
    let (n_all, mut shapes) = (all.len(), HashSet::new());
    let short = all.iter().map(|pattern| shortened(pattern));
    let patterns: Vec<String> = short.filter(|pattern| shapes.insert(shape(pattern))).collect();
    let n_twins = n_all - patterns.len();
    let mut set = of_one_app(name, "gitlab", patterns)?;
    set.notes.push(format!("{n_twins} of {n_all} patterns are twins of others once a namespace is one segment"));
    Ok(set)
}

/// The patterns in our syntax.
fn patterns(file: &Path) -> Result<Vec<String>> {
    let ours = |pattern: &str| pattern.replace('<', "{").replace('>', "}");
    Ok(fs::read_to_string(file)?.lines().map(ours).collect())
}

fn goes_on_behind_catch_all(pattern: &str) -> bool {
    let pieces = pieces(pattern);
    let before_last = pieces.split_last().map_or(&[][..], |(_, before)| before);
    before_last.iter().any(|piece| matches!(piece, Piece::CatchAll(_)))
}

/// The pattern with a param for each catch-all behind which it goes on.
fn shortened(pattern: &str) -> String {
    let (front, last) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    let last = if goes_on_behind_catch_all(last) { last.replace("{*", "{") } else { last.to_owned() };
    format!("{}/{last}", front.replace("{*", "{"))
}

/// The pattern without the names of its params.
fn shape(pattern: &str) -> String {
    let piece = |piece| match piece {
        Piece::Literal(text) => text,
        Piece::Param(_) => "{}".to_owned(),
        Piece::CatchAll(_) => "{*}".to_owned(),
    };
    pieces(pattern).into_iter().map(piece).collect()
}
