//! Every decision about what is baked: the route index, the link plan, the load order. `emit` writes it down.

pub(crate) mod index;
pub(crate) mod links;
mod order;
mod warm_up;

use crate::model::Model;

pub use index::{Index, NoPerfectHash, Node, PerfectHash, Pilots, Target, Test};
pub use links::Link;

/// What is baked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The routes, those of one app together.
    pub routes: Vec<PlannedRoute>,
    /// The route index.
    pub index: Index,
    /// The link plan, sorted by public path.
    pub links: Vec<Link>,
    /// Every app behind all that it requires.
    pub load_order: Vec<usize>,
    /// The apps to load before they are needed, the most used first.
    pub warm_up: Vec<usize>,
}

/// A route of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedRoute {
    /// The number of its app.
    pub app: usize,
    /// Its number among the app's routes.
    pub route: usize,
}

/// Plans a model that has passed every check.
pub(crate) fn plan(model: &Model) -> Result<Plan, NoPerfectHash> {
    let routes: Vec<PlannedRoute> = model
        .apps
        .iter()
        .enumerate()
        .flat_map(|(app, it)| (0..it.routes.len()).map(move |route| PlannedRoute { app, route }))
        .collect();
    let index = index::index(model, &routes)?;
    Ok(Plan {
        index,
        routes,
        links: links::links(model),
        load_order: order::order(model),
        warm_up: warm_up::warm_up(model),
    })
}
