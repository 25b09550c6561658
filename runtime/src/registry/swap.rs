//! Another table takes the place of a registry's own, while its apps are in use.
//!
//! What changed is known by the records' hashes and by the entries. The slots of what changed are retired first: from then on,
//! whoever still goes by the table before gets an app that only he and his like use. Then the new terms are published.
//! So no app of the table before ever comes to be in a slot once the new one is in force, and nobody is sent away.

use std::sync::Arc;

use super::bind::Binding;
use super::flight::discard;
use super::sync::lock;
use super::terms::Terms;
use super::{Registry, StartError, StartOptions};
use crate::Table;
use crate::table::AppRecord;

/// What a swap meant for the apps that have code: slugs, in the order of the constructors.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swapped {
    /// Those that are as they were; loaded ones keep running.
    pub kept: Vec<&'static str>,
    /// Those that changed: when they are needed next, they load anew.
    pub changed: Vec<&'static str>,
    /// Those that there are from now on.
    pub added: Vec<&'static str>,
    /// Those that are gone or switched off: what uses them may come to its end.
    pub removed: Vec<&'static str>,
}

impl<A: ?Sized + Send + Sync + 'static, C: 'static> Registry<A, C> {
    /// Says whether the binary has the code that a table names, so that a start or a swap with it would go well.
    ///
    /// # Errors
    ///
    /// If the table names an entry that the binary lacks.
    pub fn can_run(&self, table: Table<'static>) -> Result<(), StartError> {
        Binding::new(table, self.constructors).map(drop)
    }

    /// Goes by another table from now on, with all that was decided for it.
    ///
    /// An app whose record and entry did not change keeps running. One that changed loads anew when it is next needed, and
    /// what was removed or switched off is not to be had any more; both go when their last users let go of them. A load of
    /// such an app that is under way goes on for those who wait for it.
    ///
    /// Who has an [`Edition`](super::Edition) from before may go on with that. The memory of the earlier terms, some hundred
    /// bytes an app, is not given back, nor is that of the earlier table.
    ///
    /// # Errors
    ///
    /// If the table names an entry that the binary lacks, or if the registry was not started; then nothing changes.
    pub fn swap(&self, table: Table<'static>, options: StartOptions) -> Result<Swapped, StartError> {
        let turn = lock(&self.turn);
        let old = self.terms.get().ok_or_else(StartError::not_started)?;
        let context = Arc::clone(&old.context);
        let new = Terms::new(old.number + 1, table, self.constructors, context, options)?;
        let (mut swapped, mut retired) = (Swapped::default(), Vec::new());
        for (idx, slot) in self.slots.iter().enumerate() {
            let (before, after) = (old.loadable(idx), new.loadable(idx));
            if swapped.note(before, after) {
                retired.extend(slot.retire(new.number));
            }
        }
        self.terms.set(Box::leak(Box::new(new)));
        drop(turn);
        // An app's drop is its author's code, and runs when nobody waits for it.
        retired.into_iter().for_each(discard);
        Ok(swapped)
    }
}

impl Swapped {
    /// Notes what becomes of an app. Says whether what is in its slot has to go.
    fn note(&mut self, before: Option<AppRecord<'static>>, after: Option<AppRecord<'static>>) -> bool {
        let (list, app, is_retired) = match (before, after) {
            (Some(before), Some(after)) if before.hash() == after.hash() => (&mut self.kept, after, false),
            (Some(_), Some(after)) => (&mut self.changed, after, true),
            (None, Some(after)) => (&mut self.added, after, false),
            (Some(before), None) => (&mut self.removed, before, true),
            (None, None) => return false,
        };
        list.push(app.slug());
        is_retired
    }
}
