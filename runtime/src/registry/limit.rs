//! Takes loaded apps out of their slots: one that a host names, or those that the limit has no room for.

use std::sync::Arc;

use super::flight::discard;
use super::sync::{Mutex, lock};
use super::{Registry, Slot};
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

impl<A: ?Sized + Send + Sync + 'static, C: 'static> Registry<A, C> {
    /// Drops the registry's hold of an app, core or not, and says whether that was loaded. The app goes when its last user
    /// lets go of it; the next load makes another. A load that is under way goes on.
    ///
    /// When nobody uses it, the app is dropped here.
    pub fn unload(&self, app: AppId) -> bool {
        self.slot(app).is_some_and(Slot::unload)
    }

    /// Takes out idle apps while more are loaded than may be.
    pub(super) fn keep_to_limit(&self) {
        let Some(limit) = self.started.get().and_then(|started| started.limit.as_ref()) else { return };
        let evicted = {
            let _turn = lock(&limit.turn);
            self.evict_down_to(limit.max)
        };
        evicted.into_iter().for_each(discard);
    }

    /// Those that were taken out.
    fn evict_down_to(&self, max: usize) -> Vec<Arc<A>> {
        let n_loaded = self.slots.iter().filter(|slot| slot.is_loaded()).count();
        let n_excess = n_loaded.saturating_sub(max);
        if n_excess == 0 {
            return Vec::new();
        }
        let mut idle: Vec<(u64, &Slot<A>)> =
            self.evictable().filter_map(|slot| Some((slot.idle_since()?, slot))).collect();
        idle.sort_by_key(|(used, _)| *used);
        // One that was idle a moment ago may be in use by now.
        idle.into_iter().filter_map(|(_, slot)| slot.evict()).take(n_excess).collect()
    }

    /// The slots of all apps but the core ones.
    fn evictable(&self) -> impl Iterator<Item = &'static Slot<A>> {
        self.slots.iter().enumerate().filter(|(idx, _)| !self.is_core(*idx)).map(|(_, slot)| slot)
    }

    fn is_core(&self, constructor: usize) -> bool {
        let app = self.started.get().and_then(|started| started.binding.app(constructor));
        app.is_some_and(|app| self.table.app(app).is_core())
    }
}
