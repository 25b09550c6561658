//! The sets: made up at several sizes, and real ones where the corpora lie beside the workspace.

mod github;
mod gitlab;
mod made;
mod openapi;

use std::slice;

use bakehouse_runtime::find::Found;

use super::contender::{Contender as _, Ours};
use super::pattern::{Piece, pieces};
use super::set::Set;
use crate::host::{App, bake, keep};
use crate::{Report, Result, Scale};

/// How many segments a catch-all takes at most, where fewer would be a path of another route.
const MOST_SEGMENTS: usize = 4;

/// Makes a set of this name.
type Make = Box<dyn FnOnce(&str) -> Result<Set>>;

/// A set that is made when its turn comes.
pub(super) struct Planned {
    pub(super) name: String,
    pub(super) make: Make,
}

impl Planned {
    fn new(name: impl Into<String>, make: impl FnOnce(&str) -> Result<Set> + 'static) -> Self {
        Self { name: name.into(), make: Box::new(make) }
    }
}

/// All sets, in the order of the tables.
pub(super) fn all(scale: Scale, report: &mut Report) -> Vec<Planned> {
    let mut sets = made::sets(scale);
    if !scale.outside {
        return sets;
    }
    for (corpus, found) in [("GitHub", github::sets()), ("GitLab", gitlab::sets()), ("OpenAPI", openapi::sets())] {
        if found.is_empty() {
            report.note(format!("routes of {corpus}: left out, there is no ../shared/corpora"));
        }
        sets.extend(found);
    }
    sets
}

/// The routes of one app, each with a path made of its pattern. Those of whose paths others take all are left out.
pub(super) fn of_one_app(name: &str, slug: &str, patterns: Vec<String>) -> Result<Set> {
    let app = App { slug: slug.to_owned(), entry: "", patterns };
    let table = keep(bake(slice::from_ref(&app))?)?;
    let is_served = |pattern: &str, path: &str| match Ours(table).find(path) {
        Found::Match(found) => found.route().pattern() == pattern,
        _ => false,
    };
    let path = |pattern: &String| (1..=MOST_SEGMENTS).map(|n| filled(pattern, n)).find(|path| is_served(pattern, path));
    let served: Vec<_> = app.patterns.iter().filter_map(|pattern| Some((pattern.clone(), path(pattern)?))).collect();
    let n_hidden = app.patterns.len() - served.len();
    let mut set = Set::new(name, table, served)?;
    if n_hidden > 0 {
        set.notes.push(format!(
            "Not looked up: {n_hidden} of {} patterns, since others take all paths that were tried",
            app.patterns.len()
        ));
    }
    Ok(set)
}

/// A path of a pattern: `{p1}` becomes `p1-value`, and `{*p2}` so many segments.
fn filled(pattern: &str, n_segments: usize) -> String {
    let piece = |piece| match piece {
        Piece::Literal(text) => text,
        Piece::Param(name) => format!("{name}-value"),
        Piece::CatchAll(name) => vec![format!("{name}-value"); n_segments].join("/"),
    };
    pieces(pattern).into_iter().map(piece).collect()
}
