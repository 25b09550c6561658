//! Routes baked into a table, each with a path that it serves.

use std::collections::HashMap;

use bakehouse_runtime::Table;

use super::contender::{Contender as _, Ours};
use crate::Result;

/// A host's routes.
pub(super) struct Set {
    pub(super) name: String,
    pub(super) table: Table<'static>,
    pub(super) routes: Vec<Route>,
    /// How many times faster on hits than which peer ours has to be.
    pub(super) budget: Option<(&'static str, f64)>,
    /// Whether the size of its table is reported.
    pub(super) is_weighed: bool,
    /// What of the source is not in the set.
    pub(super) notes: Vec<String>,
}

/// A pattern and a path that it serves.
#[derive(Debug, Clone)]
pub(super) struct Route {
    /// The route's in the table.
    pub(super) number: u32,
    pub(super) pattern: String,
    pub(super) path: String,
}

impl Set {
    /// # Errors
    /// If a pattern is not in the table, or the table gives its path to another.
    pub(super) fn new(
        name: &str,
        table: Table<'static>,
        patterns_and_paths: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self> {
        let numbers: HashMap<&str, u32> = table.routes().map(|route| (route.pattern(), route.id().0)).collect();
        let route = |(pattern, path): (String, String)| {
            let number =
                *numbers.get(pattern.as_str()).ok_or_else(|| format!("{name}: no `{pattern}` in the table"))?;
            match Ours::number(&Ours(table).find(&path)) {
                Some(found) if found == number => Ok(Route { number, pattern, path }),
                found => Err(format!("{name}: `{path}` is of `{pattern}`, {number}, but found is {found:?}").into()),
            }
        };
        let routes = patterns_and_paths.into_iter().map(route).collect::<Result<_>>()?;
        Ok(Self { name: name.to_owned(), table, routes, budget: None, is_weighed: false, notes: Vec::new() })
    }

    /// With how many times faster than a peer ours has to be.
    pub(super) fn budget(self, peer: &'static str, faster: f64) -> Self {
        Self { budget: Some((peer, faster)), ..self }
    }

    pub(super) fn is_literal(&self) -> bool {
        self.routes.iter().all(|route| !route.pattern.contains('{'))
    }
}
