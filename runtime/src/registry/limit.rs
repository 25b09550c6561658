//! Takes loaded apps out of their slots: one that a host names, or those that the limit has no room for.

use std::sync::Arc;

use super::flight::discard;
use super::sync::{Mutex, lock};
use super::{Edition, Slot};
use crate::AppId;

/// The limit on loaded apps.
pub(super) struct Limit {
    max: usize,
    /// Held by who takes apps out, so that two don't take out one too many. No app is dropped meanwhile.
    turn: Mutex<()>,
}

impl Limit {
    pub(super) fn new(max: usize) -> Self {
        Self { max, turn: Mutex::new(()) }
    }
}

impl<A: ?Sized + Send + Sync + 'static, C: 'static> Edition<'_, A, C> {
    /// Drops the registry's hold of an app, core or not, and says whether that was loaded. The app goes when its last user
    /// lets go of it; the next load makes another. A load that is under way goes on.
    ///
    /// When nobody uses it, the app is dropped here.
    pub fn unload(self, app: AppId) -> bool {
        self.slot(app).is_some_and(Slot::unload)
    }

    /// Takes out idle apps while more are loaded than may be.
    pub(super) fn keep_to_limit(self) {
        let Some(limit) = &self.terms.limit else { return };
        let evicted = {
            let _turn = lock(&limit.turn);
            self.evict_down_to(limit.max)
        };
        evicted.into_iter().for_each(discard);
    }

    /// Those that were taken out.
    fn evict_down_to(self, max: usize) -> Vec<Arc<A>> {
        let n_loaded = self.registry.slots.iter().filter(|slot| slot.is_loaded()).count();
        let n_excess = n_loaded.saturating_sub(max);
        let (mut evicted, mut tried) = (Vec::new(), None);
        while evicted.len() < n_excess {
            // Mostly there is one to take out, so that it would not pay to sort them.
            let Some(next) = self.idle().filter(|next| Some(*next) > tried).min() else { break };
            // One that was idle a moment ago may be in use by now.
            evicted.extend(self.registry.slots.get(next.1).and_then(Slot::evict));
            tried = Some(next);
        }
        evicted
    }

    /// Each idle app that is not core: the date of its last use, and the place of its slot.
    fn idle(self) -> impl Iterator<Item = (u64, usize)> {
        let slots = self.registry.slots.iter().enumerate().filter(move |(idx, _)| !self.is_core(*idx));
        slots.filter_map(|(idx, slot)| Some((slot.idle_since()?, idx)))
    }

    fn is_core(self, constructor: usize) -> bool {
        self.terms.binding.app(constructor).is_some_and(|app| self.table().app(app).is_core())
    }
}
