//! What can be said of an app's code at any moment.

use super::Edition;
use crate::AppId;

/// What is known of an app's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// It has none.
    Declarative,
    /// Switched off, by its manifest or by the environment.
    Off,
    /// Not needed so far, or kept from loading by what it requires.
    Idle,
    /// Its constructor is at work.
    Loading,
    /// There.
    Loaded,
    /// Its constructor failed; it is tried again on the next call that comes after its back-off.
    Failed,
}

impl<A: ?Sized + Send + Sync + 'static, C: 'static> Edition<'_, A, C> {
    /// What is known of the app's code; of a number that is not of its table, [`State::Declarative`].
    pub fn state(self, app: AppId) -> State {
        match self.record(app).and_then(|record| self.place(record)) {
            Ok(place) => place.slot.state(),
            Err(error) if error.is_off() => State::Off,
            Err(_) => State::Declarative,
        }
    }
}
