//! What has to be loaded before an app: everything that it requires, directly or not, in the baked order.

use crate::{AppId, sorted};

/// The apps that an app requires, directly or not, each with the one that requires it.
pub(super) struct Requires {
    app: AppId,
    /// Sorted by app.
    required_by: Vec<(AppId, AppId)>,
}

impl Requires {
    /// Follows the edges from `app`. Ends on any edges: what was met before is not followed again.
    pub(super) fn of<E: IntoIterator<Item = AppId>>(app: AppId, edges: impl Fn(AppId) -> E) -> Self {
        let mut requires = Self { app, required_by: Vec::new() };
        let mut open = vec![app];
        while let Some(owner) = open.pop() {
            open.extend(edges(owner).into_iter().filter(|required| requires.meet(*required, owner)));
        }
        requires
    }

    /// Whether the app is met for the first time.
    fn meet(&mut self, required: AppId, owner: AppId) -> bool {
        let is_new = required != self.app && !self.has(required);
        if is_new {
            sorted::insert(&mut self.required_by, required, owner);
        }
        is_new
    }

    fn has(&self, required: AppId) -> bool {
        sorted::get(&self.required_by, &required).is_some()
    }

    /// Those apps in the order of `load_order`, which is only read if there are any.
    pub(super) fn in_order(&self, load_order: impl Iterator<Item = AppId>) -> Vec<AppId> {
        match self.required_by.len() {
            0 => Vec::new(),
            1 => self.required_by.iter().map(|(required, _)| *required).collect(),
            n_required => load_order.filter(|app| self.has(*app)).take(n_required).collect(),
        }
    }

    /// The app that requires this one.
    pub(super) fn owner(&self, required: AppId) -> AppId {
        sorted::get(&self.required_by, &required).copied().unwrap_or(self.app)
    }

    /// The way from the app to one that it requires, both included.
    pub(super) fn chain(&self, required: AppId) -> Vec<AppId> {
        let mut chain = vec![required];
        let mut at = required;
        while let Some(owner) = sorted::get(&self.required_by, &at) {
            chain.push(*owner);
            at = *owner;
        }
        chain.reverse();
        chain
    }
}
