//! The sets: made up at several sizes, and real ones where the corpora lie beside the workspace.

mod github;
mod gitlab;
mod made;
mod openapi;

use super::set::Set;
use crate::host::{App, bake, keep};
use crate::{Report, Result, Scale};

/// A set that is made when its turn comes.
pub(super) struct Planned {
    pub(super) name: String,
    pub(super) make: Box<dyn FnOnce(&str) -> Result<Set>>,
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

/// The routes of one app, each with a path made of its pattern.
fn of_one_app(name: &str, slug: &str, patterns: Vec<String>) -> Result<Set> {
    let served: Vec<_> = patterns.iter().map(|pattern| (pattern.clone(), filled(pattern))).collect();
    let app = App { slug: slug.to_owned(), entry: "", patterns };
    Set::new(name, keep(bake(&[app])?)?, served)
}

/// A path of a pattern: `{p1}` becomes `p1-value`.
fn filled(pattern: &str) -> String {
    pattern.replace("{*", "").replace('{', "").replace('}', "-value")
}
